/*
 * Rich menus: objects, their pictures, which one is everybody's. Handlers of
 * routes.c; tap.c asks for the actions of the one that is shown.
 * Source: LINE, "Rich menu", "Rich menu structure", "Bounds object".
 */
#include <stdio.h>
#include <string.h>

#include <mado/json.h>
#include <mado/mem.h>

#include "check_rules.h"
#include "menu.h"
#include "routes.h"

enum { AREAS_MAX = 20, PICTURE_MAX_B = 1 << 20, MENUS_MAX = 1000 };

/* What stands behind an id. */
struct menu {
	char id[48];
	cJSON *object;
	struct buf picture;
	const char *type; /* of the picture, NULL: none yet */
	struct menu *next;
};

static const struct rule size_rules[] = {
    {"width", RULE_INT, REQ, 800, 2500, NULL, NULL, 0},
    {"height", RULE_INT, REQ, 250, 2500, NULL, NULL, 0},
    END,
};
static const struct shape size_shape[] = {{NULL, size_rules, NULL}, {0}};
static const struct rule bounds_rules[] = {
    {"x", RULE_INT, REQ, 0, 2500, NULL, NULL, 0},
    {"y", RULE_INT, REQ, 0, 2500, NULL, NULL, 0},
    {"width", RULE_INT, REQ, 1, 2500, NULL, NULL, 0},
    {"height", RULE_INT, REQ, 1, 2500, NULL, NULL, 0},
    END,
};
static const struct shape bounds_shape[] = {{NULL, bounds_rules, NULL}, {0}};
static const struct rule area_rules[] = {
    OBJ("bounds", REQ, bounds_shape),
    ACTION("action", REQ, check_actions, -20),
    END,
};
static const struct shape area_shape[] = {{NULL, area_rules, NULL}, {0}};

/* LINE: at least 1.45 times as wide as it is high. */
static void
menu_extra(struct check *k, const cJSON *o)
{
	const cJSON *size = json_obj(o, "size");

	if (json_int(size, "width", 0) * 100 <
	    json_int(size, "height", 0) * 145)
		check_add(k, "size", "The aspect ratio is less than 1.45");
}

static const struct rule menu_rules[] = {
    OBJ("size", REQ, size_shape),
    {"selected", RULE_BOOL, REQ, 0, 0, NULL, NULL, 0},
    STR("name", REQ | GRAPH, 300),
    STR("chatBarText", REQ | GRAPH, 14),
    LIST("areas", REQ, 0, AREAS_MAX, area_shape),
    END,
};
static const struct shape menu_shape[] = {{NULL, menu_rules, menu_extra}, {0}};

/* False after answering what is wrong with the body. */
static bool
menu_is_right(struct call *c)
{
	struct check k = {0};

	check_object(&k, c->body, menu_shape);
	if (k.n == 0 && k.bad == NULL) {
		check_free(&k);
		return true;
	}
	call_checked(c, &k);
	return false;
}

static struct menu *
menu_find(struct call *c)
{
	struct menu *m;

	for (m = c->s->menus.first; m != NULL; m = m->next)
		if (strcmp(m->id, c->param[0]) == 0)
			return m;
	call_error(c, 404, "richmenu not found");
	return NULL;
}

static void
answer_id(struct call *c, const struct menu *m)
{
	cJSON *o = cJSON_CreateObject();

	cJSON_AddStringToObject(o, "richMenuId", m->id);
	call_json(c, 200, o);
}

void
menu_create(struct call *c)
{
	struct menu *m;
	char id[ID_UUID_B], *w;
	const char *r;

	if (!menu_is_right(c))
		return;
	if (c->s->menus.n >= MENUS_MAX) {
		call_error(c, 400, "Too many rich menus");
		return;
	}
	m = x_new(struct menu);
	id_uuid(id);
	w = m->id + snprintf(m->id, sizeof(m->id), "richmenu-");
	for (r = id; *r != '\0'; r++)
		if (*r != '-')
			*w++ = *r;
	m->object = c->body;
	c->body = NULL;
	m->next = c->s->menus.first;
	c->s->menus.first = m;
	c->s->menus.n++;
	answer_id(c, m);
}

void
menu_validate(struct call *c)
{
	if (menu_is_right(c))
		call_empty(c, 200);
}

static cJSON *
menu_json(const struct menu *m)
{
	cJSON *o = cJSON_Duplicate(m->object, true);

	cJSON_AddStringToObject(o, "richMenuId", m->id);
	return o;
}

void
menu_get(struct call *c)
{
	struct menu *m = menu_find(c);

	if (m != NULL)
		call_json(c, 200, menu_json(m));
}

void
menu_list(struct call *c)
{
	cJSON *o = cJSON_CreateObject(), *a;
	struct menu *m;

	a = cJSON_AddArrayToObject(o, "richmenus");
	for (m = c->s->menus.first; m != NULL; m = m->next)
		cJSON_AddItemToArray(a, menu_json(m));
	call_json(c, 200, o);
}

static void
menu_free(struct menus *all, struct menu *m)
{
	struct menu **p;

	for (p = &all->first; *p != m; p = &(*p)->next)
		;
	*p = m->next;
	all->n--;
	if (all->shown == m)
		all->shown = NULL;
	cJSON_Delete(m->object);
	buf_free(&m->picture);
	x_free(m);
}

void
menu_delete(struct call *c)
{
	struct menu *m = menu_find(c);

	if (m == NULL)
		return;
	menu_free(&c->s->menus, m);
	call_empty(c, 200);
}

void
menus_free(struct menus *all)
{
	while (all->first != NULL)
		menu_free(all, all->first);
}

void
menu_put_picture(struct call *c)
{
	const char *type = httpd_header(c->r, "content-type");
	struct menu *m = menu_find(c);
	size_t n;
	const char *p = httpd_body(c->r, &n);
	bool png = type != NULL && strcmp(type, "image/png") == 0;

	if (m == NULL)
		return;
	if (!png && (type == NULL || strcmp(type, "image/jpeg") != 0))
		call_error(c, 415, "The content type, %s, is not supported",
		    type != NULL ? type : "null");
	else if (n > PICTURE_MAX_B)
		call_error(c, 413, "Request Entity Too Large");
	else if (m->type != NULL)
		call_error(c, 400,
		    "An image has already been uploaded to the "
		    "richmenu");
	else if (n < 24 || memcmp(p, png ? "\x89PNG" : "\xff\xd8", 2) != 0)
		call_error(c, 400, "The image is invalid");
	else {
		buf_add(&m->picture, p, n);
		m->type = png ? "image/png" : "image/jpeg";
		call_empty(c, 200);
	}
}

void
menu_get_picture(struct call *c)
{
	struct menu *m = menu_find(c);
	struct buf b = {0};

	if (m == NULL)
		return;
	if (m->type == NULL) {
		call_error(c, 404, "Not found");
		return;
	}
	buf_add(&b, m->picture.p, m->picture.n);
	call_bytes(c, 200, m->type, &b);
}

void
menu_show(struct call *c)
{
	struct menu *m = menu_find(c);

	if (m == NULL)
		return;
	if (m->type == NULL) {
		call_error(c, 400,
		    "must upload richmenu image before applying "
		    "it to user");
		return;
	}
	c->s->menus.shown = m;
	call_empty(c, 200);
}

void
menu_shown(struct call *c)
{
	if (c->s->menus.shown == NULL)
		call_error(c, 404, "no default richmenu");
	else
		answer_id(c, c->s->menus.shown);
}

void
menu_hide(struct call *c)
{
	c->s->menus.shown = NULL;
	call_empty(c, 200);
}

const cJSON *
menus_areas(const struct menus *all)
{
	return all->shown != NULL ? json_arr(all->shown->object, "areas")
				  : NULL;
}
