/* The subcommands `faq ..`: see admin_faq.h. Called by admin.c's table. */
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <mado/buf.h>
#include <mado/mem.h>

#include "admin.h"
#include "admin_desk.h"
#include "admin_faq.h"
#include "faq.h"
#include "lesson.h"
#include "mind.h"
#include "serve.h"

enum { TABLE_MAX_B = 512 << 20 };

/* --channel, or the only one there is. */
static const char *
channel_of(const struct config *c, int *argc, char **argv, struct err *e)
{
	const char *name = admin_opt(argc, argv, "--channel", true);

	if (name == NULL && c->n_lines == 1)
		return c->lines[0].name;
	if (name == NULL)
		err_set(e, ERR_INVALID,
		    "there are %zu channels: say which with --channel NAME",
		    c->n_lines);
	else if (config_line_find(c, name) == NULL)
		err_set(e, ERR_NOTFOUND, "there is no channel \"%s\" in %s",
		    name, c->file);
	else
		return name;
	return NULL;
}

static int
load(struct buf *b, const char *file, struct faq_source *src, struct err *e)
{
	if (file == NULL)
		return 0;
	if (buf_read_file(b, file, TABLE_MAX_B, e) == -1)
		return -1;
	*src = (struct faq_source){file, buf_str(b), b->n};
	return 0;
}

static void
print_report(const struct faq_report *r, const char *channel)
{
	printf("%s: %zu FAQs, %zu examples, %zu negatives\n", channel, r->faqs,
	    r->examples, r->negatives);
	if (r->lessons + r->stale > 0)
		printf("%zu lessons taken, %zu of FAQs that are gone\n",
		    r->lessons, r->stale);
	if (isnan(r->answered)) {
		printf("too few examples to try it on: answers by the FAQs' "
		       "own words, with care\n");
		return;
	}
	printf("tried, with a sixth of the questions foreign to it: answers "
	       "%.0f %% of all, %.0f %% of them right\n",
	    100 * r->answered, 100 * r->right);
}

/* What an import reads: the tables that are named, and those of the last one
 * where none is. */
struct tables {
	struct faq_sources in;
	struct buf faq, examples, negatives, lessons;
};

static void
tables_free(struct tables *t)
{
	buf_free(&t->faq);
	buf_free(&t->examples);
	buf_free(&t->negatives);
	buf_free(&t->lessons);
}

static char *
kept_path(const struct config *c, const char *channel, const char *what)
{
	char *name = x_sprintf("faq/%s.%s", channel, what);
	char *path = serve_path(c, name);

	x_free(name);
	return path;
}

/* Errors name the kept table by its own name. */
static int
load_kept(const struct config *c, const char *channel, const char *what,
    struct buf *b, struct faq_source *src, struct err *e)
{
	char *path = kept_path(c, channel, what);
	int rv = 0;

	if (access(path, F_OK) == 0)
		rv = load(b, path, src, e);
	src->name = what;
	x_free(path);
	return rv;
}

static int
load_last(const struct config *c, const char *channel, struct tables *t,
    struct err *e)
{
	if (load_kept(c, channel, "faq.tsv", &t->faq, &t->in.faq, e) == -1 ||
	    load_kept(c, channel, "examples.tsv", &t->examples, &t->in.examples,
		e) == -1 ||
	    load_kept(c, channel, "negatives.tsv", &t->negatives,
		&t->in.negatives, e) == -1)
		return -1;
	return t->in.faq.p != NULL
	    ? 0
	    : err_set(e, ERR_NOTFOUND,
		  "nothing was ever imported for %s: name a table", channel);
}

/* For the next import without a table, and for the backup. */
static int
keep(const struct config *c, const char *channel, const char *what,
    const struct faq_source *src, struct err *e)
{
	char *path = kept_path(c, channel, what);
	int rv = 0;

	if (src->p != NULL)
		rv = file_write(path, src->p, src->n, 0600, e);
	else
		unlink(path);
	x_free(path);
	return rv;
}

static int
keep_all(const struct config *c, const char *channel,
    const struct faq_sources *in, struct err *e)
{
	return keep(c, channel, "faq.tsv", &in->faq, e) == 0 &&
		keep(c, channel, "examples.tsv", &in->examples, e) == 0 &&
		keep(c, channel, "negatives.tsv", &in->negatives, e) == 0
	    ? 0
	    : -1;
}

static int
compile(const struct config *c, const char *channel, struct tables *t,
    struct err *e)
{
	char *store = serve_store(c), *dir = serve_path(c, "faq");
	char *path = mind_path(c->state_dir, channel);
	struct faq_report report;
	int rv = -1;

	lesson_read(store, channel, &t->lessons);
	if (t->lessons.n > 0)
		t->in.lessons = (struct faq_source){
		    "lessons", buf_str(&t->lessons), t->lessons.n};
	if (file_mkdirs(c->state_dir, 0700, e) == 0 &&
	    file_mkdirs(dir, 0700, e) == 0 &&
	    faq_compile(&t->in, path, &report, e) == 0)
		rv = keep_all(c, channel, &t->in, e);
	if (rv == 0)
		print_report(&report, channel);
	x_free(path);
	x_free(dir);
	x_free(store);
	return rv;
}

/* The madod that runs takes it in at once; none: at its start. */
static int
tell_running(const struct config *c, struct err *e)
{
	struct config *own;
	struct admin d = {0};
	int rv = -1;

	if (!admin_running(c))
		return 0;
	if ((own = config_read(c->file, e)) == NULL)
		return -1;
	if (admin_open(&d, own, e) == 0)
		rv = admin_call(&d, "POST", "/v1/faqs/reload", NULL, e);
	admin_close(&d);
	return rv;
}

int
admin_faq_import(const struct config *c, int argc, char **argv, struct err *e)
{
	const char *examples = admin_opt(&argc, argv, "--examples", true);
	const char *negatives = admin_opt(&argc, argv, "--negatives", true);
	const char *channel = channel_of(c, &argc, argv, e);
	struct tables t = {0};
	int rv = -1;

	if (channel == NULL ||
	    (argc > 0 && admin_words(argc, 1, "faq import", e) == -1))
		return -1;
	if (argc == 0 && (examples != NULL || negatives != NULL))
		return admin_words(argc, 1, "faq import", e);
	rv = argc == 0 ? load_last(c, channel, &t, e)
		       : load(&t.faq, argv[0], &t.in.faq, e);
	if (rv == 0 && load(&t.examples, examples, &t.in.examples, e) == 0 &&
	    load(&t.negatives, negatives, &t.in.negatives, e) == 0 &&
	    compile(c, channel, &t, e) == 0)
		rv = tell_running(c, e);
	else
		rv = -1;
	tables_free(&t);
	return rv;
}

/* Six digits are more than any test set tells. */
static void
add_share(struct buf *b, const char *name, double x)
{
	if (isnan(x))
		buf_printf(b, ",\"%s\":null", name);
	else
		buf_printf(b, ",\"%s\":%.6g", name, x);
}

static void
print_json(const struct faq_figures *f)
{
	struct buf b = {0};

	buf_printf(
	    &b, "{\"queries\":%zu,\"in_scope\":%zu", f->queries, f->in_scope);
#define SHARE(name) add_share(&b, #name, f->name)
	SHARE(answered);
	SHARE(right_of_answered);
	SHARE(right_of_answered_in_scope);
	SHARE(top1);
	SHARE(top3);
	SHARE(offered);
	SHARE(hit_of_offered);
	SHARE(out_of_scope_handed_over);
	SHARE(out_of_scope_offered);
	SHARE(auroc);
	SHARE(ms_p50);
	SHARE(ms_p99);
#undef SHARE
	buf_putc(&b, '}');
	puts(buf_str(&b));
	buf_free(&b);
}

/* One query a line: outcome, confidence, gold, the picks, its words. */
static void
print_query(
    void *arg, const char *text, const char *gold, const struct faq_verdict *v)
{
	(void)arg;
	printf("%s\t%.4f\t%s\t%s\t%s\t%s\t%s\n", faq_outcome_names[v->outcome],
	    v->confidence, gold, v->n > 0 ? v->ids[0] : "",
	    v->n > 1 ? v->ids[1] : "", v->n > 2 ? v->ids[2] : "", text);
}

int
admin_faq_eval(const struct config *c, int argc, char **argv, struct err *e)
{
	bool list = admin_opt(&argc, argv, "--list", false) != NULL;
	const char *channel = channel_of(c, &argc, argv, e);
	struct faq_source queries = {0};
	struct faq_figures figures;
	struct buf b = {0};
	struct faq *f = NULL;
	char *path = NULL;
	int rv = -1;

	admin_opt(&argc, argv, "--json", false);
	if (channel == NULL || admin_words(argc, 1, "faq eval", e) == -1 ||
	    load(&b, argv[0], &queries, e) == -1)
		goto out;
	path = mind_path(c->state_dir, channel);
	if ((f = faq_open(path, e)) == NULL)
		goto out;
	rv =
	    faq_eval(f, &queries, list ? print_query : NULL, NULL, &figures, e);
	if (rv == 0 && !list)
		print_json(&figures);
out:
	faq_free(f);
	x_free(path);
	buf_free(&b);
	return rv;
}
