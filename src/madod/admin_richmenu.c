/*
 * The subcommands about the rich menu, the picture with areas to tap below the
 * chat. A text file says where the areas are and what a tap says or posts
 * back, which triggers rules like anything a customer writes. Needs no desk.
 * Source: LINE, "Rich menu structure", "Requirements for rich menu image".
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <mado/buf.h>
#include <mado/conf.h>
#include <mado/json.h>
#include <mado/manual.h>
#include <mado/mem.h>
#include <mado/text.h>

#include "admin.h"
#include "admin_line.h"
#include "image.h"
#include "line_setup.h"

enum {
	PICTURE_MAX_B = 1 << 20,
	WIDTH_MIN = 800,
	WIDTH_MAX = 2500,
	HEIGHT_MIN = 250,
	AREAS_MAX = 20,
	GRID_MAX = 10,
	BAR_MAX = 14,
	LABEL_MAX = 20
};

struct menu {
	char *name, *bar, *grid;
	bool open;
};

struct area {
	char *at, *text, *postback, *url;
};

#define M(field) offsetof(struct menu, field)
#define A(field) offsetof(struct area, field)

static const struct conf_key keys[] = {
    {"menu", "name", CONF_STR, M(name), 0, 0, NULL, "madoguchi",
	"what it is called in lists; customers do not see it"},
    {"menu", "bar", CONF_STR, M(bar), 0, 0, NULL, "メニュー",
	"on the bar that opens it, at most 14 characters"},
    {"menu", "open", CONF_BOOL, M(open), 0, 0, NULL, "yes",
	"is it open when the chat is?"},
    {"menu", "grid", CONF_STR, M(grid), 0, 0, NULL, NULL,
	"columns x rows: areas take its cells in order, as 3x2"},
    {"area", "at", CONF_STR, A(at), 0, 0, NULL, NULL,
	"x y width height in the picture's pixels, in place of a cell"},
    {"area", "text", CONF_STR, A(text), 0, 0, NULL, NULL,
	"a tap says this, as if the customer had typed it"},
    {"area", "postback", CONF_STR, A(postback), 0, 0, NULL, NULL,
	"a tap posts this back, unseen"},
    {"area", "url", CONF_STR, A(url), 0, 0, NULL, NULL,
	"a tap opens this: https, tel or line"},
    {0}};

void
admin_richmenu_rows(void)
{
	manual_keys("richmenu", keys, "menu");
	manual_keys("richmenu-area", keys, "area");
}

/* What an areas file is read into. */
struct reading {
	const struct conf *f;
	int width, height; /* of the picture */
	int cols, rows;    /* of the grid, 0: none */
	int n;
	cJSON *areas;
};

static cJSON *
action_of(const struct area *a, const char *label)
{
	cJSON *o = cJSON_CreateObject();

	cJSON_AddStringToObject(o, "type",
	    a->text != NULL           ? "message"
		: a->postback != NULL ? "postback"
				      : "uri");
	cJSON_AddStringToObject(o, "label", label);
	if (a->text != NULL)
		cJSON_AddStringToObject(o, "text", a->text);
	else if (a->postback != NULL) {
		cJSON_AddStringToObject(o, "data", a->postback);
		/* the customer sees what was tapped, LINE tells us the data */
		cJSON_AddStringToObject(o, "displayText", label);
	} else
		cJSON_AddStringToObject(o, "uri", a->url);
	return o;
}

/* From `at`, or the next cell of the grid. */
static int
bounds_of(struct reading *r, const struct conf_item *it, const struct area *a,
    int b[4], struct err *e)
{
	int col = r->cols > 0 ? r->n % r->cols : 0,
	    row = r->cols > 0 ? r->n / r->cols : 0;
	char rest;

	if (a->at == NULL && (r->cols == 0 || row >= r->rows))
		return conf_error(r->f, it, e,
		    r->cols == 0 ? "[area %s] needs \"at\", or [menu] a grid"
				 : "[area %s] finds no cell left in the grid",
		    it->label);
	if (a->at == NULL) {
		b[0] = r->width * col / r->cols;
		b[1] = r->height * row / r->rows;
		b[2] = r->width * (col + 1) / r->cols - b[0];
		b[3] = r->height * (row + 1) / r->rows - b[1];
		return 0;
	}
	if (sscanf(a->at, "%d %d %d %d %c", &b[0], &b[1], &b[2], &b[3],
		&rest) != 4)
		return conf_error(r->f, it, e,
		    "\"at\" of [area %s] is x y width height", it->label);
	if (b[0] < 0 || b[1] < 0 || b[2] < 1 || b[3] < 1 ||
	    b[0] > r->width - b[2] || b[1] > r->height - b[3])
		return conf_error(r->f, it, e,
		    "[area %s] lies outside of the picture of %d x %d",
		    it->label, r->width, r->height);
	return 0;
}

static int
area_add(struct reading *r, const struct conf_item *it, const struct area *a,
    struct err *e)
{
	static const char *const names[] = {"x", "y", "width", "height"};
	cJSON *area, *bounds;
	int b[4] = {0}, i;

	if ((a->text != NULL) + (a->postback != NULL) + (a->url != NULL) != 1)
		return conf_error(r->f, it, e,
		    "[area %s] needs one of text, postback and url", it->label);
	if (it->label[0] == '\0' || text_graphemes(it->label) > LABEL_MAX)
		return conf_error(r->f, it, e,
		    "an area's name is 1 to %d characters, as in [area 返品]",
		    LABEL_MAX);
	if (bounds_of(r, it, a, b, e) == -1)
		return -1;
	if (++r->n > AREAS_MAX)
		return conf_error(
		    r->f, it, e, "LINE takes %d areas at most", AREAS_MAX);
	area = cJSON_CreateObject();
	bounds = cJSON_AddObjectToObject(area, "bounds");
	for (i = 0; i < 4; i++)
		cJSON_AddNumberToObject(bounds, names[i], b[i]);
	cJSON_AddItemToObject(area, "action", action_of(a, it->label));
	cJSON_AddItemToArray(r->areas, area);
	return 0;
}

static int
read_areas(struct reading *r, struct err *e)
{
	struct area a;
	size_t i;
	int rv = 0;

	for (i = 0; rv == 0 && i < r->f->n; i++) {
		const struct conf_item *it = &r->f->items[i];

		if (it->key != NULL || strcmp(it->section, "area") != 0)
			continue;
		a = (struct area){0};
		rv = conf_apply(r->f, keys, "area", it->label, &a, e);
		if (rv == 0)
			rv = area_add(r, it, &a, e);
		conf_release(keys, "area", &a);
	}
	if (rv == 0 && r->n == 0)
		rv = err_set(
		    e, ERR_INVALID, "%s has no [area NAME]", r->f->file);
	return rv;
}

static int
read_grid(struct reading *r, const struct menu *m, struct err *e)
{
	char rest;

	if (m->grid == NULL)
		return 0;
	if (sscanf(m->grid, "%dx%d%c", &r->cols, &r->rows, &rest) == 2 &&
	    r->cols >= 1 && r->cols <= GRID_MAX && r->rows >= 1 &&
	    r->rows <= GRID_MAX)
		return 0;
	return err_set(e, ERR_INVALID,
	    "%s: \"grid\" is columns x rows, such as 3x2", r->f->file);
}

/* The menu's object for LINE; NULL and e. */
static cJSON *
read_menu(const char *file, int width, int height, struct err *e)
{
	static const char *const sections[] = {"menu", "area", NULL};
	struct reading r = {
	    .f = conf_read(file, e), .width = width, .height = height};
	struct menu m = {0};
	cJSON *o = NULL, *size;

	if (r.f == NULL)
		return NULL;
	r.areas = cJSON_CreateArray();
	if (conf_sections(r.f, sections, e) == -1 ||
	    conf_apply(r.f, keys, "menu", "", &m, e) == -1 ||
	    read_grid(&r, &m, e) == -1 || read_areas(&r, e) == -1)
		goto out;
	if (text_graphemes(m.bar) > BAR_MAX || *m.bar == '\0') {
		err_set(e, ERR_INVALID, "%s: \"bar\" is 1 to %d characters",
		    file, BAR_MAX);
		goto out;
	}
	o = cJSON_CreateObject();
	size = cJSON_AddObjectToObject(o, "size");
	cJSON_AddNumberToObject(size, "width", width);
	cJSON_AddNumberToObject(size, "height", height);
	cJSON_AddBoolToObject(o, "selected", m.open);
	cJSON_AddStringToObject(o, "name", m.name);
	cJSON_AddStringToObject(o, "chatBarText", m.bar);
	cJSON_AddItemToObject(o, "areas", r.areas);
	r.areas = NULL;
out:
	cJSON_Delete(r.areas);
	conf_release(keys, "menu", &m);
	conf_free((struct conf *)r.f);
	return o;
}

/* The picture, by what LINE asks of it. */
static int
read_picture(
    const char *file, struct buf *b, int *width, int *height, struct err *e)
{
	if (buf_read_file(b, file, PICTURE_MAX_B, e) == -1)
		return e->code == ERR_TOOBIG
		    ? err_set(e, ERR_TOOBIG,
			  "%s: LINE takes a picture of 1 MB at most", file)
		    : -1;
	if (!image_size((unsigned char *)buf_str(b), b->n, width, height) ||
	    strncmp(b->p, "GIF", 3) == 0)
		return err_set(
		    e, ERR_INVALID, "%s is neither PNG nor JPEG", file);
	if (*width < WIDTH_MIN || *width > WIDTH_MAX || *height < HEIGHT_MIN ||
	    *width * 100 < *height * 145)
		return err_set(e, ERR_INVALID,
		    "%s is %d x %d: LINE takes %d to %d pixels of width, at "
		    "least %d of height, and 1.45 times as wide as high",
		    file, *width, *height, WIDTH_MIN, WIDTH_MAX, HEIGHT_MIN);
	return 0;
}

/* The id of everybody's menu; NULL: there is none, or e says why. */
static char *
shown_id(struct line_setup *s, struct err *e)
{
	cJSON *o = NULL;
	char *id = NULL;

	if (line_setup_call(
		s, "GET", "/v2/bot/user/all/richmenu", NULL, &o, e) == 0)
		id = x_strdup(json_str(o, "richMenuId", NULL));
	else if (e->code == ERR_NOTFOUND)
		err_clear(e);
	cJSON_Delete(o);
	return id;
}

static int
menu_delete(struct line_setup *s, const char *id, struct err *e)
{
	char *path = x_sprintf("/v2/bot/richmenu/%s", id);
	int rv = line_setup_call(s, "DELETE", path, NULL, NULL, e);

	x_free(path);
	return rv;
}

/* Its picture, then for everybody; what cannot be shown does not stay. */
static int
menu_publish(struct line_setup *s, const char *id, const struct buf *picture,
    struct err *e)
{
	struct line_bytes bytes = {
	    picture->p[0] == '\x89' ? "image/png" : "image/jpeg", picture->p,
	    picture->n};
	char *content = x_sprintf("/v2/bot/richmenu/%s/content", id),
	     *all = x_sprintf("/v2/bot/user/all/richmenu/%s", id);
	struct err ignored = {0};
	int rv = line_setup_put(s, content, &bytes, e);

	if (rv == 0)
		rv = line_setup_call(s, "POST", all, NULL, NULL, e);
	if (rv == -1)
		menu_delete(s, id, &ignored);
	x_free(content);
	x_free(all);
	return rv;
}

static int
menu_set(struct line_setup *s, const cJSON *menu, const struct buf *picture,
    struct err *e)
{
	char *old = shown_id(s, e);
	cJSON *made = NULL;
	int rv = e->code == ERR_NONE ? 0 : -1;

	if (rv == 0)
		rv = line_setup_call(
		    s, "POST", "/v2/bot/richmenu", menu, &made, e);
	if (rv == 0)
		rv = menu_publish(
		    s, json_str(made, "richMenuId", ""), picture, e);
	if (rv == 0 && old != NULL)
		rv = menu_delete(s, old, e);
	cJSON_Delete(made);
	x_free(old);
	return rv;
}

/* The channel is the option's; NULL and e. */
static struct line_setup *
richmenu_begin(const struct config *c, int *argc, char **argv, struct err *e)
{
	const char *name = admin_opt(argc, argv, "--channel", true);
	const struct config_line *l = admin_line(c, name, e);

	return l != NULL ? line_setup_new(l) : NULL;
}

int
admin_richmenu_set(const struct config *c, int argc, char **argv, struct err *e)
{
	struct line_setup *s = richmenu_begin(c, &argc, argv, e);
	struct buf picture = {0};
	cJSON *menu = NULL;
	int width, height, rv = -1;

	if (s != NULL && admin_words(argc, 2, "richmenu set", e) == 0 &&
	    read_picture(argv[0], &picture, &width, &height, e) == 0 &&
	    (menu = read_menu(argv[1], width, height, e)) != NULL)
		rv = menu_set(s, menu, &picture, e);
	if (rv == 0)
		printf("everybody has it, with %d areas; phones show it when "
		       "the chat is opened anew\n",
		    cJSON_GetArraySize(json_arr(menu, "areas")));
	cJSON_Delete(menu);
	buf_free(&picture);
	line_setup_free(s);
	return rv;
}

static void
area_print(const cJSON *area)
{
	const cJSON *b = json_obj(area, "bounds"),
		    *a = json_obj(area, "action");
	const char *type = json_str(a, "type", "?");
	struct buf out = {0};

	buf_printf(&out, "%4lld %4lld %4lld %4lld  ",
	    (long long)json_int(b, "x", 0), (long long)json_int(b, "y", 0),
	    (long long)json_int(b, "width", 0),
	    (long long)json_int(b, "height", 0));
	text_fit(&out, json_str(a, "label", ""), LABEL_MAX, "", true);
	buf_printf(&out, "  %s ",
	    strcmp(type, "message") == 0   ? "text"
		: strcmp(type, "uri") == 0 ? "url"
					   : type);
	text_fit(&out,
	    json_str(a, "text", json_str(a, "data", json_str(a, "uri", ""))),
	    LABEL_MAX * 3, "…", false);
	puts(out.p);
	buf_free(&out);
}

int
admin_richmenu_show(
    const struct config *c, int argc, char **argv, struct err *e)
{
	struct line_setup *s = richmenu_begin(c, &argc, argv, e);
	char *id = NULL, *path = NULL;
	const cJSON *area;
	cJSON *o = NULL;
	int rv = -1;

	if (s == NULL || admin_words(argc, 0, "richmenu show", e) == -1)
		goto out;
	if ((id = shown_id(s, e)) == NULL) {
		if (e->code == ERR_NONE)
			err_set(e, ERR_NOTFOUND,
			    "there is no rich menu that madod or another "
			    "program has set");
		goto out;
	}
	path = x_sprintf("/v2/bot/richmenu/%s", id);
	if ((rv = line_setup_call(s, "GET", path, NULL, &o, e)) == 0)
		printf("%s, bar \"%s\"\n", json_str(o, "name", ""),
		    json_str(o, "chatBarText", ""));
	cJSON_ArrayForEach(area, json_arr(o, "areas"))
	{
		area_print(area);
	}
out:
	cJSON_Delete(o);
	x_free(path);
	x_free(id);
	line_setup_free(s);
	return rv;
}

int
admin_richmenu_rm(const struct config *c, int argc, char **argv, struct err *e)
{
	struct line_setup *s = richmenu_begin(c, &argc, argv, e);
	char *id = NULL;
	int rv = -1;

	if (s != NULL && admin_words(argc, 0, "richmenu rm", e) == 0) {
		id = shown_id(s, e);
		rv = id != NULL ? menu_delete(s, id, e)
		    : e->code == ERR_NONE
		    ? err_set(e, ERR_NOTFOUND, "there is no rich menu")
		    : -1;
	}
	x_free(id);
	line_setup_free(s);
	return rv;
}
