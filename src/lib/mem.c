/*
 * Memory: malloc that aborts when there is none, and arenas (a chain of
 * blocks, the first one kept over a reset). Not for secrets: those live in
 * crypto_secret_new(). Called by everything.
 */
#include <stdalign.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <mado/mem.h>

enum { BLOCK_MIN_B = 4096, BLOCK_MAX_B = 256 << 10 };

struct block {
	struct block *next;
	size_t size, used;
	alignas(max_align_t) char data[];
};

struct arena {
	struct block *first, *last;
};

static _Noreturn void
die(void)
{
	fputs("out of memory\n", stderr);
	abort();
}

void *
x_calloc(size_t n, size_t size)
{
	void *p = calloc(n > 0 ? n : 1, size > 0 ? size : 1);

	if (p == NULL)
		die();
	return p;
}

void *
x_realloc(void *p, size_t n, size_t size)
{
	size_t total;

	if (__builtin_mul_overflow(n, size, &total))
		die();
	p = realloc(p, total > 0 ? total : 1);
	if (p == NULL)
		die();
	return p;
}

void *
x_memdup(const void *p, size_t n)
{
	return p == NULL ? NULL : memcpy(x_realloc(NULL, n, 1), p, n);
}

char *
x_strndup(const char *s, size_t n)
{
	char *copy;

	if (s == NULL)
		return NULL;
	n = strnlen(s, n);
	copy = x_realloc(NULL, n + 1, 1);
	memcpy(copy, s, n);
	copy[n] = '\0';
	return copy;
}

char *
x_strdup(const char *s)
{
	return s == NULL ? NULL : x_memdup(s, strlen(s) + 1);
}

char *
x_vsprintf(const char *fmt, va_list ap)
{
	char *s;

	if (vasprintf(&s, fmt, ap) < 0)
		die();
	return s;
}

char *
x_sprintf(const char *fmt, ...)
{
	char *s;
	va_list ap;

	va_start(ap, fmt);
	s = x_vsprintf(fmt, ap);
	va_end(ap);
	return s;
}

void
x_free(void *p)
{
	free(p);
}

static struct block *
block_new(size_t size)
{
	struct block *k;

	if (size > SIZE_MAX - sizeof(*k))
		die();
	k = x_realloc(NULL, sizeof(*k) + size, 1);
	k->next = NULL;
	k->size = size;
	k->used = 0;
	return k;
}

struct arena *
arena_new(void)
{
	struct arena *a = x_new(struct arena);

	a->first = a->last = block_new(BLOCK_MIN_B);
	return a;
}

static void
blocks_free(struct block *k)
{
	struct block *next;

	for (; k != NULL; k = next) {
		next = k->next;
		x_free(k);
	}
}

void
arena_free(struct arena *a)
{
	if (a == NULL)
		return;
	blocks_free(a->first);
	x_free(a);
}

void
arena_reset(struct arena *a)
{
	blocks_free(a->first->next);
	a->first->next = NULL;
	a->first->used = 0;
	a->last = a->first;
}

/* n bytes, not zeroed; blocks double, so that their number stays small. */
static void *
arena_get(struct arena *a, size_t n)
{
	const size_t mask = alignof(max_align_t) - 1;
	struct block *k = a->last;
	size_t size;

	if (n > SIZE_MAX / 2)
		die();
	n = (n + mask) & ~mask;
	if (k->size - k->used < n) {
		size = k->size < BLOCK_MAX_B ? k->size * 2 : BLOCK_MAX_B;
		k->next = block_new(n > size ? n : size);
		k = a->last = k->next;
	}
	k->used += n;
	return k->data + k->used - n;
}

void *
arena_calloc(struct arena *a, size_t n, size_t size)
{
	size_t total;

	if (__builtin_mul_overflow(n, size, &total))
		die();
	return memset(arena_get(a, total), 0, total);
}

char *
arena_strndup(struct arena *a, const char *s, size_t n)
{
	char *copy;

	if (s == NULL)
		return NULL;
	n = strnlen(s, n);
	copy = arena_get(a, n + 1);
	memcpy(copy, s, n);
	copy[n] = '\0';
	return copy;
}

char *
arena_strdup(struct arena *a, const char *s)
{
	size_t n;

	if (s == NULL)
		return NULL;
	n = strlen(s) + 1;
	return memcpy(arena_get(a, n), s, n);
}

char *
arena_sprintf(struct arena *a, const char *fmt, ...)
{
	va_list ap, again;
	int n;
	char *s;

	va_start(ap, fmt);
	va_copy(again, ap);
	n = vsnprintf(NULL, 0, fmt, ap);
	if (n < 0)
		die();
	s = arena_get(a, (size_t)n + 1);
	vsnprintf(s, (size_t)n + 1, fmt, again);
	va_end(again);
	va_end(ap);
	return s;
}
