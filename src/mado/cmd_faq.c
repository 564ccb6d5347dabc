/*
 * why, faq: what the bot decided and by what, and saying that it was right or
 * wrong, which the next import learns from after a review.
 */
#include <string.h>

#include <mado/mem.h>
#include <mado/text.h>

#include "cli.h"
#include "cli_out.h"
#include "i18n.h"
#include "reason.h"

struct asking {
	struct cli *cli;
	const char *words; /* of faq ls, NULL: all */
	bool quiet;
	struct err *e;
	int rc;
};

/* null where the bot decided nothing */
static int
print_why(const cJSON *why, struct err *e)
{
	cJSON *none = cJSON_CreateNull();
	int rc = out_json(why != NULL ? why : none, e);

	cJSON_Delete(none);
	return rc;
}

static void
use_why(const struct desk_answer *answer, void *arg)
{
	struct asking *q = arg;
	struct strs lines;
	struct buf b = {0};

	if (answer->err.code != ERR_NONE)
		return;
	if (q->cli->json) {
		q->rc = print_why(json_obj(answer->json, "why"), q->e);
		return;
	}
	lines = reason_lines(answer->json, q->cli->arena);
	for (size_t i = 0; i < lines.n && q->rc == 0; i++) {
		buf_reset(&b);
		out_text(&b, lines.v[i]);
		q->rc = out_line(&b, q->e);
	}
	buf_free(&b);
}

int
cmd_why(struct cli *c, int argc, char **argv, struct err *e)
{
	struct asking q = {.cli = c, .e = e};
	const struct cli_opt opts[] = {{NULL, OPT_FLAG, NULL}};
	struct desk_call call = {.op = DESK_WHY};

	if (cli_options(c, opts, &argc, argv, e) == -1 ||
	    cli_want(c, argc, 1, 1, e) == -1)
		return -1;
	call.id = argv[1];
	if (cli_desk(c, e) == -1 || cli_ask(c, &call, use_why, &q, e) == -1)
		return -1;
	return q.rc;
}

static int
print_faq(struct asking *q, const cJSON *f)
{
	const char *id = json_str(f, "id", "");
	struct buf b = {0};
	int rc;

	if (q->words != NULL && !text_contains(id, q->words) &&
	    !text_contains(json_str(f, "question", ""), q->words) &&
	    !text_contains(json_str(f, "answer", ""), q->words))
		return 0;
	if (q->cli->json)
		return out_json(f, q->e);
	if (q->quiet)
		out_text(&b, id);
	else {
		out_cell(&b, id, 16);
		out_rest(&b, json_str(f, "question", ""));
	}
	rc = out_line(&b, q->e);
	buf_free(&b);
	return rc;
}

static void
use_faqs(const struct desk_answer *answer, void *arg)
{
	struct asking *q = arg;
	const cJSON *f;

	cJSON_ArrayForEach(f, json_arr(answer->json, "faqs"))
	{
		if (q->rc == 0)
			q->rc = print_faq(q, f);
	}
}

static int
faq_ls(struct cli *c, int argc, char **argv, struct asking *q)
{
	struct desk_call call = {.op = DESK_FAQS};

	if (argc > 3)
		return cli_usage(c, q->e);
	q->words = argc > 2 ? argv[2] : NULL;
	return cli_ask(c, &call, use_faqs, q, q->e) == -1 ? -1 : q->rc;
}

static int
faq_judge(struct cli *c, int argc, char **argv, struct asking *q)
{
	bool right = strcmp(argv[1], "right") == 0;
	struct desk_call call = {.op = DESK_JUDGE};
	cJSON *args;
	int rc;

	if (argc < 3 || argc > (right ? 4 : 3))
		return cli_usage(c, q->e);
	args = cJSON_CreateObject();
	cJSON_AddBoolToObject(args, "right", right);
	if (argc > 3)
		cJSON_AddStringToObject(args, "faq", argv[3]);
	call.id = argv[2];
	call.args = args;
	rc = cli_ask(c, &call, c->json ? use_why : NULL, q, q->e);
	cJSON_Delete(args);
	return rc == -1 ? -1 : q->rc;
}

static const struct {
	const char *name;
	int (*run)(struct cli *c, int argc, char **argv, struct asking *q);
} subs[] = {{"ls", faq_ls}, {"right", faq_judge}, {"wrong", faq_judge}};

int
cmd_faq(struct cli *c, int argc, char **argv, struct err *e)
{
	struct asking q = {.cli = c, .e = e};
	const struct cli_opt opts[] = {
	    {"-q", OPT_FLAG, &q.quiet}, {NULL, OPT_FLAG, NULL}};

	if (cli_options(c, opts, &argc, argv, e) == -1)
		return -1;
	for (size_t i = 0; argc > 1 && i < sizeof(subs) / sizeof(subs[0]); i++)
		if (strcmp(argv[1], subs[i].name) == 0)
			return cli_desk(c, e) == -1
			    ? -1
			    : subs[i].run(c, argc, argv, &q);
	return cli_usage(c, e);
}
