/*
 * The subcommand qr: how customers find the account, as links, a QR code and a
 * button. Asks LINE for the account's basic id, needs no desk.
 * Source: LINE, "Use LINE features with the LINE URL scheme".
 */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <mado/buf.h>
#include <mado/fetch.h>
#include <mado/json.h>
#include <mado/mem.h>
#include <mado/qr.h>

#include "admin.h"
#include "admin_line.h"
#include "line_setup.h"

enum { PNG_SCALE = 12, URL_MAX = 1000 };

const struct config_line *
admin_line(const struct config *c, const char *name, struct err *e)
{
	const struct config_line *l =
	    name != NULL ? config_line_find(c, name) : NULL;

	if (name == NULL && c->n_lines == 1)
		return &c->lines[0];
	if (l == NULL && name != NULL)
		err_set(e, ERR_NOTFOUND, "%s has no [line %s]", c->file, name);
	else if (l == NULL)
		err_set(e, ERR_INVALID,
		    c->n_lines == 0 ? "%s has no channel: madod init"
				    : "%s has several channels: say which",
		    c->file);
	return l;
}

/* The account's basic id, as LINE has it. Caller frees with x_free(). */
static char *
basic_id(const struct config_line *l, struct err *e)
{
	struct line_setup *s = line_setup_new(l);
	cJSON *o = NULL;
	char *id = NULL;

	if (line_setup_call(s, "GET", "/v2/bot/info", NULL, &o, e) == 0)
		id = x_strdup(json_str(o, "basicId", ""));
	cJSON_Delete(o);
	line_setup_free(s);
	return id;
}

/* Add the account as a friend; or, with a text, open its chat with that typed
 * already. */
static int
qr_link(struct buf *b, const char *id, const char *text, struct err *e)
{
	buf_puts(b,
	    text != NULL ? "https://line.me/R/oaMessage/"
			 : "https://line.me/R/ti/p/");
	fetch_escape(b, id);
	if (text != NULL) {
		buf_puts(b, "/?");
		fetch_escape(b, text);
	}
	return b->n <= URL_MAX
	    ? 0
	    : err_set(e, ERR_TOOBIG,
		  "the link is %zu characters long, LINE takes %d: a shorter "
		  "text",
		  b->n, URL_MAX);
}

static int
put_file(const char *path, const struct buf *b, struct err *e)
{
	if (strcmp(path, "-") != 0)
		return file_write(path, buf_str(b), b->n, 0644, e);
	fwrite(buf_str(b), 1, b->n, stdout);
	return 0;
}

/* In what its reader asked for: files, a button, or shown here. */
struct clothes {
	const char *png, *svg, *text;
	bool html;
};

static int
qr_show(const struct clothes *how, const char *link, struct err *e)
{
	struct qr *q = qr_new(link, e);
	struct buf b = {0};
	int rv = 0;

	if (q == NULL)
		return -1;
	if (how->png != NULL) {
		qr_png(q, PNG_SCALE, &b);
		rv = put_file(how->png, &b, e);
	}
	buf_reset(&b);
	if (rv == 0 && how->svg != NULL) {
		qr_svg(q, &b);
		rv = put_file(how->svg, &b, e);
	}
	if (how->html)
		printf("<a href=\"%s\" style=\"display:inline-block;padding:"
		       ".6em 1.2em;border-radius:.4em;background:#06c755;"
		       "color:#fff;text-decoration:none;font-weight:bold\">"
		       "%s</a>\n",
		    link,
		    how->text != NULL ? "LINEで問い合わせる"
				      : "LINEで友だち追加");
	else if (how->png == NULL && how->svg == NULL) {
		buf_reset(&b);
		qr_text(q, isatty(STDOUT_FILENO) == 1, &b);
		printf("%s\n%s", link, b.p);
	}
	buf_free(&b);
	qr_free(q);
	return rv;
}

int
admin_qr(const struct config *c, int argc, char **argv, struct err *e)
{
	struct clothes how = {.png = admin_opt(&argc, argv, "--png", true),
	    .svg = admin_opt(&argc, argv, "--svg", true),
	    .text = admin_opt(&argc, argv, "--text", true),
	    .html = admin_opt(&argc, argv, "--html", false) != NULL};
	const struct config_line *l;
	struct buf link = {0};
	char *id = NULL;
	int rv = -1;

	if (argc != 0 && admin_words(argc, 1, "qr", e) == -1)
		return -1;
	if ((l = admin_line(c, argc > 0 ? argv[0] : NULL, e)) != NULL &&
	    (id = basic_id(l, e)) != NULL &&
	    qr_link(&link, id, how.text, e) == 0)
		rv = qr_show(&how, link.p, e);
	buf_free(&link);
	x_free(id);
	return rv;
}
