/*
 * ls and show: conversations as lines. Order and views are the server's.
 */
#include <stdio.h>
#include <string.h>

#include <mado/when.h>

#include "cli.h"
#include "cli_out.h"
#include "i18n.h"
#include "said.h"
#include "sift.h"

enum { PAGE = 500, LIMIT = 100, LABEL_COLS = 16, NUMBER_B = 24 };

struct listing {
	struct cli *cli;
	struct desk_call call;
	int64_t left;
	bool quiet;
	char *cursor; /* arena's */
	struct err *e;
	int rc;
};

static const char *
who_has(const struct conv *c)
{
	if (c->assignee != NULL)
		return c->assignee;
	return c->mode == MODE_AUTO ? _("bot") : "-";
}

static const char *
state_name(const struct conv *c)
{
	static const char *const names[STATUS_N] = {
	    "", N_("follow-up"), N_("snoozed"), N_("resolved")};

	if (c->status >= 0 && c->status < STATUS_N && c->status != STATUS_OPEN)
		return _(names[c->status]);
	return c->mode == MODE_AUTO ? _("auto") : _("manual");
}

static void
put_tags(struct buf *b, const struct conv *c)
{
	for (size_t i = 0; i < c->tags.n; i++)
		buf_printf(b, "#%s ", c->tags.v[i]);
	for (size_t i = 0; c->contact != NULL && i < c->contact->tags.n; i++)
		buf_printf(b, "@%s ", c->contact->tags.v[i]);
}

static const char *
contact_name(const struct conv *c)
{
	return c->contact == NULL ? "" : c->contact->name;
}

static void
put_conv(struct buf *b, const struct conv *c)
{
	struct arena *a = arena_new();
	struct buf rest = {0};
	char span[16], unread[32] = "";
	int64_t waits = 0;

	if (c->waiting_since_ms != 0)
		waits = when_now_ms() - c->waiting_since_ms;
	if (c->unread > 0)
		snprintf(unread, sizeof(unread), "%lld", (long long)c->unread);
	buf_printf(b, "%-6lld %c", (long long)c->number, c->pinned ? '*' : ' ');
	out_cell(b, contact_name(c), 16);
	out_cell(b, state_name(c), 9);
	out_cell(b, who_has(c), 8);
	out_cell(b, out_span(waits, span), 4);
	out_cell(b, unread, 3);
	put_tags(&rest, c);
	if (c->last_message != NULL)
		buf_puts(&rest, said_text(c->last_message, a));
	out_rest(b, buf_str(&rest));
	buf_free(&rest);
	arena_free(a);
}

int
cli_print_conv(struct cli *c, const struct conv *v, const cJSON *json,
    bool quiet, struct err *e)
{
	struct buf b = {0};
	int rc;

	if (c->json)
		return out_json(json, e);
	if (quiet)
		buf_printf(&b, "%lld", (long long)v->number);
	else
		put_conv(&b, v);
	rc = out_line(&b, e);
	buf_free(&b);
	return rc;
}

static void
use_page(const struct desk_answer *a, void *arg)
{
	struct listing *l = arg;
	const cJSON *rows = json_arr(a->json, "conversations"), *row;
	size_t i = 0;

	l->cursor = arena_strdup(l->cli->arena, a->cursor);
	cJSON_ArrayForEach(row, rows)
	{
		if (l->left-- <= 0 || l->rc == -1)
			return;
		l->rc =
		    cli_print_conv(l->cli, a->convs[i++], row, l->quiet, l->e);
	}
}

static int
list_all(struct listing *l)
{
	do {
		l->call.limit = l->left < PAGE ? l->left : PAGE;
		l->call.cursor = l->cursor;
		if (cli_ask(l->cli, &l->call, use_page, l, l->e) == -1)
			return -1;
	} while (l->rc == 0 && l->cursor != NULL && l->left > 0);
	return l->rc;
}

/* A filter that cannot be read is shown, with what is wrong pointed at. */
static int
check_query(const char *query, struct err *e)
{
	struct buf caret = {0};
	struct filter *f;

	if (query == NULL)
		return 0;
	f = sift_read(query, &caret, e);
	if (f == NULL)
		fprintf(stderr, "%s\n%s\n", query, buf_str(&caret));
	buf_free(&caret);
	filter_free(f);
	return f == NULL ? -1 : 0;
}

/* A view of madorc is a query of its own, beside what else is asked. */
static int
use_view(struct cli *c, struct desk_call *call, struct err *e)
{
	const struct saved_view *v;

	if (call->view == NULL || name_find(view_names, call->view) >= 0)
		return 0;
	v = views_find(&c->settings->views, call->view);
	if (v == NULL)
		return err_set(e, ERR_INVALID,
		    _("no view %s; there are mine, waiting, auto, follow-up, "
		      "snoozed, open, resolved, all, problems and those of "
		      "madorc"),
		    call->view);
	call->view = view_names[v->base];
	call->query = call->query == NULL
	    ? v->query
	    : arena_sprintf(c->arena, "%s %s", v->query, call->query);
	return 0;
}

int
cmd_ls(struct cli *c, int argc, char **argv, struct err *e)
{
	struct listing l = {
	    .cli = c, .left = LIMIT, .e = e, .call = {.op = DESK_LIST}};
	const struct cli_opt opts[] = {{"--view", OPT_STR, &l.call.view},
	    {"--tag", OPT_STR, &l.call.tag},
	    {"--assignee", OPT_STR, &l.call.assignee},
	    {"--query", OPT_STR, &l.call.query}, {"--limit", OPT_INT, &l.left},
	    {"-q", OPT_FLAG, &l.quiet}, {NULL, OPT_FLAG, NULL}};

	if (cli_options(c, opts, &argc, argv, e) == -1 ||
	    cli_want(c, argc, 0, 0, e) == -1)
		return -1;
	if (check_query(l.call.query, e) == -1 || use_view(c, &l.call, e) == -1)
		return -1;
	if (l.left == 0)
		return 0;
	/* as filters have it */
	if (l.call.assignee != NULL && strcmp(l.call.assignee, "none") == 0)
		l.call.assignee = "-";
	return list_all(&l);
}

/* show */

static int
line(struct cli *c, const char *label, const char *value, struct err *e)
{
	struct buf b = {0};
	int rc = 0;

	(void)c;
	if (value != NULL && *value != '\0') {
		out_cell(&b, label, LABEL_COLS);
		out_text(&b, value);
		rc = out_line(&b, e);
	}
	buf_free(&b);
	return rc;
}

static int
line_time(struct cli *c, const char *label, int64_t ms, struct err *e)
{
	char text[32];

	return line(c, label, out_time(ms, text), e);
}

static int
line_csat(struct cli *c, const struct csat *s, struct err *e)
{
	char text[32];

	if (s == NULL)
		return 0;
	if (s->score == 0)
		return line_time(c, _("survey asked"), s->asked_ms, e);
	snprintf(text, sizeof(text), "%d/5", (int)s->score);
	if (line(c, _("survey"), text, e) == -1)
		return -1;
	return line(c, _("comment"), s->comment, e);
}

/* What they answered the bot, by the names that rules.conf gives. */
static int
line_fields(struct cli *c, const struct contact *p, struct err *e)
{
	for (size_t i = 0; p != NULL && i + 1 < p->fields.n; i += 2)
		if (line(c, p->fields.v[i], p->fields.v[i + 1], e) == -1)
			return -1;
	return 0;
}

static int
print_details(struct cli *c, const struct conv *v, struct err *e)
{
	struct buf tags = {0};
	char number[32], unread[32] = "";
	int rc;

	snprintf(number, sizeof(number), "#%lld", (long long)v->number);
	if (v->unread > 0)
		snprintf(unread, sizeof(unread), "%lld", (long long)v->unread);
	put_tags(&tags, v);
	rc = line(c, _("conversation"), number, e) == 0 &&
		line(c, _("contact"), contact_name(v), e) == 0 &&
		line(c, _("channel"), v->channel, e) == 0 &&
		line(c, _("state"), state_name(v), e) == 0 &&
		line(c, _("assigned to"), v->assignee, e) == 0 &&
		line(c, _("pinned"), v->pinned ? _("yes") : "", e) == 0 &&
		line(c, _("tags"), buf_str(&tags), e) == 0 &&
		line_fields(c, v->contact, e) == 0 &&
		line(c, _("unread"), unread, e) == 0 &&
		line_time(c, _("waiting since"), v->waiting_since_ms, e) == 0 &&
		line_time(c, _("opened"), v->opened_ms, e) == 0 &&
		line_time(c, _("resolved at"), v->resolved_ms, e) == 0 &&
		line_time(c, _("snoozed until"), v->snoozed_until_ms, e) == 0 &&
		line_time(
		    c, _("free reply until"), v->reply_free_until_ms, e) == 0 &&
		line_csat(c, v->csat, e) == 0 &&
		line(c, _("last message"),
		    v->last_message == NULL
			? ""
			: said_text(v->last_message, c->arena),
		    e) == 0
	    ? 0
	    : -1;
	buf_free(&tags);
	return rc;
}

static void
use_conv(const struct desk_answer *a, void *arg)
{
	struct listing *l = arg;

	if (a->n_convs == 0)
		return;
	l->rc = l->cli->json ? out_json(json_obj(a->json, "conversation"), l->e)
			     : print_details(l->cli, a->convs[0], l->e);
}

static int
show_one(struct listing *l, int64_t number, struct err *e)
{
	l->e = e;
	l->call.number = number;
	if (cli_ask(l->cli, &l->call, use_conv, l, e) == -1)
		return -1;
	return l->rc;
}

int
cmd_show(struct cli *c, int argc, char **argv, struct err *e)
{
	struct listing l = {.cli = c, .call = {.op = DESK_GET}};
	struct cli_many many = {.n = 0};
	struct cli_numbers v;
	struct err why;
	int rc;

	if (cli_options(c, NULL, &argc, argv, e) == -1 ||
	    cli_numbers(c, &argc, argv, 0, &v, e) == -1 ||
	    cli_want(c, argc, 0, 0, e) == -1)
		return -1;
	many.n = v.n;
	for (size_t i = 0; i < v.n && !many.over; i++) {
		char name[NUMBER_B];

		err_clear(&why);
		snprintf(name, sizeof(name), "#%lld", (long long)v.v[i]);
		rc = show_one(&l, v.v[i], &why);
		cli_many_add(&many, name, rc, &why);
		if (rc == 0 && i + 1 < v.n && !c->json)
			printf("\n");
	}
	return cli_many_end(&many, e);
}
