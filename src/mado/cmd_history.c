/*
 * history and media: what was said. The server gives the newest page first;
 * people and scripts read from the oldest, so pages are kept until the first
 * has come.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <mado/mem.h>

#include "cli.h"
#include "cli_out.h"
#include "i18n.h"
#include "said.h"

enum {
	PAGE = 500,
	AUTHOR_COLS = 14,
	INDENT = 17 + AUTHOR_COLS + 1,
	NUMBER_B = 24
};

struct history {
	struct cli *cli;
	struct desk_call call;
	int64_t left; /* 0 with all: no end */
	bool all;
	bool titles;  /* between conversations */
	char **pages; /* JSON, the newest first */
	size_t n;
	const char *cursor;
	int64_t contact_of; /* the conversation of the line before */
	struct err *e;
};

/* history */

static const char *
author(const struct msg *m)
{
	static const char *const names[FROM_N] = {
	    N_("customer"), N_("bot"), N_("agent"), N_("system")};

	if (m->author != NULL)
		return m->author;
	return m->from >= 0 && m->from < FROM_N ? _(names[m->from]) : "";
}

/* The lines of a text one below the other. */
static void
put_lines(struct buf *b, const char *text)
{
	const char *nl;
	char *line;

	for (;; text = nl + 1) {
		nl = strchr(text, '\n');
		line = nl == NULL ? x_strdup(text)
				  : x_strndup(text, (size_t)(nl - text));
		out_text(b, line);
		x_free(line);
		if (nl == NULL)
			return;
		buf_printf(b, "\n%*s", INDENT, "");
	}
}

static void
put_msg(struct buf *b, const struct msg *m, struct arena *a)
{
	char at[32];
	const char *state = out_state(m);

	buf_printf(b, "%s ", out_time(m->at_ms, at));
	out_cell(b, author(m), AUTHOR_COLS);
	if (m->type == MSG_NOTE)
		buf_printf(b, "[%s] ", _("note"));
	put_lines(b, said_text(m, a));
	if (*state != '\0')
		buf_printf(b, "  [%s", state);
	if (*state != '\0' && m->error != NULL) {
		buf_puts(b, ": ");
		out_text(b, said_phrase(m->error, a));
	}
	buf_puts(b, *state != '\0' ? "]" : "");
}

static int
print_title(struct history *h, const struct msg *m)
{
	struct buf b = {0};
	int rc = 0;

	if (h->titles && m->conversation != h->contact_of) {
		buf_printf(&b, "-- #%lld --", (long long)m->conversation);
		rc = out_line(&b, h->e);
	}
	h->contact_of = m->conversation;
	buf_free(&b);
	return rc;
}

int
cli_print_msg(const struct msg *m, struct err *e)
{
	struct arena *a = arena_new();
	struct buf b = {0};
	int rc;

	put_msg(&b, m, a);
	rc = out_line(&b, e);
	buf_free(&b);
	arena_free(a);
	return rc;
}

static int
print_msg(struct history *h, const cJSON *o)
{
	struct arena *a = arena_new();
	struct msg m;
	int rc;

	if (h->cli->json)
		rc = out_json(o, h->e);
	else if ((rc = json_decode(&msg_json, o, &m, a, h->e)) == 0 &&
	    (rc = print_title(h, &m)) == 0)
		rc = cli_print_msg(&m, h->e);
	arena_free(a);
	return rc;
}

static int
print_page(struct history *h, const char *page)
{
	cJSON *list = cJSON_Parse(page);
	const cJSON *o;
	int rc = 0;

	cJSON_ArrayForEach(o, list) if (rc == 0) rc = print_msg(h, o);
	cJSON_Delete(list);
	return rc;
}

static void
use_page(const struct desk_answer *a, void *arg)
{
	struct history *h = arg;
	const cJSON *list = json_arr(a->json, "messages");

	if (a->err.code != ERR_NONE || list == NULL)
		return;
	h->pages = x_realloc(h->pages, h->n + 1, sizeof(*h->pages));
	h->pages[h->n++] = cJSON_PrintUnformatted(list);
	h->left -= (int64_t)a->n_msgs;
	h->cursor = arena_strdup(h->cli->arena, a->cursor);
}

static int
fetch_pages(struct history *h)
{
	do {
		h->call.limit = h->all || h->left > PAGE ? PAGE : h->left;
		h->call.cursor = h->cursor;
		if (cli_ask(h->cli, &h->call, use_page, h, h->e) == -1)
			return -1;
	} while (h->cursor != NULL && (h->all || h->left > 0));
	return 0;
}

/* One conversation, after others with a title. */
static int
history_one(struct history *h, struct err *e)
{
	int rc;

	h->e = e;
	rc = fetch_pages(h);
	for (size_t i = h->n; i > 0; i--) {
		if (rc == 0)
			rc = print_page(h, h->pages[i - 1]);
		cJSON_free(h->pages[i - 1]);
	}
	x_free(h->pages);
	return rc;
}

int
cmd_history(struct cli *c, int argc, char **argv, struct err *e)
{
	struct history h = {
	    .cli = c, .left = -1, .call = {.op = DESK_MESSAGES}};
	const struct cli_opt opts[] = {{"--contact", OPT_FLAG, &h.call.contact},
	    {"--limit", OPT_INT, &h.left}, {NULL, OPT_FLAG, NULL}};
	struct cli_many many = {.n = 0};
	struct cli_numbers v;
	char name[NUMBER_B];

	if (cli_options(c, opts, &argc, argv, e) == -1 ||
	    cli_numbers(c, &argc, argv, 0, &v, e) == -1 ||
	    cli_want(c, argc, 0, 0, e) == -1)
		return -1;
	h.all = h.left == -1;
	h.titles = h.call.contact || v.n > 1;
	if (h.left == 0)
		return 0;
	many.n = v.n;
	for (size_t i = 0; i < v.n && !many.over; i++) {
		struct history one = h;
		struct err why = {0};

		one.call.number = v.v[i];
		snprintf(name, sizeof(name), "#%lld", (long long)v.v[i]);
		cli_many_add(&many, name, history_one(&one, &why), &why);
	}
	return cli_many_end(&many, e);
}

/* media */

static int
copy_out(const char *path, struct err *e)
{
	FILE *f = fopen(path, "rb");
	char block[1 << 16];
	size_t n;
	int rc = 0;

	if (f == NULL)
		return err_set(e, ERR_FAILED, "%s: %s", path, strerror(errno));
	while (rc == 0 && (n = fread(block, 1, sizeof(block), f)) > 0)
		if (fwrite(block, 1, n, stdout) != n)
			rc = out_flush(e);
	fclose(f);
	return rc;
}

int
cmd_media(struct cli *c, int argc, char **argv, struct err *e)
{
	struct desk_call call = {.op = DESK_MEDIA};
	char *path;
	int rc, fd;

	if (cli_options(c, NULL, &argc, argv, e) == -1 ||
	    cli_want(c, argc, 1, 1, e) == -1)
		return -1;
	if (out_is_tty())
		return err_set(e, ERR_INVALID,
		    _("this is no text; say where to: mado media %s > FILE"),
		    argv[1]);
	if (cli_desk(c, e) == -1)
		return -1;
	path = x_sprintf("%s/media-XXXXXX", c->settings->state_dir);
	fd = mkstemp(path);
	if (fd == -1) {
		rc = err_set(e, ERR_FAILED, "%s: %s", path, strerror(errno));
		goto out;
	}
	close(fd);
	call.id = argv[1];
	call.to_file = path;
	rc = cli_ask(c, &call, NULL, NULL, e);
	if (rc == 0)
		rc = copy_out(path, e);
	unlink(path);
out:
	x_free(path);
	return rc;
}
