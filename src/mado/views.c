/*
 * Saved views, from madorc to filters. Knows the file's sections, no screen.
 * Called by settings.c; what it makes is read by ls, the list and the header.
 */
#include <string.h>

#include <mado/mem.h>

#include "i18n.h"
#include "sift.h"
#include "views.h"

static const struct conf_key view_keys[] = {
    {"view", "query", CONF_STR, 0, 0, 0, NULL, NULL,
	"which conversations: a filter, see mado(1)"},
    {NULL, NULL, CONF_STR, 0, 0, 0, NULL, NULL, NULL}};

/* What a filter looks at unless a view is named. */
static enum view
base_of(const struct filter *f)
{
	return filter_asks(f, "status") || filter_asks(f, "resolved")
	    ? VIEW_ALL
	    : VIEW_OPEN;
}

const struct saved_view *
views_find(const struct views *s, const char *name)
{
	for (size_t i = 0; i < s->n; i++)
		if (strcmp(s->v[i].name, name) == 0)
			return &s->v[i];
	return NULL;
}

static const struct conf_item *
item_of(const struct conf *c, const struct conf_item *section, const char *key)
{
	for (size_t i = 0; i < c->n; i++)
		if (c->items[i].key != NULL &&
		    strcmp(c->items[i].section, "view") == 0 &&
		    strcmp(c->items[i].label, section->label) == 0 &&
		    strcmp(c->items[i].key, key) == 0)
			return &c->items[i];
	return section;
}

static int
check_name(const struct views *s, const struct conf *c,
    const struct conf_item *it, struct err *e)
{
	if (*it->label == '\0')
		return conf_error(
		    c, it, e, _("a view needs a name: [view NAME]"));
	if (name_find(view_names, it->label) >= 0)
		return conf_error(
		    c, it, e, _("%s is a view of mado's own"), it->label);
	if (s->n == VIEWS_MAX)
		return conf_error(
		    c, it, e, _("there are at most %d views"), VIEWS_MAX);
	return 0;
}

static int
read_one(struct views *s, const struct conf *c, const struct conf_item *it,
    struct err *e)
{
	struct saved_view v = {0};
	struct err why = {0};
	char *query = NULL;
	int rc = check_name(s, c, it, e);

	if (rc == 0)
		rc = conf_apply(c, view_keys, "view", it->label, &query, e);
	if (rc == 0 && query == NULL)
		rc = conf_error(
		    c, it, e, _("the view %s needs a query"), it->label);
	if (rc == 0 && (v.filter = sift_read(query, NULL, &why)) == NULL)
		rc = conf_error(c, item_of(c, it, "query"), e,
		    _("the view %s: %s"), it->label, why.msg);
	if (rc == -1) {
		x_free(query);
		return -1;
	}
	v.name = x_strdup(it->label);
	v.query = query;
	v.base = base_of(v.filter);
	s->v = x_realloc(s->v, s->n + 1, sizeof(*s->v));
	s->v[s->n++] = v;
	return 0;
}

int
views_read(struct views *s, const struct conf *c, struct err *e)
{
	int rc = 0;

	memset(s, 0, sizeof(*s));
	for (size_t i = 0; c != NULL && i < c->n; i++) {
		const struct conf_item *it = &c->items[i];

		if (it->key != NULL || strcmp(it->section, "view") != 0 ||
		    views_find(s, it->label) != NULL)
			continue;
		if (read_one(s, c, it, rc == 0 ? e : NULL) == -1)
			rc = -1;
	}
	return rc;
}

void
views_free(struct views *s)
{
	for (size_t i = 0; i < s->n; i++) {
		x_free(s->v[i].name);
		x_free(s->v[i].query);
		filter_free(s->v[i].filter);
	}
	x_free(s->v);
	memset(s, 0, sizeof(*s));
}
