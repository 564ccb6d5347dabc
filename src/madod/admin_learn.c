/*
 * The subcommands that make Auto Reply better: what taps and agents would teach
 * it (faq review), what nobody had an answer for (faq gaps), and how answers
 * will look (faq lint). Called by admin.c's table.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <mado/text.h>
#include <mado/when.h>

#include "admin.h"
#include "admin_faq.h"
#include "admin_sub.h"
#include "answer.h"
#include "faq_tsv.h"
#include "lesson.h"
#include "serve.h"

enum { GAP_SHOWN = 3, PREVIEW_COLS = 34, TABLE_MAX_B = 512 << 20 };

/* --- review */

static void
print_lesson(const cJSON *l)
{
	const char *faq = json_str(l, "faq", NULL),
		   *by = json_str(l, "by", NULL);

	printf("%s\t%s\t%s%s%s\t", json_str(l, "message", ""),
	    faq != NULL ? faq : "-", json_str(l, "source", ""),
	    by != NULL ? " " : "", by != NULL ? by : "");
	for (const char *s = json_str(l, "text", ""); *s != '\0'; s++)
		putchar(*s == '\t' || *s == '\n' ? ' ' : *s);
	putchar('\n');
}

static void
add_decided(cJSON *list, const char *message, bool take)
{
	cJSON *o = cJSON_CreateObject();

	cJSON_AddStringToObject(o, "message", message);
	cJSON_AddBoolToObject(o, "take", take);
	cJSON_AddItemToArray(list, o);
}

/* What --take or --drop names: message ids, or all. */
static int
review_decide(struct admin *d, const cJSON *lessons, bool take, int argc,
    char **argv, struct err *e)
{
	cJSON *o = cJSON_CreateObject(), *list;
	const cJSON *l;

	list = cJSON_AddArrayToObject(o, "lessons");
	for (int i = 0; i < argc; i++)
		if (strcmp(argv[i], "all") != 0)
			add_decided(list, argv[i], take);
		else
			cJSON_ArrayForEach(l, lessons)
			    add_decided(list, json_str(l, "message", ""), take);
	printf("%d lessons %s\n", cJSON_GetArraySize(list),
	    take ? "are taken by the next import" : "are dropped");
	return admin_call(d, "POST", "/v1/faqs/lessons", o, e);
}

int
admin_faq_review(struct admin *d, int argc, char **argv, struct err *e)
{
	bool take = admin_opt(&argc, argv, "--take", false) != NULL;
	bool drop = admin_opt(&argc, argv, "--drop", false) != NULL;
	cJSON *lessons;
	const cJSON *l;
	int rv = 0;

	if (take + drop > 1 || (take + drop == 0 && argc > 0) ||
	    (take + drop == 1 && argc == 0))
		return admin_words(argc + 1, 0, "faq review", e);
	if (admin_call(d, "GET", "/v1/faqs/lessons", NULL, e) == -1)
		return -1;
	lessons = cJSON_DetachItemFromObject(d->json, "lessons");
	if (take || drop)
		rv = review_decide(d, lessons, take, argc, argv, e);
	else
		cJSON_ArrayForEach(l, lessons) print_lesson(l);
	cJSON_Delete(lessons);
	return rv;
}

/* --- gaps */

static void
print_gap(const struct gap *g)
{
	printf("%zu\t%s", g->n, g->guess != NULL ? g->guess : "-");
	for (size_t i = 0; i < g->n && i < GAP_SHOWN; i++) {
		printf(i == 0 ? "\t" : " / ");
		for (const char *s = g->text[i]; *s != '\0'; s++)
			putchar(*s == '\t' || *s == '\n' ? ' ' : *s);
	}
	putchar('\n');
}

/* "12h", "30d" */
static int
read_span(const char *s, int64_t *ms, struct err *e)
{
	char *end;
	long n = strtol(s, &end, 10);

	if (n <= 0 || n > 36500 ||
	    (strcmp(end, "d") != 0 && strcmp(end, "h") != 0))
		return err_set(e, ERR_INVALID,
		    "--since is a time such as 12h or 30d, not \"%s\"", s);
	*ms = n * (*end == 'd' ? 86400 : 3600) * INT64_C(1000);
	return 0;
}

int
admin_faq_gaps(const struct config *c, int argc, char **argv, struct err *e)
{
	const char *since = admin_opt(&argc, argv, "--since", true);
	char *store = serve_store(c);
	struct arena *a = arena_new();
	int64_t ms = 30 * 86400 * INT64_C(1000);
	struct gaps gaps;
	int rv = admin_words(argc, 0, "faq gaps", e);

	if (rv == 0 && since != NULL)
		rv = read_span(since, &ms, e);
	if (rv == 0 &&
	    (rv = lesson_gaps(store, when_now_ms() - ms, a, &gaps, e)) == 0)
		for (size_t i = 0; i < gaps.n; i++)
			print_gap(&gaps.v[i]);
	arena_free(a);
	x_free(store);
	return rv;
}

/* --- lint */

struct linting {
	const struct faq_table *t;
	size_t row;
	size_t n;
};

static void
print_lint(void *arg, int col, const char *what)
{
	struct linting *l = arg;

	printf("%s:%zu:%d: %s\n", l->t->name, l->t->rows[l->row].line, 3 + col,
	    what);
	l->n++;
}

static bool
preview_line(void *arg, struct text_line l)
{
	struct buf b = {0};
	int left;

	(void)arg;
	left = PREVIEW_COLS - text_draw(&b, l.p, l.n);
	printf("    | %s%*s |\n", buf_str(&b), left > 0 ? left : 0, "");
	buf_free(&b);
	return true;
}

static void
preview(const struct faq_cells *r)
{
	struct arena *a = arena_new();
	struct bubbles says = {0};
	struct quicks quick = {0};
	struct buf beside = {0};

	for (int i = 3; i < FAQ_COLS; i++)
		buf_printf(&beside, i > 3 ? "%c%s" : "%.0d%s",
		    i > 3 ? ANSWER_SEP : 0, r->v[i]);
	answer_say(&(struct answer){r->v[2], buf_str(&beside), "山田 花子", 42},
	    a, &says, &quick);
	printf("%s\n", r->v[0]);
	for (size_t i = 0; i < says.n; i++) {
		const char *s = bubble_line(&says.v[i], a);

		text_wrap(s, strlen(s), PREVIEW_COLS, preview_line, NULL);
	}
	for (size_t i = 0; i < quick.n; i++)
		printf("    (%s)",
		    bubble_cut(quick.v[i].label, LABEL_MAX_GRAPHEMES, a));
	printf(quick.n > 0 ? "\n" : "");
	buf_free(&beside);
	arena_free(a);
}

static int
lint_table(
    const struct faq_source *src, bool show, struct arena *a, struct err *e)
{
	struct faq_table t = {0};
	struct linting l = {.t = &t};
	const struct faq_shape shape = {3, FAQ_COLS};
	struct err why;
	int col;

	if (faq_table_read(&t, a, src, shape, e) == -1)
		return -1;
	faq_table_drop_title(&t, "id");
	for (l.row = 0; l.row < t.n; l.row++) {
		const struct faq_cells *r = &t.rows[l.row];

		why = (struct err){0};
		if (answer_check(r->v[2], r->v + 3, &col, &why) == -1)
			print_lint(&l, col, why.msg);
		answer_lint(r->v[1], r->v[2], r->v + 3, print_lint, &l);
		if (show)
			preview(r);
	}
	faq_table_free(&t);
	return l.n == 0
	    ? 0
	    : err_set(e, ERR_FAILED, "%zu remarks on %zu FAQs", l.n, l.row);
}

int
admin_faq_lint(const struct config *c, int argc, char **argv, struct err *e)
{
	bool show = admin_opt(&argc, argv, "--preview", false) != NULL;
	struct arena *a = arena_new();
	struct faq_source src;
	struct buf b = {0};
	int rv = -1;

	(void)c;
	if (admin_words(argc, 1, "faq lint", e) == 0 &&
	    buf_read_file(&b, argv[0], TABLE_MAX_B, e) == 0) {
		src = (struct faq_source){argv[0], buf_str(&b), b.n};
		rv = lint_table(&src, show, a, e);
	}
	buf_free(&b);
	arena_free(a);
	return rv;
}
