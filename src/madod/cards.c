/* Cards and links: see cards.h. */
#include <regex.h>
#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>

#include <mado/text.h>
#include <mado/when.h>

#include "cards.h"
#include "q.h"
#include "run.h"

enum {
	ENTRIES_MAX = 500,
	ROWS_MAX = 20,
	LABEL_MAX_B = 60,
	VALUE_MAX_B = 300,
	SAID_MAX_B = 16 << 10,
	ERROR_CACHE_MS = 30 * 1000,
	LINKS_MAX = 10,
	LOOKED_AT = 50,
	GROUPS = 10
};

/* What one card said of one conversation. */
struct entry {
	TAILQ_ENTRY(entry)
	link;
	struct cards *k;
	char *card;
	int64_t number, until_ms, at_ms, cache_ms; /* until_ms: mono clock */
	bool running;
	struct buf rows; /* JSON: [["label","value"],..] */
	char *error;     /* NULL: it answered */
};

/* One question for a conversation's cards, until all have answered. */
struct asked {
	LIST_ENTRY(asked) link;
	struct call *c;
	int64_t number;
};

struct cards {
	struct madod *m;
	TAILQ_HEAD(entries, entry) entries; /* the latest first */
	LIST_HEAD(, asked) asked;
	int n;
};

static void
entry_free(struct entry *e)
{
	TAILQ_REMOVE(&e->k->entries, e, link);
	e->k->n--;
	buf_free(&e->rows);
	x_free(e->error);
	x_free(e->card);
	x_free(e);
}

static struct entry *
entry_find(struct cards *k, const char *card, int64_t number)
{
	struct entry *e;

	TAILQ_FOREACH(e, &k->entries, link)
	if (e->number == number && strcmp(e->card, card) == 0)
		return e;
	return NULL;
}

static struct entry *
entry_get(struct cards *k, const char *card, int64_t number)
{
	struct entry *e = entry_find(k, card, number), *last;

	if (e != NULL)
		return e;
	last = TAILQ_LAST(&k->entries, entries);
	if (k->n >= ENTRIES_MAX && !last->running)
		entry_free(last);
	e = x_new(struct entry);
	e->k = k;
	e->card = x_strdup(card);
	e->number = number;
	TAILQ_INSERT_HEAD(&k->entries, e, link);
	k->n++;
	return e;
}

/* --- what a card says */

/* Text of others: UTF-8, no control characters, so no escapes, not endless. */
static void
put_clean(struct buf *out, const char *s, size_t n, size_t max_b)
{
	struct buf t = {0}, u = {0};

	for (size_t i = 0; i < n; i++)
		if ((unsigned char)s[i] >= ' ' && s[i] != '\x7f')
			buf_putc(&t, s[i]);
	text_to_utf8(&u, buf_str(&t), t.n);
	while (u.n >= max_b) {
		u.n--;
		while (u.n > 0 && (u.p[u.n] & 0xc0) == 0x80)
			u.n--;
		u.p[u.n] = '\0';
	}
	json_put_str(out, buf_str(&u));
	buf_free(&t);
	buf_free(&u);
}

/* "label TAB value", a line each. */
static void
entry_read(struct entry *e, const char *text, size_t n)
{
	const char *end = text + n, *eol, *tab;
	int rows = 0;

	buf_reset(&e->rows);
	for (; text < end && rows < ROWS_MAX; text = eol + 1) {
		eol = memchr(text, '\n', (size_t)(end - text));
		if (eol == NULL)
			eol = end;
		if (eol == text)
			continue;
		tab = memchr(text, '\t', (size_t)(eol - text));
		buf_puts(&e->rows, rows++ > 0 ? ",[" : "[");
		put_clean(&e->rows, text,
		    tab != NULL ? (size_t)(tab - text) : 0, LABEL_MAX_B);
		buf_putc(&e->rows, ',');
		tab = tab != NULL ? tab + 1 : text;
		put_clean(&e->rows, tab, (size_t)(eol - tab), VALUE_MAX_B);
		buf_putc(&e->rows, ']');
	}
}

static void cards_answer(struct cards *k, int64_t number);

static void
entry_done(const char *error, const char *text, size_t n, void *arg)
{
	struct entry *e = arg;

	e->running = false;
	e->at_ms = when_now_ms();
	x_free(e->error);
	e->error = x_strdup(error);
	if (error == NULL)
		entry_read(e, text, n);
	e->until_ms =
	    when_mono_ms() + (error == NULL ? e->cache_ms : ERROR_CACHE_MS);
	cards_answer(e->k, e->number);
}

/* Contact and conversation as the API has them, and LINE's id. */
static void
put_input(struct call *c, int64_t number, struct buf *b)
{
	struct conv *v = q_conv(c->m->db, c->mem, number, when_now_ms());
	char *id = sql_get_text(c->m->db,
	    "SELECT i.external_id FROM conversation c JOIN identity i ON"
	    " i.id=c.identity WHERE c.number=?1",
	    "i", number);

	buf_putc(b, '{');
	json_add_str(b, "line_id", id);
	json_put_key(b, "contact");
	if (v != NULL && v->contact != NULL)
		json_encode(b, &contact_json, v->contact);
	else
		buf_puts(b, "null");
	json_put_key(b, "conversation");
	if (v != NULL)
		json_encode(b, &conv_json, v);
	else
		buf_puts(b, "null");
	buf_puts(b, "}\n");
	x_free(id);
}

static void
entry_ask(struct call *c, struct entry *e, const struct config_side *s)
{
	struct buf in = {0};
	struct run_opts o = {.how = s,
	    .type = "application/json",
	    .deadline_ms = s->deadline_ms,
	    .max_b = SAID_MAX_B,
	    .done = entry_done,
	    .arg = e};

	if (e->running || e->until_ms > when_mono_ms())
		return;
	put_input(c, e->number, &in);
	o.in = in.p;
	o.n = in.n;
	e->cache_ms = s->cache_ms;
	e->running = true;
	if (!run_start(c->m->runs, &o)) {
		e->running = false;
		x_free(e->error);
		e->error =
		    x_strdup("too many cards are being asked; look again");
	}
	buf_free(&in);
}

/* --- links */

static void
put_url(struct buf *b, const char *url, const char *text, const regmatch_t *g)
{
	char *piece;

	for (; *url != '\0'; url++) {
		if (url[0] == '{' && url[1] >= '0' && url[1] <= '9' &&
		    url[2] == '}') {
			const regmatch_t *m = &g[url[1] - '0'];

			piece = m->rm_so < 0
			    ? x_strdup("")
			    : x_strndup(text + m->rm_so,
				  (size_t)(m->rm_eo - m->rm_so));
			fetch_escape(b, piece);
			x_free(piece);
			url += 2;
		} else {
			buf_putc(b, *url);
		}
	}
}

struct links {
	struct buf *out;
	struct buf seen; /* "name\nurl\n" of each */
	int n;
};

static void
put_link(struct links *l, const struct config_side *s, const char *text,
    const regmatch_t *g)
{
	struct buf url = {0};
	char *key, *what;

	put_url(&url, s->url, text, g);
	key = x_sprintf("\n%s\n", buf_str(&url));
	if (strstr(buf_str(&l->seen), key) == NULL) {
		buf_puts(&l->seen, key);
		what = x_strndup(
		    text + g[0].rm_so, (size_t)(g[0].rm_eo - g[0].rm_so));
		buf_puts(l->out, l->n++ > 0 ? ",{" : "{");
		json_add_str(l->out, "name", s->name);
		json_put_key(l->out, "text");
		put_clean(l->out, what, strlen(what), LABEL_MAX_B);
		json_add_str(l->out, "url", buf_str(&url));
		buf_putc(l->out, '}');
		x_free(what);
	}
	x_free(key);
	buf_free(&url);
}

static void
put_links_of(struct links *l, const struct config_side *s, const char *text)
{
	regmatch_t g[GROUPS];
	regex_t re;

	if (regcomp(&re, s->pattern, REG_EXTENDED) != 0)
		return;
	while (l->n < LINKS_MAX && regexec(&re, text, GROUPS, g, 0) == 0 &&
	    g[0].rm_eo > 0) {
		put_link(l, s, text, g);
		text += g[0].rm_eo;
	}
	regfree(&re);
}

/* What the newest messages name. */
static void
put_links(struct call *c, int64_t number, struct buf *b)
{
	const struct config *cf = c->m->config;
	struct links l = {.out = b};
	struct sql_rows *q = sql_query(c->m->db,
	    "SELECT text FROM message WHERE conversation=?1 AND type=0 AND"
	    " unsent=0 ORDER BY at DESC, id DESC LIMIT 50",
	    "i", number);

	while (sql_next(q))
		for (size_t i = 0; i < cf->n_sides; i++)
			if (cf->sides[i].kind == SIDE_LINK)
				put_links_of(&l, &cf->sides[i], sql_text(q, 0));
	buf_free(&l.seen);
}

/* --- the answer */

static void
put_card(struct buf *b, const struct entry *e)
{
	buf_putc(b, '{');
	json_add_str(b, "name", e->card);
	json_add_time(b, "at", e->at_ms);
	json_add_str(b, "error", e->error);
	json_put_key(b, "rows");
	buf_printf(b, "[%s]}", e->error == NULL ? buf_str(&e->rows) : "");
}

static void
asked_answer(struct asked *a)
{
	struct cards *k = a->c->m->cards;
	const struct config *cf = a->c->m->config;
	struct buf b = {0};
	struct entry *e;
	int n = 0;

	LIST_REMOVE(a, link);
	call_stamp(a->c, &b);
	buf_puts(&b, ",\"cards\":[");
	for (size_t i = 0; i < cf->n_sides; i++) {
		if (cf->sides[i].kind != SIDE_CARD ||
		    (e = entry_find(k, cf->sides[i].name, a->number)) == NULL)
			continue;
		buf_puts(&b, n++ > 0 ? "," : "");
		put_card(&b, e);
	}
	buf_puts(&b, "],\"links\":[");
	put_links(a->c, a->number, &b);
	buf_puts(&b, "]}");
	call_ok(a->c, 200, &b);
	buf_free(&b);
	x_free(a);
}

static bool
is_running(struct cards *k, int64_t number)
{
	struct entry *e;

	TAILQ_FOREACH(e, &k->entries, link)
	if (e->running && e->number == number)
		return true;
	return false;
}

static void
cards_answer(struct cards *k, int64_t number)
{
	struct asked *a, *next;

	if (is_running(k, number))
		return;
	for (a = LIST_FIRST(&k->asked); a != NULL; a = next) {
		next = LIST_NEXT(a, link);
		if (a->number == number)
			asked_answer(a);
	}
}

void
api_cards(struct call *c)
{
	const struct config *cf = c->m->config;
	struct cards *k = c->m->cards;
	int64_t number = strtoll(c->params[0], NULL, 10);
	struct err e = {0};
	struct asked *a;

	if (sql_get_int(c->m->db, 0,
		"SELECT number FROM conversation WHERE number=?1", "i",
		number) == 0) {
		err_set(&e, ERR_NOTFOUND, "there is no conversation %s",
		    c->params[0]);
		call_err(c, &e);
		return;
	}
	a = x_new(struct asked);
	a->c = call_keep(c);
	a->number = number;
	LIST_INSERT_HEAD(&k->asked, a, link);
	for (size_t i = 0; i < cf->n_sides; i++)
		if (cf->sides[i].kind == SIDE_CARD)
			entry_ask(c, entry_get(k, cf->sides[i].name, number),
			    &cf->sides[i]);
	cards_answer(k, number);
}

struct cards *
cards_new(struct madod *m)
{
	struct cards *k = x_new(struct cards);

	k->m = m;
	TAILQ_INIT(&k->entries);
	LIST_INIT(&k->asked);
	return k;
}

void
cards_flush(struct cards *k)
{
	struct asked *a;
	struct err e = {0};

	if (k == NULL)
		return;
	err_set(&e, ERR_BUSY, "the desk is stopping");
	while ((a = LIST_FIRST(&k->asked)) != NULL) {
		LIST_REMOVE(a, link);
		call_err(a->c, &e);
		x_free(a);
	}
}

void
cards_free(struct cards *k)
{
	if (k == NULL)
		return;
	while (!TAILQ_EMPTY(&k->entries))
		entry_free(TAILQ_FIRST(&k->entries));
	x_free(k);
}
