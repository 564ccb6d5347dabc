/*
 * The pages and their words: see page.h. Who may see what is decided by
 * tickets and tokens before anything is drawn.
 */
#include <stdlib.h>
#include <string.h>

#include <mado/log.h>
#include <mado/when.h>

#include "files.h"
#include "page.h"
#include "ticket.h"

enum lang { EN, JA, LANG_N };

#define WORDS(X)                                                                 \
	X(W_LOOK, "What the customer sent", "お客様から届いたもの")              \
	X(W_UNTIL, "This page can be opened until %s.",                          \
	    "このページは %s まで開けます。")                                    \
	X(W_SAVE, "Save it", "保存する")                                         \
	X(W_UPLOAD, "Send to %s", "%s さんへ送る")                               \
	X(W_CHOOSE, "Choose pictures, films or files",                           \
	    "写真・動画・ファイルを選ぶ")                                        \
	X(W_TAKE, "Put into the draft", "下書きに入れる")                        \
	X(W_HOW,                                                                 \
	    "They go into the draft of the reply, not to the customer yet. "     \
	    "Up to %s each.",                                                    \
	    "返信の下書きに入ります。まだお客様には送られません。1件 %s まで。") \
	X(W_DONE, "It is in the draft", "下書きに入りました")                    \
	X(W_BACK, "You can close this page and go on in the terminal.",          \
	    "このページを閉じて、端末で続けてください。")                        \
	X(W_SORRY, "Not here", "表示できません")                                 \
	X(W_404, "There is nothing at this address.",                            \
	    "このアドレスには何もありません。")                                  \
	X(W_410, "This is no longer kept here, or its time is over.",            \
	    "保存期間または有効時間が過ぎました。")                              \
	X(W_FAILED, "It could not be taken", "受け取れませんでした")             \
	X(W_GO_BACK, "Nothing was kept. Go back and choose again.",              \
	    "何も保存されていません。前の画面に戻って選び直してください。")

#define X(id, en, ja) id,
enum word { WORDS(X) WORD_N };
#undef X

static const char *const words[WORD_N][LANG_N] = {
#define X(id, en, ja) [id] = {en, ja},
    WORDS(X)
#undef X
};

static const char style[] =
    ":root{color-scheme:light dark;font-family:sans-serif;line-height:1.6}\n"
    "body{margin:0 auto;max-width:46rem;padding:1rem}\n"
    "h1{font-size:1.3rem;overflow-wrap:anywhere}\n"
    "img,video{max-width:100%;max-height:75vh;border-radius:.4rem}\n"
    "audio{width:100%}\n"
    "input,button,.button{display:block;box-sizing:border-box;width:100%;"
    "font:inherit;padding:.9rem;margin:.8rem 0;border:1px solid;"
    "border-radius:.5rem;text-align:center}\n"
    "button,.button{background:#06633a;color:#fff;text-decoration:none;"
    "cursor:pointer}\n"
    ":focus-visible{outline:3px solid #e0a000}\n"
    "p,li{overflow-wrap:anywhere}\n";

/* The first of the languages that we have, as the browser asks. */
static enum lang
lang_of(struct call *c)
{
	const char *s = httpd_header(c->r, "accept-language");
	const char *ja = s != NULL ? strstr(s, "ja") : NULL;
	const char *en = s != NULL ? strstr(s, "en") : NULL;

	return ja != NULL && (en == NULL || ja < en) ? JA : EN;
}

static void
put_text(struct buf *b, const char *s)
{
	for (; *s != '\0'; s++) {
		if (*s == '&' || *s == '<' || *s == '>' || *s == '"' ||
		    *s == '\'')
			buf_printf(b, "&#%d;", *s);
		else
			buf_putc(b, *s);
	}
}

static void
put_words(struct buf *b, enum lang l, enum word w, const char *arg)
{
	const char *s = words[w][l], *hole = strstr(s, "%s");

	if (hole == NULL || arg == NULL) {
		put_text(b, s);
		return;
	}
	buf_add(b, s, (size_t)(hole - s));
	put_text(b, arg);
	buf_puts(b, hole + 2);
}

static void
page_begin(struct buf *b, enum lang l, enum word title, const char *arg)
{
	buf_printf(b,
	    "<!doctype html>\n<html lang=\"%s\"><head><meta charset=\"utf-8\">"
	    "<meta name=\"viewport\" content=\"width=device-width, "
	    "initial-scale=1\"><title>",
	    l == JA ? "ja" : "en");
	put_words(b, l, title, arg);
	buf_puts(b,
	    "</title><link rel=\"stylesheet\" href=\"/u/style.css\">"
	    "</head><body><main><h1>");
	put_words(b, l, title, arg);
	buf_puts(b, "</h1>\n");
}

void
page_headers(struct call *c)
{
	static const char *const headers[][2] = {
	    {"Content-Security-Policy",
		"default-src 'none'; img-src 'self'; media-src 'self'; "
		"style-src 'self'; form-action 'self'; base-uri 'none'; "
		"frame-ancestors 'none'"},
	    {"X-Content-Type-Options", "nosniff"}, {"X-Frame-Options", "DENY"},
	    {"Referrer-Policy", "no-referrer"},
	    {"Cross-Origin-Opener-Policy", "same-origin"},
	    {"X-Robots-Tag", "noindex"}};

	for (size_t i = 0; i < sizeof(headers) / sizeof(headers[0]); i++)
		httpd_set_header(c->r, headers[i][0], headers[i][1]);
}

static void
page_end(struct call *c, int status, struct buf *b)
{
	buf_puts(b, "</main></body></html>\n");
	page_headers(c);
	call_reply(c, status, "text/html; charset=utf-8", b);
	buf_free(b);
}

void
page_error(struct call *c, int status)
{
	enum lang l = lang_of(c);
	struct buf b = {0};

	page_begin(&b, l, W_SORRY, NULL);
	buf_puts(&b, "<p>");
	put_words(&b, l, status == 410 ? W_410 : W_404, NULL);
	buf_puts(&b, "</p>");
	page_end(c, status, &b);
}

/* page_error() in words of ours. */
static void
sorry(struct call *c, const struct err *e)
{
	enum lang l = lang_of(c);
	struct buf b = {0};

	page_begin(&b, l, W_FAILED, NULL);
	buf_puts(&b, "<p>");
	put_text(&b, e->msg);
	buf_puts(&b, "</p><p>");
	put_words(&b, l, W_GO_BACK, NULL);
	buf_puts(&b, "</p>");
	page_end(c, err_http_status(e->code), &b);
}

void
page_style(struct call *c)
{
	page_headers(c);
	httpd_set_header(c->r, "Cache-Control", "public, max-age=3600");
	call_reply(c, 200, "text/css; charset=utf-8",
	    &(struct buf){.p = (char *)style, .n = sizeof(style) - 1});
}

/* --- making tickets */

static void
reply_page(struct call *c, enum ticket_kind kind, int64_t subject)
{
	struct ticket t = {
	    kind, subject, c->user_id, when_now_ms() + TICKET_LIFE_MS};
	const char *base = c->m->config->public_url;
	char word[TICKET_B];
	struct err e = {0};
	struct buf b = {0};

	if (base == NULL) {
		err_set(&e, ERR_CONFLICT,
		    "pages have no address: madod.conf does not say where "
		    "this desk is reached (public_url)");
		call_err(c, &e);
		return;
	}
	ticket_make(c->m->ticket_key, &t, word);
	buf_putc(&b, '{');
	json_add_str(&b, "url", arena_sprintf(c->mem, "%s/u/%s", base, word));
	json_add_time(&b, "expires_at", t.expires_ms);
	buf_putc(&b, '}');
	call_ok(c, 201, &b);
	buf_free(&b);
}

void
page_make_look(struct call *c)
{
	struct err e = {0};
	int64_t id = sql_get_int(c->m->db, 0,
	    "SELECT id FROM message WHERE uid=?1 AND media_state='kept'", "s",
	    c->params[0]);

	if (id != 0) {
		reply_page(c, TICKET_LOOK, id);
		return;
	}
	err_set(&e, ERR_NOTFOUND, "message %.40s has no content that is kept",
	    c->params[0]);
	call_err(c, &e);
}

void
page_make_upload(struct call *c)
{
	struct err e = {0};
	int64_t number = json_int(c->args, "number", 0);

	if (sql_get_int(c->m->db, 0,
		"SELECT number FROM conversation WHERE number=?1", "i",
		number) != 0) {
		reply_page(c, TICKET_UPLOAD, number);
		return;
	}
	err_set(&e, ERR_NOTFOUND, "there is no conversation #%lld",
	    (long long)number);
	call_err(c, &e);
}

/* --- looking */

/* Does the path's ticket open anything of that kind (0: any)? The account
 * behind it must still be one. */
static int
page_ticket(struct call *c, int kind, struct ticket *t, struct err *e)
{
	struct sql_rows *q;

	if (ticket_read(c->m->ticket_key, c->params[0], when_now_ms(), t, e) ==
	    -1)
		return -1;
	if (kind != 0 && (int)t->kind != kind)
		return err_set(e, ERR_NOTFOUND, "there is no such page");
	q = sql_query(c->m->db,
	    "SELECT name,role FROM user WHERE id=?1 AND disabled=0", "i",
	    t->user);
	if (!sql_next(q))
		return err_set(e, ERR_GONE, "the time of this page is over");
	c->user_id = t->user;
	c->user = arena_strdup(c->mem, sql_text(q, 0));
	c->role = (enum role)sql_int(q, 1);
	sql_done(q);
	if (t->kind == TICKET_UPLOAD && c->role < ROLE_AGENT)
		return err_set(e, ERR_GONE, "the time of this page is over");
	return 0;
}

static void
refuse(struct call *c, const struct err *e)
{
	page_error(c, err_http_status(e->code));
}

/* What is looked at. */
struct look {
	const char *uid, *type, *name, *file; /* file: of ours, else NULL */
};

static bool
look_find(struct call *c, int64_t id, struct look *k)
{
	struct sql_rows *q = sql_query(c->m->db,
	    "SELECT m.uid,m.media_type,m.media_name,f.id FROM message m LEFT"
	    " JOIN file f ON f.message=m.id WHERE m.id=?1 AND"
	    " m.media_state='kept' AND m.unsent=0",
	    "i", id);

	if (!sql_next(q))
		return false;
	k->uid = arena_strdup(c->mem, sql_text(q, 0));
	k->type = arena_strdup(c->mem, sql_text(q, 1));
	k->name = arena_strdup(c->mem, sql_text(q, 2));
	k->file = arena_strdup(c->mem, sql_text(q, 3));
	sql_done(q);
	/* what a browser may show; all else is saved, whatever it says */
	if (k->type == NULL ||
	    (strncmp(k->type, "image/", 6) != 0 &&
		strncmp(k->type, "video/", 6) != 0 &&
		strncmp(k->type, "audio/", 6) != 0) ||
	    strstr(k->type, "svg") != NULL)
		k->type = "application/octet-stream";
	return true;
}

static void
put_look(struct buf *b, enum lang l, const struct look *k, const char *word)
{
	if (strncmp(k->type, "image/", 6) == 0)
		buf_printf(b, "<img src=\"/u/%s/file\" alt=\"\">\n", word);
	else if (strncmp(k->type, "video/", 6) == 0)
		buf_printf(b,
		    "<video controls preload=\"metadata\" src=\"/u/%s/file\">"
		    "</video>\n",
		    word);
	else if (strncmp(k->type, "audio/", 6) == 0)
		buf_printf(
		    b, "<audio controls src=\"/u/%s/file\"></audio>\n", word);
	if (k->name != NULL) {
		buf_puts(b, "<p>");
		put_text(b, k->name);
		buf_puts(b, "</p>");
	}
	buf_printf(
	    b, "<a class=\"button\" download=\"\" href=\"/u/%s/file\">", word);
	put_words(b, l, W_SAVE, NULL);
	buf_puts(b, "</a>");
}

static void
look_page(struct call *c, const struct ticket *t)
{
	enum lang l = lang_of(c);
	time_t until = (time_t)(t->expires_ms / 1000);
	struct buf b = {0};
	char clock[16];
	struct look k;
	struct tm tm;

	if (!look_find(c, t->subject, &k)) {
		page_error(c, 410);
		return;
	}
	log_info("page: what came with message %s is looked at from %s, by the "
		 "page that %s asked for",
	    k.uid, httpd_peer(c->r), c->user);
	localtime_r(&until, &tm);
	strftime(clock, sizeof(clock), "%H:%M", &tm);
	page_begin(&b, l, W_LOOK, NULL);
	put_look(&b, l, &k, c->params[0]);
	buf_puts(&b, "<p>");
	put_words(&b, l, W_UNTIL, clock);
	buf_puts(&b, "</p>");
	page_end(c, 200, &b);
}

void
page_file(struct call *c)
{
	struct err e = {0};
	struct ticket t;
	struct look k;
	char *path;

	if (page_ticket(c, TICKET_LOOK, &t, &e) == -1) {
		refuse(c, &e);
		return;
	}
	if (!look_find(c, t.subject, &k)) {
		page_error(c, 410);
		return;
	}
	path = k.file != NULL
	    ? files_path(c->m->config->state_dir, k.file, false)
	    : x_sprintf("%s/media/%s", c->m->config->state_dir, k.uid);
	file_reply(c, path, k.type, k.name != NULL ? k.name : k.uid);
	x_free(path);
}

/* --- choosing files */

static bool
is_used(struct call *c)
{
	return sql_get_int(c->m->db, 0,
		   "SELECT count(*) FROM file WHERE ticket=?1", "s",
		   c->params[0]) != 0;
}

static void
upload_page(struct call *c, const struct ticket *t)
{
	enum lang l = lang_of(c);
	struct buf b = {0};
	char *name, max[32];

	if (is_used(c)) {
		page_error(c, 410);
		return;
	}
	name = sql_get_text(c->m->db,
	    "SELECT t.name FROM conversation c JOIN contact t ON t.id=c.contact"
	    " WHERE c.number=?1",
	    "i", t->subject);
	snprintf(max, sizeof(max), "%lld MB",
	    (long long)(c->m->config->upload_max_b >> 20));
	page_begin(&b, l, W_UPLOAD, name != NULL ? name : "?");
	buf_puts(&b,
	    "<form method=\"post\" enctype=\"multipart/form-data\">"
	    "<label for=\"f\">");
	put_words(&b, l, W_CHOOSE, NULL);
	buf_puts(&b,
	    "</label><input type=\"file\" id=\"f\" name=\"file\" multiple "
	    "required><button>");
	put_words(&b, l, W_TAKE, NULL);
	buf_puts(&b, "</button></form><p>");
	put_words(&b, l, W_HOW, max);
	buf_puts(&b, "</p>");
	x_free(name);
	page_end(c, 200, &b);
}

void
page_get(struct call *c)
{
	struct err e = {0};
	struct ticket t;

	if (page_ticket(c, 0, &t, &e) == -1)
		refuse(c, &e);
	else if (t.kind == TICKET_LOOK)
		look_page(c, &t);
	else
		upload_page(c, &t);
}

/* Its problem is told as a page. */
int
page_post_head(struct call *c, int64_t length, struct err *e)
{
	struct err why = {0};
	struct ticket t;

	(void)e;
	if (page_ticket(c, TICKET_UPLOAD, &t, &why) == -1 || is_used(c))
		page_error(c, 410);
	else if (files_take(c, length, &why) == -1)
		sorry(c, &why);
	return 0;
}

static void
page_taken(struct files_job *j)
{
	struct call *c = j->c;
	enum lang l = lang_of(c);
	struct buf b = {0};

	if (j->err.code != ERR_NONE) {
		sorry(c, &j->err);
		files_job_free(j);
		return;
	}
	log_info("page: %d files for #%lld came from %s, by the page that %s "
		 "asked for",
	    j->in.n, (long long)j->in.conversation, httpd_peer(c->r), c->user);
	page_begin(&b, l, W_DONE, NULL);
	buf_puts(&b, "<ul>");
	for (int i = 0; i < j->in.n; i++) {
		buf_puts(&b, "<li>");
		put_text(&b, j->in.v[i].name);
		if (j->in.v[i].note != NULL) {
			buf_puts(&b, "<br>");
			put_text(&b, j->in.v[i].note);
		}
		buf_puts(&b, "</li>");
	}
	buf_puts(&b, "</ul><p>");
	put_words(&b, l, W_BACK, NULL);
	buf_puts(&b, "</p>");
	page_end(c, 200, &b);
	files_job_free(j);
}

void
page_post(struct call *c)
{
	struct files_job *j;
	struct err e = {0};
	struct ticket t;

	if (page_ticket(c, TICKET_UPLOAD, &t, &e) == -1) {
		refuse(c, &e);
		return;
	}
	j = files_job_new(c, page_taken);
	j->in.conversation = t.subject;
	j->in.ticket = arena_strdup(j->mem, c->params[0]);
	files_job_start(j);
}
