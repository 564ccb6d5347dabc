/*
 * An import: tables in, checked whole, then learned from, then one file.
 * Called by the subcommand `faq import`.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <mado/text.h>

#include "faq_model.h"
#include "answer.h"
#include "faq_tsv.h"

enum { ID_MAX_B = 100 };

struct import {
	struct arena *a;
	struct faq_table faq, examples, negatives, lessons;
	size_t stale;
	uint32_t *by_id; /* rows of faq in order of id */
	struct faq_corpus c;
};

static int
id_cmp(const void *a, const void *b, void *arg)
{
	const struct faq_table *t = arg;
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
	int r = strcmp(t->rows[x].v[0], t->rows[y].v[0]);

	return r != 0 ? r : (x > y) - (x < y);
}

static int
check_faq(const struct faq_table *t, size_t i, struct err *e)
{
	const char *id = t->rows[i].v[0];
	struct err why = {0};
	int col;

	if (id[0] == '\0')
		return faq_table_error(t, i, 1, e, "an entry needs an id");
	if (strlen(id) > ID_MAX_B || strpbrk(id, "|\t\n\r") != NULL ||
	    strcmp(id, "-") == 0)
		return faq_table_error(t, i, 1, e,
		    "an id has at most %d bytes, no | and no line feed, and "
		    "is not -",
		    ID_MAX_B);
	if (t->rows[i].v[1][0] == '\0')
		return faq_table_error(
		    t, i, 2, e, "the entry \"%s\" has no question", id);
	if (t->rows[i].v[2][0] == '\0')
		return faq_table_error(
		    t, i, 3, e, "the entry \"%s\" has no answer", id);
	if (answer_check(t->rows[i].v[2], t->rows[i].v + 3, &col, &why) == -1)
		return faq_table_error(t, i, 3 + col, e, "%s", why.msg);
	return 0;
}

static int
read_faqs(struct import *im, const struct faq_source *src, struct err *e)
{
	const struct faq_shape shape = {3, FAQ_COLS};
	struct faq_table *t = &im->faq;

	if (faq_table_read(t, im->a, src, shape, e) == -1)
		return -1;
	faq_table_drop_title(t, "id");
	if (t->n == 0)
		return err_set(
		    e, ERR_INVALID, "%s:1:1: there is no entry", src->name);
	im->by_id = x_calloc(t->n, sizeof(*im->by_id));
	for (size_t i = 0; i < t->n; i++) {
		if (check_faq(t, i, e) == -1)
			return -1;
		im->by_id[i] = (uint32_t)i;
	}
	qsort_r(im->by_id, t->n, sizeof(*im->by_id), id_cmp, t);
	for (size_t i = 1; i < t->n; i++) {
		uint32_t one = im->by_id[i - 1], two = im->by_id[i];

		if (strcmp(t->rows[one].v[0], t->rows[two].v[0]) == 0)
			return faq_table_error(t, two, 1, e,
			    "a second \"%s\"; the first is in line %zu",
			    t->rows[two].v[0], t->rows[one].line);
	}
	return 0;
}

static uint32_t
find_id(const struct import *im, const char *id)
{
	size_t lo = 0, hi = im->faq.n;

	while (lo < hi) {
		size_t mid = (lo + hi) / 2;
		int r = strcmp(id, im->faq.rows[im->by_id[mid]].v[0]);

		if (r == 0)
			return im->by_id[mid];
		if (r < 0)
			hi = mid;
		else
			lo = mid + 1;
	}
	return FAQ_NONE;
}

static int
read_examples(struct import *im, const struct faq_source *src, struct err *e)
{
	const struct faq_shape shape = {2, 2};
	struct faq_table *t = &im->examples;

	if (src->p == NULL)
		return 0;
	if (faq_table_read(t, im->a, src, shape, e) == -1)
		return -1;
	faq_table_drop_title(t, "id");
	for (size_t i = 0; i < t->n; i++) {
		if (find_id(im, t->rows[i].v[0]) == FAQ_NONE)
			return faq_table_error(t, i, 1, e,
			    "there is no FAQ \"%s\"", t->rows[i].v[0]);
		if (t->rows[i].v[1][0] == '\0')
			return faq_table_error(
			    t, i, 2, e, "an example without words");
	}
	return 0;
}

static int
read_negatives(struct import *im, const struct faq_source *src, struct err *e)
{
	const struct faq_shape shape = {1, 1};

	return src->p == NULL
	    ? 0
	    : faq_table_read(&im->negatives, im->a, src, shape, e);
}

/* Rows of entries that are there, and those for people, stay. */
static int
read_lessons(struct import *im, const struct faq_source *src, struct err *e)
{
	const struct faq_shape shape = {2, 2};
	struct faq_table *t = &im->lessons;
	size_t kept = 0;

	if (src->p == NULL)
		return 0;
	if (faq_table_read(t, im->a, src, shape, e) == -1)
		return -1;
	for (size_t i = 0; i < t->n; i++)
		if (strcmp(t->rows[i].v[0], "-") == 0 ||
		    find_id(im, t->rows[i].v[0]) != FAQ_NONE)
			t->rows[kept++] = t->rows[i];
	im->stale = t->n - kept;
	t->n = kept;
	return 0;
}

/* --- the corpus */

static void
add_text(
    struct faq_corpus *c, struct faq_bag *bag, const char *text, uint32_t faq)
{
	size_t n = c->off[c->n];

	faq_grams(bag, text);
	if (c->cap < n + bag->n) {
		c->cap = (n + bag->n) * 3 / 2 + 4096;
		c->h = x_realloc(c->h, c->cap, sizeof(*c->h));
		c->tf = x_realloc(c->tf, c->cap, sizeof(*c->tf));
	}
	for (size_t i = 0; i < bag->n; i++, n++) {
		c->h[n] = faq_gram_hash(bag->h[i]);
		c->tf[n] = bag->tf[i] < 255 ? (uint8_t)bag->tf[i] : 255;
	}
	c->text[c->n] = text;
	c->faq[c->n] = faq;
	c->off[++c->n] = n;
}

/* Examples that have an id; for people: "-". */
static void
add_examples(struct import *im, struct faq_bag *bag, const struct faq_table *t)
{
	struct faq_corpus *c = &im->c;

	for (size_t i = 0; i < t->n; i++) {
		uint32_t faq = find_id(im, t->rows[i].v[0]);

		if (faq == FAQ_NONE)
			continue;
		c->examples[faq]++;
		add_text(c, bag, t->rows[i].v[1], faq);
	}
}

static size_t
text_count(const struct import *im)
{
	return im->faq.n + im->examples.n + im->negatives.n + im->lessons.n;
}

/* In the corpus' order: questions, examples, negatives. */
static void
make_corpus(struct import *im)
{
	struct faq_corpus *c = &im->c;
	size_t n = text_count(im);
	struct faq_bag bag = {0};

	c->n_faq = im->faq.n;
	c->faqs = im->faq.rows;
	c->faq = x_calloc(n, sizeof(*c->faq));
	c->text = x_calloc(n, sizeof(*c->text));
	c->off = x_calloc(n + 1, sizeof(*c->off));
	c->examples = x_calloc(c->n_faq, sizeof(*c->examples));
	for (size_t i = 0; i < im->faq.n; i++)
		add_text(c, &bag, im->faq.rows[i].v[1], (uint32_t)i);
	add_examples(im, &bag, &im->examples);
	add_examples(im, &bag, &im->lessons);
	for (size_t i = 0; i < im->negatives.n; i++)
		add_text(c, &bag, im->negatives.rows[i].v[0], FAQ_NONE);
	for (size_t i = 0; i < im->lessons.n; i++)
		if (strcmp(im->lessons.rows[i].v[0], "-") == 0)
			add_text(c, &bag, im->lessons.rows[i].v[1], FAQ_NONE);
	faq_bag_free(&bag);
}

static uint32_t
keep_text(struct buf *b, const char *s)
{
	uint32_t at = (uint32_t)b->n;

	buf_add(b, s, strlen(s) + 1);
	return at;
}

/* What stands beside an answer, as one text; nothing as "". */
static uint32_t
put_beside(struct buf *b, const struct faq_cells *r)
{
	uint32_t at = (uint32_t)b->n;
	int last = FAQ_COLS;

	while (last > 3 && r->v[last - 1][0] == '\0')
		last--;
	for (int i = 3; i < last; i++) {
		if (i > 3)
			buf_putc(b, ANSWER_SEP);
		buf_puts(b, r->v[i]);
	}
	buf_add(b, "", 1);
	return at;
}

/* The texts that are told later: ids, questions, answers. */
static int
keep_texts(struct faq_model *m, const struct import *im, struct err *e)
{
	struct faq_row *row = x_calloc(im->faq.n, sizeof(*row));
	struct buf b = {0};

	m->row = row;
	m->n_row = im->faq.n;
	m->by_id = x_memdup(im->by_id, im->faq.n * sizeof(*im->by_id));
	m->n_by_id = im->faq.n;
	for (size_t i = 0; i < im->faq.n; i++) {
		const struct faq_cells *r = &im->faq.rows[i];

		row[i] = (struct faq_row){keep_text(&b, r->v[0]),
		    keep_text(&b, r->v[1]), keep_text(&b, r->v[2]),
		    put_beside(&b, r)};
		if (b.n > UINT32_MAX / 2) {
			buf_free(&b);
			return err_set(e, ERR_TOOBIG,
			    "%s: more than 2 GiB of text", im->faq.name);
		}
	}
	m->n_text = b.n;
	m->text = buf_take(&b);
	return 0;
}

static void
import_free(struct import *im)
{
	faq_table_free(&im->faq);
	faq_table_free(&im->examples);
	faq_table_free(&im->negatives);
	faq_table_free(&im->lessons);
	x_free(im->by_id);
	x_free(im->c.faq);
	x_free(im->c.text);
	x_free(im->c.off);
	x_free(im->c.examples);
	x_free(im->c.h);
	x_free(im->c.tf);
	arena_free(im->a);
}

static void
fill_report(
    struct faq_report *r, const struct import *im, const struct faq_model *m)
{
	r->faqs = im->faq.n;
	r->examples = im->examples.n;
	r->negatives = im->negatives.n;
	r->lessons = im->lessons.n;
	r->stale = im->stale;
	r->learned = m->head.n_class;
	r->answer_at = m->head.answer_at;
	r->offer_at = m->head.offer_at;
}

int
faq_compile(const struct faq_sources *in, const char *path,
    struct faq_report *report, struct err *e)
{
	struct import im = {.a = arena_new()};
	struct faq_model m = {0};
	int rv = -1;

	*report = (struct faq_report){0};
	if (read_faqs(&im, &in->faq, e) == -1 ||
	    read_examples(&im, &in->examples, e) == -1 ||
	    read_negatives(&im, &in->negatives, e) == -1 ||
	    read_lessons(&im, &in->lessons, e) == -1)
		goto out;
	if (text_count(&im) >= FAQ_ROWS_MAX) {
		err_set(e, ERR_TOOBIG, "%s: more than %d texts in all",
		    in->faq.name, FAQ_ROWS_MAX - 1);
		goto out;
	}
	make_corpus(&im);
	faq_fit(&m, &im.c, NULL);
	faq_conf_fit(&m, &im.c, report);
	faq_bm25_fit(&m, &im.c);
	fill_report(report, &im, &m);
	if (keep_texts(&m, &im, e) == 0)
		rv = faq_model_write(&m, path, e);
out:
	faq_model_free(&m);
	import_free(&im);
	return rv;
}
