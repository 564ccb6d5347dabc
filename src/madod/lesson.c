/* Lessons and gaps, read off the store: see lesson.h. */
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <mado/sql.h>

#include "faq_feat.h"
#include "lesson.h"

/* So like are two questions of one heap, by the cosine of their grams. */
#define ALIKE 0.35

/* A cell between quotes: questions have tabs and line feeds. */
static void
put_cell(struct buf *b, const char *s)
{
	buf_putc(b, '"');
	for (; *s != '\0'; s++) {
		if (*s == '"')
			buf_putc(b, '"');
		buf_putc(b, *s);
	}
	buf_putc(b, '"');
}

void
lesson_read(const char *store, const char *channel, struct buf *rows)
{
	struct err e = {0};
	struct sql_rows *q;
	struct sql *db;

	if (access(store, R_OK) != 0 ||
	    (db = sql_open(store, SQL_READ_ONLY, &e)) == NULL)
		return;
	q = sql_query(db,
	    "SELECT l.faq,m.text FROM lesson l JOIN message m ON"
	    " m.id=l.message WHERE l.state=1 AND l.channel=?1 AND m.unsent=0"
	    " ORDER BY l.message",
	    "s", channel);
	while (sql_next(q)) {
		put_cell(rows, sql_text(q, 0) != NULL ? sql_text(q, 0) : "-");
		buf_putc(rows, '\t');
		put_cell(rows, sql_text(q, 1));
		buf_putc(rows, '\n');
	}
	sql_err(db, &e);
	sql_close(db);
}

/* --- gaps */

struct question {
	const char *text, *guess;
	uint64_t *h; /* its grams, sorted */
	size_t n;
	size_t heap;
};

struct heap {
	size_t first, n;
};

static void
read_question(struct question *v, struct sql_rows *q, struct faq_bag *bag,
    struct arena *a)
{
	v->text = arena_strdup(a, sql_text(q, 0));
	v->guess = arena_strdup(a, sql_text(q, 1));
	faq_grams(bag, v->text);
	v->n = bag->n;
	v->h = arena_calloc(a, bag->n + 1, sizeof(*v->h));
	if (bag->n > 0)
		memcpy(v->h, bag->h, bag->n * sizeof(*v->h));
}

static size_t
read_questions(
    struct sql *db, int64_t since_ms, struct question *v, struct arena *a)
{
	struct faq_bag bag = {0};
	struct sql_rows *q;
	size_t n = 0;

	q = sql_query(db,
	    "SELECT m.text,json_extract(d.data,'$.picks[0].id') FROM decision d"
	    " JOIN message m ON m.id=d.message LEFT JOIN lesson l ON"
	    " l.message=d.message WHERE d.outcome=0 AND d.rule IS NULL AND"
	    " json_extract(d.data,'$.by')<>'group' AND d.at>=?1 AND m.unsent=0"
	    " AND m.type=0 AND l.faq IS NULL ORDER BY d.message DESC LIMIT ?2",
	    "id", since_ms, (int)GAPS_MAX);
	while (sql_next(q)) {
		read_question(&v[n], q, &bag, a);
		n += v[n].n > 0; /* no words, no question */
	}
	faq_bag_free(&bag);
	return n;
}

static double
alike(const struct question *x, const struct question *y)
{
	size_t i = 0, k = 0, both = 0;

	while (i < x->n && k < y->n)
		if (x->h[i] == y->h[k]) {
			both++;
			i++;
			k++;
		} else if (x->h[i] < y->h[k])
			i++;
		else
			k++;
	return both == 0 ? 0 : (double)both / sqrt((double)x->n * (double)y->n);
}

/* Each to the heap whose first question it is most like, or to one of its
 * own. */
static size_t
pile_up(struct question *v, size_t n, struct heap *heaps)
{
	size_t piles = 0;

	for (size_t i = 0; i < n; i++) {
		double best = ALIKE;

		v[i].heap = piles;
		for (size_t k = 0; k < piles; k++) {
			double x = alike(&v[i], &v[heaps[k].first]);

			if (x >= best) {
				best = x;
				v[i].heap = k;
			}
		}
		if (v[i].heap == piles)
			heaps[piles++].first = i;
		heaps[v[i].heap].n++;
	}
	return piles;
}

static int
gap_cmp(const void *a, const void *b)
{
	const struct gap *x = a, *y = b;

	return (x->n < y->n) - (x->n > y->n);
}

static void
tell(struct question *v, size_t n, const struct heap *heaps, struct gaps *out,
    struct arena *a)
{
	out->v = arena_calloc(a, out->n + 1, sizeof(*out->v));
	for (size_t k = 0; k < out->n; k++) {
		out->v[k].text =
		    arena_calloc(a, heaps[k].n, sizeof(*out->v[k].text));
		out->v[k].guess = v[heaps[k].first].guess;
	}
	for (size_t i = 0; i < n; i++) {
		struct gap *g = &out->v[v[i].heap];

		g->text[g->n++] = v[i].text;
	}
	qsort(out->v, out->n, sizeof(*out->v), gap_cmp);
}

int
lesson_gaps(const char *store, int64_t since_ms, struct arena *a,
    struct gaps *out, struct err *e)
{
	struct sql *db = sql_open(store, SQL_READ_ONLY, e);
	struct question *v;
	struct heap *heaps;

	*out = (struct gaps){0};
	if (db == NULL)
		return -1;
	v = arena_calloc(a, GAPS_MAX, sizeof(*v));
	heaps = arena_calloc(a, GAPS_MAX, sizeof(*heaps));
	out->questions = read_questions(db, since_ms, v, a);
	out->n = pile_up(v, out->questions, heaps);
	tell(v, out->questions, heaps, out, a);
	if (sql_err(db, e) == -1) {
		sql_close(db);
		return -1;
	}
	sql_close(db);
	return 0;
}
