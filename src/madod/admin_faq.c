/* The subcommands `faq ..`: see admin_faq.h. Called by admin.c's table. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include <mado/buf.h>
#include <mado/mem.h>

#include "admin.h"
#include "admin_faq.h"
#include "faq.h"
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
	if (isnan(r->answered)) {
		printf("too few examples to try it on: answers by the FAQs' "
		       "own words, with care\n");
		return;
	}
	printf("tried, with a third of the questions foreign to it: answers "
	       "%.0f %% of all, %.0f %% of them right\n",
	    100 * r->answered, 100 * r->right);
}

int
admin_faq_import(const struct config *c, int argc, char **argv, struct err *e)
{
	const char *examples = admin_opt(&argc, argv, "--examples", true);
	const char *negatives = admin_opt(&argc, argv, "--negatives", true);
	const char *channel = channel_of(c, &argc, argv, e);
	struct faq_sources in = {0};
	struct faq_report report;
	struct buf faq = {0}, ex = {0}, neg = {0};
	char *path = NULL, *dir = serve_path(c, "faq");
	int rv = -1;

	if (channel == NULL || admin_words(argc, 1, "faq import", e) == -1 ||
	    load(&faq, argv[0], &in.faq, e) == -1 ||
	    load(&ex, examples, &in.examples, e) == -1 ||
	    load(&neg, negatives, &in.negatives, e) == -1 ||
	    file_mkdirs(c->state_dir, 0700, e) == -1 ||
	    file_mkdirs(dir, 0700, e) == -1)
		goto out;
	path = mind_path(c->state_dir, channel);
	if ((rv = faq_compile(&in, path, &report, e)) == 0)
		print_report(&report, channel);
out:
	x_free(path);
	x_free(dir);
	buf_free(&faq);
	buf_free(&ex);
	buf_free(&neg);
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
