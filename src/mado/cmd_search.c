/*
 * search: what was ever said, found by its words, newest first. The server
 * finds it, and says which bytes to mark.
 */
#include <string.h>

#include <mado/mem.h>

#include "cli.h"
#include "cli_out.h"
#include "i18n.h"

enum {
	PAGE = 100,
	LIMIT = 50,
	WORDS_MAX_B = 4096,
	NAME_COLS = 16,
	AUTHOR_COLS = 8
};

struct searching {
	struct cli *cli;
	struct desk_call call;
	int64_t left;
	bool quiet;    /* the conversations' numbers, each once */
	int64_t *told; /* those printed */
	size_t n_told;
	char *cursor; /* arena's */
	struct err *e;
	int rc;
};

/* [[offset,length],..] of the text, as a flag a byte. What does not lie in it
 * is left out. */
static bool *
marks_read(const cJSON *matches, size_t n, struct arena *a)
{
	bool *marked = arena_calloc(a, n + 1, sizeof(*marked));
	const cJSON *m;
	double from, len;

	cJSON_ArrayForEach(m, matches)
	{
		from = cJSON_GetNumberValue(cJSON_GetArrayItem(m, 0));
		len = cJSON_GetNumberValue(cJSON_GetArrayItem(m, 1));
		if (from >= 0 && len > 0 && from + len <= (double)n)
			memset(marked + (size_t)from, true, (size_t)len);
	}
	return marked;
}

static const char *
said_by(const struct msg *m)
{
	static const char *const names[FROM_N] = {
	    N_("customer"), N_("bot"), N_("agent"), N_("system")};

	if (m->author != NULL)
		return m->author;
	return m->from >= 0 && m->from < FROM_N ? _(names[m->from]) : "";
}

static int
print_hit(struct searching *s, const cJSON *hit, struct arena *a)
{
	struct out_marks marks;
	struct contact t = {0};
	struct buf b = {0};
	struct msg m = {0};
	char at[32];
	int rc = -1;

	if (json_decode(&msg_json, json_obj(hit, "message"), &m, a, s->e) ==
		-1 ||
	    json_decode(&contact_json, json_obj(hit, "contact"), &t, a, s->e) ==
		-1)
		goto out;
	marks.text = m.text;
	marks.marked = marks_read(json_arr(hit, "matches"), strlen(m.text), a);
	if (m.conversation != 0)
		buf_printf(&b, "#%-5lld ", (long long)m.conversation);
	else
		buf_printf(&b, "%-6s ", "-");
	buf_printf(&b, "%s ", out_time(m.at_ms, at));
	out_cell(&b, t.name, NAME_COLS);
	out_cell(&b, m.type == MSG_NOTE ? _("note") : said_by(&m), AUTHOR_COLS);
	out_marked(&b, &marks);
	rc = out_line(&b, s->e);
out:
	buf_free(&b);
	return rc;
}

/* A conversation's number, the first time that it is found. */
static int
print_number(struct searching *s, const cJSON *hit)
{
	int64_t n = json_int(hit, "conversation", 0);
	struct buf b = {0};
	int rc;

	if (n == 0)
		return 0;
	for (size_t i = 0; i < s->n_told; i++)
		if (s->told[i] == n)
			return 0;
	s->told = x_realloc(s->told, s->n_told + 1, sizeof(*s->told));
	s->told[s->n_told++] = n;
	buf_printf(&b, "%lld", (long long)n);
	rc = out_line(&b, s->e);
	buf_free(&b);
	return rc;
}

static int
print_any(struct searching *s, const cJSON *hit, struct arena *a)
{
	if (s->cli->json)
		return out_json(hit, s->e);
	return s->quiet ? print_number(s, hit) : print_hit(s, hit, a);
}

static void
use_hits(const struct desk_answer *answer, void *arg)
{
	const cJSON *hits = json_arr(answer->json, "hits"), *hit;
	struct searching *s = arg;
	struct arena *a = arena_new();

	s->cursor = arena_strdup(s->cli->arena, answer->cursor);
	cJSON_ArrayForEach(hit, hits)
	{
		if (s->rc == -1 || s->left-- <= 0)
			break;
		s->rc = print_any(s, hit, a);
		arena_reset(a);
	}
	arena_free(a);
}

/* A page may hold fewer than asked for, even none, and still not be the last:
 * the server looks at so many messages at a time. */
static int
search_all(struct searching *s)
{
	do {
		s->call.limit = s->left < PAGE ? s->left : PAGE;
		s->call.cursor = s->cursor;
		if (cli_ask(s->cli, &s->call, use_hits, s, s->e) == -1)
			return -1;
		if (s->rc == 0)
			s->rc = out_flush(s->e);
	} while (s->rc == 0 && s->cursor != NULL && s->left > 0);
	return s->rc;
}

int
cmd_search(struct cli *c, int argc, char **argv, struct err *e)
{
	struct searching s = {
	    .cli = c, .left = LIMIT, .e = e, .call = {.op = DESK_SEARCH}};
	const struct cli_opt opts[] = {{"--limit", OPT_INT, &s.left},
	    {"-q", OPT_FLAG, &s.quiet}, {NULL, OPT_FLAG, NULL}};
	struct buf words = {0};
	int rc = -1;

	if (cli_options(c, opts, &argc, argv, e) == -1)
		return -1;
	for (int i = 1; i < argc; i++)
		buf_printf(&words, "%s%s", i > 1 ? " " : "", argv[i]);
	s.call.query = buf_str(&words);
	if (argc < 2)
		rc = cli_usage(c, e);
	else if (words.n > WORDS_MAX_B) /* the desk's limit, in its words */
		rc = err_set(e, ERR_INVALID,
		    _("these are more than the %d bytes that can be searched "
		      "for"),
		    WORDS_MAX_B);
	else if (s.left == 0)
		rc = 0;
	else
		rc = search_all(&s);
	x_free(s.told);
	buf_free(&words);
	return rc;
}
