/*
 * Rows to nouns: one statement a noun, the lists by a table of views.
 */
#include <stdio.h>
#include <string.h>

#include <mado/text.h>
#include <mado/when.h>

#include "q.h"
#include "q_bot.h"

enum { SIFT_MAX = 2000 }; /* rows a filtered page looks at: some 50 ms */

struct strs
q_strs(struct arena *a, const char *joined)
{
	struct strs s = {0};
	char *p, *save = NULL;
	const char *c;

	if (joined == NULL)
		return s;
	for (s.n = 1, c = joined; *c != '\0'; c++)
		s.n += *c == '\n';
	s.v = arena_calloc(a, s.n, sizeof(*s.v));
	s.n = 0;
	for (p = strtok_r(arena_strdup(a, joined), "\n", &save); p != NULL;
	     p = strtok_r(NULL, "\n", &save))
		s.v[s.n++] = p;
	return s;
}

#define Q_CONTACT                                                        \
	"t.id,t.name,t.kind,t.language,t.picture_url,t.status_message,"  \
	"t.blocked,t.since_at,(SELECT group_concat(tag,char(10)) FROM"   \
	" contact_tag WHERE contact=t.id),"                              \
	"(SELECT group_concat(x,char(10)) FROM (SELECT name||char(10)||" \
	"value AS x FROM contact_field WHERE contact=t.id ORDER BY at,"  \
	"name))"

static struct contact *
q_contact_row(struct sql_rows *q, int col, struct arena *a)
{
	struct contact *c = arena_new_of(a, struct contact);

	c->id = sql_int(q, col);
	c->name = arena_strdup(a, sql_text(q, col + 1));
	c->kind = arena_strdup(a, sql_text(q, col + 2));
	c->language = arena_strdup(a, sql_text(q, col + 3));
	c->picture_url = arena_strdup(a, sql_text(q, col + 4));
	c->status_message = arena_strdup(a, sql_text(q, col + 5));
	c->blocked = sql_int(q, col + 6) != 0;
	c->since_ms = sql_int(q, col + 7);
	c->tags = q_strs(a, sql_text(q, col + 8));
	c->fields = q_strs(a, sql_text(q, col + 9));
	return c;
}

struct contact *
q_contact(struct sql *db, struct arena *a, int64_t id)
{
	struct sql_rows *q;
	struct contact *c;

	q = sql_query(
	    db, "SELECT " Q_CONTACT " FROM contact t WHERE t.id=?1", "i", id);
	if (!sql_next(q))
		return NULL;
	c = q_contact_row(q, 0, a);
	sql_done(q);
	return c;
}

static struct media *
q_media_row(struct sql_rows *q, int col, struct arena *a)
{
	struct media *m;

	if (sql_is_null(q, col))
		return NULL;
	m = arena_new_of(a, struct media);
	m->state = arena_strdup(a, sql_text(q, col));
	m->type = arena_strdup(a, sql_text(q, col + 1));
	m->size_b = sql_int(q, col + 2);
	m->url = arena_strdup(a, sql_text(q, col + 3));
	m->file_name = arena_strdup(a, sql_text(q, col + 4));
	return m;
}

struct msg *
q_msg(struct sql *db, struct arena *a, int64_t id)
{
	struct sql_rows *q;
	struct msg *m;

	q = sql_query(db,
	    "SELECT m.uid,m.conversation,m.at,m.sender,m.author,m.type,m.text,"
	    "m.state,m.via,m.error,m.line_id,m.unsent,m.edited_at,m.why,m.id,"
	    "m.rev,m.media_state,m.media_type,m.media_size,m.media_url,"
	    "m.media_name,m.quoted,r.text FROM message m"
	    " LEFT JOIN message r ON r.uid=m.quoted WHERE m.id=?1",
	    "i", id);
	if (!sql_next(q))
		return NULL;
	m = arena_new_of(a, struct msg);
	m->id = arena_strdup(a, sql_text(q, 0));
	m->conversation = sql_int(q, 1);
	m->at_ms = sql_int(q, 2);
	m->from = (int)sql_int(q, 3);
	m->author = arena_strdup(a, sql_text(q, 4));
	m->type = (int)sql_int(q, 5);
	m->text = arena_strdup(a, sql_text(q, 6));
	m->state = (int)sql_int(q, 7);
	m->via = sql_is_null(q, 8) ? -1 : (int)sql_int(q, 8);
	m->error = arena_strdup(a, sql_text(q, 9));
	m->line_id = arena_strdup(a, sql_text(q, 10));
	m->unsent = sql_int(q, 11) != 0;
	m->edited = !sql_is_null(q, 12);
	m->why = arena_strdup(a, sql_text(q, 13));
	m->order = sql_int(q, 14);
	m->rev = sql_int(q, 15);
	m->media = q_media_row(q, 16, a);
	if (!sql_is_null(q, 21)) {
		m->quoted = arena_new_of(a, struct quote);
		m->quoted->id = arena_strdup(a, sql_text(q, 21));
		m->quoted->text = arena_strdup(a, sql_text(q, 22));
	}
	sql_done(q);
	return m;
}

int64_t
q_msg_id(struct sql *db, const char *uid)
{
	return sql_get_int(
	    db, 0, "SELECT id FROM message WHERE uid=?1", "s", uid);
}

static struct csat *
q_csat_row(struct sql_rows *q, int col, struct arena *a)
{
	struct csat *s;

	if (sql_is_null(q, col))
		return NULL;
	s = arena_new_of(a, struct csat);
	s->asked_ms = sql_int(q, col);
	s->answered_ms = sql_int(q, col + 1);
	s->score = sql_int(q, col + 2);
	s->comment = arena_strdup(a, sql_text(q, col + 3));
	return s;
}

struct conv *
q_conv(struct sql *db, struct arena *a, int64_t number, int64_t now_ms)
{
	struct sql_rows *q;
	int64_t last, token;
	struct conv *c;

	q = sql_query(db,
	    "SELECT c.number,c.channel,c.mode,c.status,c.pinned,c.unread,"
	    "u.name,c.team,c.waiting_since,c.opened_at,c.resolved_at,"
	    "c.snoozed_until,c.problems,c.rev,c.last_message,"
	    "c.csat_asked,c.csat_answered,c.csat_score,c.csat_comment,"
	    "(SELECT group_concat(tag,char(10)) FROM conversation_tag WHERE"
	    " conversation=c.number),(SELECT max(received_at) FROM reply_token"
	    " WHERE identity=c.identity)," Q_CONTACT
	    " FROM conversation c JOIN contact t ON t.id=c.contact"
	    " LEFT JOIN user u ON u.id=c.assignee WHERE c.number=?1",
	    "i", number);
	if (!sql_next(q))
		return NULL;
	c = arena_new_of(a, struct conv);
	c->number = sql_int(q, 0);
	c->channel = arena_strdup(a, sql_text(q, 1));
	c->mode = (int)sql_int(q, 2);
	c->status = (int)sql_int(q, 3);
	c->pinned = sql_int(q, 4) != 0;
	c->unread = sql_int(q, 5);
	c->assignee = arena_strdup(a, sql_text(q, 6));
	c->team = arena_strdup(a, sql_text(q, 7));
	c->waiting_since_ms = sql_int(q, 8);
	c->opened_ms = sql_int(q, 9);
	c->resolved_ms = sql_int(q, 10);
	c->snoozed_until_ms = sql_int(q, 11);
	c->problems = sql_int(q, 12);
	c->rev = sql_int(q, 13);
	last = sql_int(q, 14);
	c->csat = q_csat_row(q, 15, a);
	c->tags = q_strs(a, sql_text(q, 19));
	token = sql_int(q, 20) + REPLY_TOKEN_LIFE_S * 1000;
	c->reply_free_until_ms = token > now_ms ? token : 0;
	c->contact = q_contact_row(q, 21, a);
	sql_done(q);
	c->last_message = last != 0 ? q_msg(db, a, last) : NULL;
	c->cost = sql_get_int(db, 0,
	    "SELECT total(cost) FROM message WHERE conversation=?1 AND cost IS"
	    " NOT NULL",
	    "i", number);
	if (c->mode == MODE_MANUAL && c->waiting_since_ms != 0)
		c->suggestion = q_suggestion(db, a, number);
	return c;
}

/* The inbox's pages. What a view holds is one condition; ?1-?4 the cursor. */
#define Q_ROWS(cond)                                                         \
	"SELECT number,k1,k2,k3 FROM conversation c WHERE " cond             \
	" AND (k1,k2,k3,number)>(?1,?2,?3,?4)"                               \
	" AND (?5 IS NULL OR EXISTS(SELECT 1 FROM conversation_tag x"        \
	"  WHERE x.conversation=c.number AND x.tag=?5))"                     \
	" AND (?6 IS NULL OR EXISTS(SELECT 1 FROM contact_tag x"             \
	"  WHERE x.contact=c.contact AND x.tag=?6))"                         \
	" AND (?7 IS NULL OR ifnull((SELECT name FROM user WHERE"            \
	"  id=c.assignee),'-')=?7)"                                          \
	" AND (?8 IS NULL OR NOT EXISTS(SELECT 1 FROM json_each(?8) w WHERE" \
	"  NOT EXISTS(SELECT 1 FROM message m WHERE m.conversation=c.number" \
	"   AND m.text LIKE w.value ESCAPE '\\')"                            \
	"  AND NOT EXISTS(SELECT 1 FROM contact n WHERE n.id=c.contact"      \
	"   AND n.name LIKE w.value ESCAPE '\\')"                            \
	"  AND NOT EXISTS(SELECT 1 FROM conversation_tag x WHERE"            \
	"   x.conversation=c.number AND x.tag LIKE w.value ESCAPE '\\')))"   \
	" AND (?10 IS NULL OR assignee=(SELECT id FROM user WHERE name=?10))"
#define Q_ORDER      " ORDER BY k1,k2,k3,number LIMIT ?9"
#define Q_LIST(cond) Q_ROWS(cond) Q_ORDER

static const char *const q_lists[VIEW_N] = {
    [VIEW_MINE] = Q_LIST("status<2 AND assignee=(SELECT id FROM user WHERE"
			 " name=?10)"),
    [VIEW_WAITING] = Q_LIST("mode=1 AND assignee IS NULL AND status<2"),
    [VIEW_AUTO] = Q_LIST("mode=0 AND status<>3 AND status<>2"),
    [VIEW_FOLLOW_UP] = Q_LIST("status=1"),
    [VIEW_OPEN] = Q_LIST("status<>3"),
    [VIEW_SNOOZED] = Q_LIST("status=2"),
    [VIEW_RESOLVED] = Q_LIST("status=3"),
    /* two indexes merged: one over all would be rewritten by each message */
    [VIEW_ALL] = Q_ROWS("status<>3") " UNION ALL " Q_ROWS("status=3") Q_ORDER,
    [VIEW_PROBLEMS] = Q_LIST("problems>0")};

/* LIKE's pattern for text that holds the word. */
static const char *
q_pattern(struct arena *a, const char *word)
{
	struct buf b = {0};
	const char *out;

	buf_putc(&b, '%');
	for (; *word != '\0'; word++) {
		if (*word == '%' || *word == '_' || *word == '\\')
			buf_putc(&b, '\\');
		buf_putc(&b, *word);
	}
	buf_putc(&b, '%');
	out = arena_strdup(a, buf_str(&b));
	buf_free(&b);
	return out;
}

/* Words as a JSON array of LIKE patterns; NULL when there are none. */
static const char *
q_patterns(struct arena *a, const char *words)
{
	char *w, *save = NULL, *copy = arena_strdup(a, words);
	struct buf b = {0};
	const char *out = NULL;

	for (w = strtok_r(copy, " \t\n", &save); w != NULL;
	     w = strtok_r(NULL, " \t\n", &save)) {
		buf_puts(&b, b.n == 0 ? "[" : ",");
		json_put_str(&b, q_pattern(a, w));
	}
	if (b.n > 0) {
		buf_putc(&b, ']');
		out = arena_strdup(a, buf_str(&b));
	}
	buf_free(&b);
	return out;
}

static int64_t
q_page(struct sql *db, struct arena *a, const struct q_list *l, int64_t *out,
    const char **next, struct err *e)
{
	long long k[4] = {-1, -1, -1, -1};
	const char *words = l->query ? q_patterns(a, l->query) : NULL;
	bool contact = l->tag != NULL && l->tag[0] == '@';
	struct sql_rows *q;
	int64_t n = 0;
	int i;

	k[2] = INT64_MIN;
	if (l->cursor != NULL &&
	    sscanf(l->cursor, "%lld.%lld.%lld.%lld", &k[0], &k[1], &k[2],
		&k[3]) != 4)
		return err_set(e, ERR_INVALID,
		    "\"after\" is not a cursor that this server gave");
	q = sql_query(db, q_lists[l->view], "iiiissssis", (int64_t)k[0],
	    (int64_t)k[1], (int64_t)k[2], (int64_t)k[3],
	    contact ? NULL : l->tag, contact ? l->tag + 1 : NULL, l->assignee,
	    words, l->limit, l->view == VIEW_MINE ? l->me : NULL);
	while (sql_next(q)) {
		out[n++] = sql_int(q, 0);
		for (i = 0; i < 3; i++)
			k[i] = sql_int(q, i + 1);
		k[3] = sql_int(q, 0);
	}
	*next = n < l->limit
	    ? NULL
	    : arena_sprintf(a, "%lld.%lld.%lld.%lld", k[0], k[1], k[2], k[3]);
	return n;
}

/* A filter's words: in the row, else in anything that was said. */
static bool
q_holds(const struct conv *c, const char *words, void *arg)
{
	struct sql_rows *q;
	struct buf b = {0};
	bool found = filter_row_holds(c, words);

	if (found)
		return true;
	q = sql_query(arg, "SELECT text FROM message WHERE conversation=?1",
	    "i", c->number);
	while (!found && sql_next(q)) {
		buf_reset(&b);
		text_fold(&b, sql_text(q, 0));
		found = strstr(buf_str(&b), words) != NULL;
	}
	sql_done(q);
	buf_free(&b);
	return found;
}

/* Of the candidates those that match; how many. */
static int64_t
q_sift(struct sql *db, const struct q_list *l, int64_t *numbers, int64_t n)
{
	struct filter_env env = {
	    .now_ms = when_now_ms(), .me = l->me, .holds = q_holds, .arg = db};
	struct arena *a = arena_new();
	struct conv *c;
	int64_t kept = 0;

	for (int64_t i = 0; i < n; i++) {
		c = q_conv(db, a, numbers[i], env.now_ms);
		if (c != NULL && filter_match(l->filter, c, &env))
			numbers[kept++] = numbers[i];
		arena_reset(a);
	}
	arena_free(a);
	return kept;
}

int64_t
q_list(struct sql *db, struct arena *a, const struct q_list *l, int64_t *out,
    const char **next, struct err *e)
{
	struct q_list step = *l;
	int64_t found = 0, looked = 0, n;

	if (l->filter == NULL)
		return q_page(db, a, l, out, next, e);
	do {
		step.limit = l->limit - found;
		n = q_page(db, a, &step, out + found, next, e);
		if (n == -1)
			return -1;
		looked += n;
		found += q_sift(db, l, out + found, n);
		step.cursor = *next;
	} while (*next != NULL && found < l->limit && looked < SIFT_MAX);
	return found;
}

void
q_counts(struct sql *db, const char *me, int64_t counts[VIEW_N])
{
	struct sql_rows *q;

	memset(counts, 0, VIEW_N * sizeof(counts[0]));
	q = sql_query(db,
	    "SELECT sum(status<2 AND assignee=(SELECT id FROM user WHERE"
	    " name=?1)), sum(mode=1 AND assignee IS NULL AND status<2),"
	    " sum(mode=0 AND status<>2), sum(status=1), count(*), sum(status=2),"
	    " (SELECT count(*) FROM conversation WHERE problems>0)"
	    " FROM conversation WHERE status<>3",
	    "s", me);
	if (!sql_next(q))
		return;
	counts[VIEW_MINE] = sql_int(q, 0);
	counts[VIEW_WAITING] = sql_int(q, 1);
	counts[VIEW_AUTO] = sql_int(q, 2);
	counts[VIEW_FOLLOW_UP] = sql_int(q, 3);
	counts[VIEW_OPEN] = sql_int(q, 4);
	counts[VIEW_SNOOZED] = sql_int(q, 5);
	counts[VIEW_PROBLEMS] = sql_int(q, 6);
	sql_done(q);
}

int64_t
q_thread(struct sql *db, struct arena *a, const struct q_thread *t,
    int64_t *out, const char **before, struct err *e)
{
	long long at = INT64_MAX, id = INT64_MAX;
	struct sql_rows *q;
	int64_t n = 0, i, swap;

	if (t->cursor != NULL && sscanf(t->cursor, "%lld.%lld", &at, &id) != 2)
		return err_set(e, ERR_INVALID,
		    "\"before\" is not a cursor that this server gave");
	q = sql_query(db,
	    t->contact
		? "SELECT id,at FROM message WHERE contact=(SELECT contact FROM"
		  " conversation WHERE number=?1) AND (at,id)<(?2,?3)"
		  " ORDER BY at DESC, id DESC LIMIT ?4"
		: "SELECT id,at FROM message WHERE conversation=?1"
		  " AND (at,id)<(?2,?3) ORDER BY at DESC, id DESC LIMIT ?4",
	    "iiii", t->number, (int64_t)at, (int64_t)id, t->limit);
	while (sql_next(q)) {
		id = out[n++] = sql_int(q, 0);
		at = sql_int(q, 1);
	}
	*before = n < t->limit ? NULL : arena_sprintf(a, "%lld.%lld", at, id);
	for (i = 0; i < n / 2; i++) {
		swap = out[i];
		out[i] = out[n - 1 - i];
		out[n - 1 - i] = swap;
	}
	return n;
}

/* One feed row, joined with what it names as that is now. */
static void
q_event(struct sql *db, struct sql_rows *q, int64_t epoch, struct arena *a,
    struct buf *out)
{
	struct event_data d = {0};
	struct event ev = {.seq = sql_int(q, 0),
	    .epoch = epoch,
	    .at_ms = sql_int(q, 1),
	    .kind = sql_text(q, 2),
	    .conversation = sql_int(q, 3),
	    .actor = sql_text(q, 6),
	    .why = sql_text(q, 7),
	    .data = &d};
	int64_t message = sql_int(q, 4), contact = sql_int(q, 5);

	if (message != 0)
		d.message = q_msg(db, a, message);
	if (d.message != NULL) {
		d.message_id = d.message->id;
		if (d.message->unsent)
			d.message = NULL;
	}
	if (ev.conversation != 0)
		d.conversation = q_conv(db, a, ev.conversation, ev.at_ms);
	if (contact != 0)
		d.contact = q_contact(db, a, contact);
	json_encode(out, &event_json, &ev);
}

int64_t
q_feed(struct sql *db, int64_t epoch, int64_t after, int64_t limit,
    struct buf *out, int64_t *last)
{
	struct arena *a = arena_new();
	struct sql_rows *q;
	struct buf list = {0};
	int64_t n = 0;

	*last = after;
	q = sql_query(db,
	    "SELECT seq,at,kind,conversation,message,contact,actor,why"
	    " FROM feed WHERE seq>?1 ORDER BY seq LIMIT ?2",
	    "ii", after, limit);
	while (sql_next(q)) {
		buf_puts(&list, n++ > 0 ? "," : "");
		*last = sql_int(q, 0);
		q_event(db, q, epoch, a, &list);
		arena_reset(a);
	}
	buf_printf(out, "{\"epoch\":%lld,\"seq\":%lld,\"events\":[",
	    (long long)epoch, (long long)*last);
	buf_add(out, list.p ? list.p : "", list.n);
	buf_printf(out, "],\"more\":%s}", n == limit ? "true" : "false");
	buf_free(&list);
	arena_free(a);
	return n;
}
