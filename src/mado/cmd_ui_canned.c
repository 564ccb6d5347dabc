/*
 * Canned replies in the inbox: put into the line with their variables filled,
 * and made from what was written. What cannot be filled is refused, and the
 * line stays as it was.
 */
#include "cmd_ui.h"

#include <mado/mem.h>

#include <stdio.h>
#include <string.h>

#include "canned.h"
#include "i18n.h"
#include "sticker.h"
#include "ui.h"

/* The text for this customer. Caller frees with x_free(). */
static char *
filled(struct ui *u, const char *name, struct err *e)
{
	struct arena *a = arena_new();
	struct canned *rows;
	size_t n = canned_list(u->store, a, &rows);
	const struct canned *c = canned_find(rows, n, name);
	char *text = NULL;

	if (c == NULL)
		err_set(e, ERR_NOTFOUND, _("There is no canned reply \"%s\"."),
		    name);
	else {
		u->conv->cards = u->cards;
		text = canned_fill(
		    c->text, u->conv, canned_agent(u->store, u->me, a), e);
	}
	arena_free(a);
	return text;
}

/* Put text in place of len bytes at `at`; of none: on a row of its own, below
 * what is there. */
static void
put(struct ui *u, const char *text, size_t at, size_t len)
{
	struct buf b = {0};
	size_t caret;

	buf_add(&b, line_text(), at);
	if (len == 0 && at > 0 && line_text()[at - 1] != '\n')
		buf_putc(&b, '\n');
	buf_puts(&b, text);
	caret = b.n;
	buf_puts(&b, line_text() + at + len);
	line_set(u, buf_str(&b), caret);
	buf_free(&b);
}

int
ui_canned_insert(
    struct ui *u, const char *name, size_t at, size_t len, struct err *e)
{
	char *text = filled(u, name, e);

	if (text == NULL)
		return -1;
	put(u, text, at, len);
	x_free(text);
	return 0;
}

/* saving one */

/* The text that is meant: what is being typed, else the message under the
 * cursor. NULL: there is none. The arena's. */
static const char *
text_to_save(struct ui *u, struct arena *a)
{
	const struct msg *m = thread_current(&u->thread);
	struct draft d = {0};

	if (u->line == LINE_REPLY && *line_text() != '\0')
		return arena_strdup(a, line_text());
	if (u->line_back == LINE_REPLY &&
	    store_draft(u->store, u->thread.number, false, a, &d))
		return d.text;
	return m != NULL && m->type == MSG_TEXT ? m->text : NULL;
}

/* The next customer must not read this one's name. */
static const char *
without_name(const char *text, const struct conv *c, struct arena *a)
{
	const char *name = c->contact == NULL ? NULL : c->contact->name, *hit;
	struct buf b = {0};

	if (name == NULL || *name == '\0')
		return text;
	while ((hit = strstr(text, name)) != NULL) {
		buf_add(&b, text, (size_t)(hit - text));
		buf_puts(&b, "{{contact.name}}");
		text = hit + strlen(name);
	}
	buf_puts(&b, text);
	text = arena_strdup(a, buf_str(&b));
	buf_free(&b);
	return text;
}

struct save {
	bool team;
	char name[TAG_MAX_B + 1];
	char text[]; /* to its end */
};

static void
on_saved(const struct desk_answer *a, void *arg)
{
	struct ui *u = arg;

	if (a->err.code != ERR_NONE)
		ui_say_err(u, &a->err);
	else
		ui_say(u, _("Saved."));
}

static void
save(struct ui *u, void *arg)
{
	const struct save *s = arg;
	struct desk_call c = {.op = DESK_CANNED_PUT, .id = s->name};
	cJSON *args = cJSON_CreateObject();

	cJSON_AddStringToObject(args, "text", s->text);
	cJSON_AddBoolToObject(args, "personal", !s->team);
	c.args = args;
	desk_start(u->desk, &c, on_saved, u);
	ui_say(u,
	    s->team ? _("Saving \"%s\" for the team: %s")
		    : _("Saving \"%s\" for yourself: %s"),
	    s->name, s->text);
	cJSON_Delete(args);
}

static bool
is_there(struct ui *u, const struct save *s, struct arena *a)
{
	struct canned *rows;
	size_t n = canned_list(u->store, a, &rows);

	for (size_t i = 0; i < n; i++)
		if (rows[i].personal != s->team &&
		    strcmp(rows[i].name, s->name) == 0)
			return true;
	return false;
}

/* canned save NAME [--team] */
static int
save_words(struct ui *u, int argc, char **argv, struct err *e)
{
	struct arena *a = arena_new();
	const char *text = text_to_save(u, a);
	struct save *s;

	if (argc == 0 || strlen(argv[0]) > TAG_MAX_B) {
		arena_free(a);
		return err_set(e, ERR_INVALID,
		    _("Say canned save NAME, or canned save NAME --team."));
	}
	if (text == NULL || u->conv == NULL) {
		arena_free(a);
		return err_set(e, ERR_NOTFOUND,
		    _("Type the reply first, or go to the message to save."));
	}
	text = without_name(text, u->conv, a);
	s = x_calloc(1, sizeof(*s) + strlen(text) + 1);
	snprintf(s->name, sizeof(s->name), "%s", argv[0]);
	memcpy(s->text, text, strlen(text) + 1);
	s->team = argc > 1 && strcmp(argv[1], "--team") == 0;
	if (is_there(u, s, a)) {
		ui_ask(u, x_sprintf(_("Replace \"%s\"?"), s->name), save, s);
	} else {
		save(u, s);
		x_free(s);
	}
	arena_free(a);
	return 0;
}

int
ui_cmd_canned(struct ui *u, int argc, char **argv, struct err *e)
{
	if ((u->thread.number == 0 || u->line == LINE_CLOSED) &&
	    ui_cmd_open_for(u, 0, NULL, e) == -1)
		return -1;
	if (argc == 1) {
		palette_open(u, "canned");
		return 0;
	}
	if (strcmp(argv[1], "save") == 0)
		return save_words(u, argc - 2, argv + 2, e);
	if (u->line != LINE_REPLY)
		line_open(u, LINE_REPLY, NULL);
	for (int i = 1; i < argc; i++)
		if (ui_canned_insert(u, argv[i], line_caret(), 0, e) == -1)
			return -1;
	return 0;
}

/* insert COMMAND ...: its words as the shell's */
int
ui_cmd_insert(struct ui *u, int argc, char **argv, struct err *e)
{
	struct buf b = {0};
	int rc;

	if (argc == 1)
		return err_set(
		    e, ERR_INVALID, _("Say which command: !date, for one."));
	if (u->line != LINE_REPLY && u->line_back != LINE_REPLY &&
	    ui_cmd_open_for(u, 0, NULL, e) == -1)
		return -1;
	if (u->line != LINE_REPLY)
		line_open(u, LINE_REPLY, NULL);
	for (int i = 1; i < argc; i++)
		buf_printf(&b, "%s%s", i > 1 ? " " : "", argv[i]);
	rc = outside_insert(u, buf_str(&b), e);
	buf_free(&b);
	return rc;
}

int
ui_cmd_sticker(struct ui *u, int argc, char **argv, struct err *e)
{
	struct arena *a = arena_new();
	const struct sticker *s = NULL;
	struct buf mark = {0};

	if ((u->thread.number != 0 && u->line != LINE_CLOSED) ||
	    ui_cmd_open_for(u, 0, NULL, e) == 0) {
		if (argc == 1)
			palette_open(u, "stickers");
		else
			s = sticker_find(u->set->config_dir, argv[1], a, e);
	}
	if (s != NULL) {
		if (u->line != LINE_REPLY)
			line_open(u, LINE_REPLY, NULL);
		sticker_mark(&mark, s);
		put(u, mark.p, line_caret(), 0);
		ui_say(u, _("Enter sends the sticker with the reply."));
	}
	buf_free(&mark);
	arena_free(a);
	return e->code == ERR_NONE ? 0 : -1;
}
