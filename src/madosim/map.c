/*
 * Chained hash map keyed by strings. Knows nothing of what it holds; used by
 * tokens.c, people.c, media.c and events.c.
 */
#include <stdint.h>
#include <string.h>

#include <mado/mem.h>

#include "map.h"

enum { MAP_CAP_MIN = 64 };

struct map_node {
	struct map_node *next;
	uint64_t hash;
	void *value;
	char key[];
};

/* FNV-1a: keys come from ourselves or are looked up only. */
static uint64_t
map_hash(const char *key)
{
	uint64_t h = UINT64_C(14695981039346656037);

	for (; *key != '\0'; key++)
		h = (h ^ (unsigned char)*key) * UINT64_C(1099511628211);
	return h;
}

static struct map_node *
map_find(const struct map *m, const char *key)
{
	struct map_node *p;
	uint64_t h;

	if (m->cap == 0)
		return NULL;
	h = map_hash(key);
	for (p = m->slots[h % m->cap]; p != NULL; p = p->next)
		if (p->hash == h && strcmp(p->key, key) == 0)
			return p;
	return NULL;
}

static void
map_link(struct map *m, struct map_node *p)
{
	struct map_node **slot = &m->slots[p->hash % m->cap];

	p->next = *slot;
	*slot = p;
}

static void
map_grow(struct map *m)
{
	struct map old = *m;
	struct map_node *p, *next;
	size_t i;

	m->cap = old.cap == 0 ? MAP_CAP_MIN : old.cap * 2;
	m->slots = x_calloc(m->cap, sizeof(*m->slots));
	for (i = 0; i < old.cap; i++)
		for (p = old.slots[i]; p != NULL; p = next) {
			next = p->next;
			map_link(m, p);
		}
	x_free(old.slots);
}

void *
map_get(const struct map *m, const char *key)
{
	struct map_node *p = key != NULL ? map_find(m, key) : NULL;

	return p != NULL ? p->value : NULL;
}

void *
map_put(struct map *m, const char *key, void *value)
{
	struct map_node *p = map_find(m, key);
	size_t n = strlen(key) + 1;
	void *old;

	if (p != NULL) {
		old = p->value;
		p->value = value;
		return old;
	}
	if (m->n >= m->cap)
		map_grow(m);
	p = x_calloc(1, sizeof(*p) + n);
	memcpy(p->key, key, n);
	p->hash = map_hash(key);
	p->value = value;
	map_link(m, p);
	m->n++;
	return NULL;
}

void
map_prune(struct map *m, bool (*drop)(void *, void *), void *arg)
{
	struct map_node **at, *p;
	size_t i;

	for (i = 0; i < m->cap; i++)
		for (at = &m->slots[i]; (p = *at) != NULL;) {
			if (!drop(p->value, arg)) {
				at = &p->next;
				continue;
			}
			*at = p->next;
			x_free(p);
			m->n--;
		}
}

static bool
map_drop_all(void *value, void *arg)
{
	void (**fn)(void *) = arg;

	if (*fn != NULL)
		(*fn)(value);
	return true;
}

void
map_free(struct map *m, void (*fn)(void *))
{
	map_prune(m, map_drop_all, &fn);
	x_free(m->slots);
	*m = (struct map){0};
}
