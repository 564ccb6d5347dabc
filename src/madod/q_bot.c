/* Decisions and lessons as JSON: see q_bot.h. */
#include <string.h>

#include "q_bot.h"

/* A bot's message and a handoff's line are made in the act that decided. */
int64_t
q_decided(struct sql *db, int64_t id)
{
	int64_t own = sql_get_int(
	    db, 0, "SELECT message FROM decision WHERE message=?1", "i", id);

	if (own != 0)
		return own;
	return sql_get_int(db, 0,
	    "SELECT max(d.message) FROM message m JOIN decision d"
	    " ON d.conversation=m.conversation AND d.message<m.id"
	    " AND d.at=m.at WHERE m.id=?1 AND m.sender IN (1,3)",
	    "i", id);
}

struct suggestion *
q_suggestion(struct sql *db, struct arena *a, int64_t number)
{
	struct suggestion *s = NULL;
	struct sql_rows *q;
	const cJSON *pick;
	cJSON *o;

	q = sql_query(db,
	    "SELECT d.data,m.uid FROM decision d JOIN message m ON"
	    " m.id=d.message WHERE d.message=(SELECT max(message) FROM decision"
	    " WHERE conversation=?1) AND m.unsent=0",
	    "i", number);
	if (!sql_next(q))
		return NULL;
	o = cJSON_Parse(sql_text(q, 0));
	pick = cJSON_GetArrayItem(json_arr(o, "picks"), 0);
	if (pick != NULL && json_str(o, "answer", NULL) != NULL) {
		s = arena_new_of(a, struct suggestion);
		s->message = arena_strdup(a, sql_text(q, 1));
		s->faq = arena_strdup(a, json_str(pick, "id", ""));
		s->question = arena_strdup(a, json_str(pick, "question", ""));
		s->text = arena_strdup(a, json_str(o, "answer", ""));
		s->percent = (int64_t)(100 *
		    cJSON_GetNumberValue(cJSON_GetObjectItem(o, "confidence")));
	}
	sql_done(q);
	cJSON_Delete(o);
	return s;
}

static void
add_judged(struct buf *b, struct sql_rows *q, int col)
{
	json_add_str(b, "judged",
	    sql_is_null(q, col)        ? NULL
		: sql_int(q, col) != 0 ? "right"
				       : "wrong");
	json_add_str(b, "judged_by", sql_text(q, col + 1));
	json_add_str(b, "judged_faq", sql_text(q, col + 2));
}

bool
q_why(struct sql *db, struct buf *b, int64_t id)
{
	struct sql_rows *q = sql_query(db,
	    "SELECT m.uid,m.text,d.at,d.judged,d.judged_by,d.judged_faq,d.data"
	    " FROM decision d JOIN message m ON m.id=d.message"
	    " WHERE d.message=?1",
	    "i", q_decided(db, id));

	if (!sql_next(q))
		return false;
	buf_putc(b, '{');
	json_add_str(b, "message", sql_text(q, 0));
	json_add_str(b, "text", sql_text(q, 1));
	json_add_time(b, "at", sql_int(q, 2));
	add_judged(b, q, 3);
	json_put_key(b, "decision");
	buf_puts(b, sql_text(q, 6));
	buf_putc(b, '}');
	sql_done(q);
	return true;
}

void
q_lessons(struct sql *db, struct buf *b, const char *channel, int64_t state)
{
	struct sql_rows *q = sql_query(db,
	    "SELECT m.uid,l.at,l.channel,m.text,l.faq,l.source,l.actor,d.faq"
	    " FROM lesson l JOIN message m ON m.id=l.message LEFT JOIN decision"
	    " d ON d.message=l.message WHERE l.state=?2 AND m.unsent=0 AND"
	    " (?1 IS NULL OR l.channel=?1) ORDER BY l.message",
	    "si", channel, state);
	int n = 0;

	buf_putc(b, '[');
	while (sql_next(q)) {
		buf_puts(b, n++ > 0 ? ",{" : "{");
		json_add_str(b, "message", sql_text(q, 0));
		json_add_time(b, "at", sql_int(q, 1));
		json_add_str(b, "channel", sql_text(q, 2));
		json_add_str(b, "text", sql_text(q, 3));
		json_add_str(b, "faq", sql_text(q, 4));
		json_add_str(b, "source", sql_text(q, 5));
		json_add_str(b, "by", sql_text(q, 6));
		json_add_str(b, "answered", sql_text(q, 7));
		buf_putc(b, '}');
	}
	buf_putc(b, ']');
}

/* --- the report: outcome 0 people, 1 an answer, 2 choices (decision.h) */

#define WITHIN " FROM decision WHERE at>=?1 AND at<?2 AND outcome<3"

/* Conversations that the bot met; those that it did alone: something was
 * answered, and no person was asked for or said anything. */
#define MET                                                   \
	"SELECT conversation AS n, sum(outcome=0) AS people," \
	" sum(outcome=1) AS answers" WITHIN " GROUP BY conversation"
#define ALONE                                                           \
	"people=0 AND answers>0 AND NOT EXISTS(SELECT 1 FROM message m" \
	" WHERE m.conversation=n AND m.sender=2 AND m.type<>7)"

struct column {
	const char *name;
	bool text;
};

/* Append ,"name":[{..}] of a query whose columns are so called. */
static void
add_rows(struct buf *b, struct sql_rows *q, const char *name,
    const struct column *cols)
{
	int n = 0;

	json_put_key(b, name);
	buf_putc(b, '[');
	while (sql_next(q)) {
		buf_puts(b, n++ > 0 ? ",{" : "{");
		for (int i = 0; cols[i].name != NULL; i++)
			if (cols[i].text)
				json_add_str(b, cols[i].name, sql_text(q, i));
			else
				json_add_int(b, cols[i].name, sql_int(q, i));
		buf_putc(b, '}');
	}
	buf_putc(b, ']');
}

static void
add_share(struct buf *b, const char *name, int64_t part, int64_t all)
{
	json_put_key(b, name);
	if (all == 0)
		buf_puts(b, "null");
	else
		buf_printf(b, "%.4f", (double)part / (double)all);
}

static void
add_totals(struct sql *db, struct buf *b, int64_t from_ms, int64_t to_ms)
{
	static const char *const names[] = {"questions", "answered", "offered",
	    "handed_over", "judged", "right", "conversations", "by_bot_alone"};
	struct sql_rows *q = sql_query(db,
	    "SELECT count(*),total(outcome=1),total(outcome=2),"
	    "total(outcome=0),count(judged),total(judged),"
	    "(SELECT count(*) FROM(" MET ")),"
	    "(SELECT count(*) FROM(" MET ") WHERE " ALONE ")" WITHIN,
	    "ii", from_ms, to_ms);
	int64_t v[8] = {0};

	if (sql_next(q)) {
		for (int i = 0; i < 8; i++) {
			v[i] = sql_int(q, i);
			json_add_int(b, names[i], v[i]);
		}
		sql_done(q);
	}
	add_share(b, "automatic_resolution", v[7], v[6]);
	add_share(b, "handoff_rate", v[3], v[0]);
	add_share(b, "right_of_judged", v[5], v[4]);
}

void
q_report_auto(struct sql *db, struct buf *b, int64_t from_ms, int64_t to_ms)
{
	static const struct column reasons[] = {
	    {"reason", true}, {"n", false}, {NULL, false}};
	static const struct column adviser[] = {
	    {"what", true}, {"n", false}, {"ms_mean", false}, {NULL, false}};
	static const struct column faqs[] = {{"faq", true}, {"answered", false},
	    {"judged", false}, {"right", false}, {NULL, false}};
	static const struct column days[] = {{"day", true},
	    {"questions", false}, {"answered", false}, {"offered", false},
	    {"handed_over", false}, {"judged", false}, {"right", false},
	    {NULL, false}};

	add_totals(db, b, from_ms, to_ms);
	add_rows(b,
	    sql_query(db,
		"SELECT CASE WHEN why LIKE 'FAQ score %' THEN 'FAQ score too"
		" low' WHEN why LIKE '% automatic messages within an hour'"
		" THEN 'too many automatic messages' ELSE why END AS r,"
		"count(*) AS n" WITHIN " AND outcome=0 GROUP BY r"
		" ORDER BY n DESC, r LIMIT 50",
		"ii", from_ms, to_ms),
	    "reasons", reasons);
	add_rows(b,
	    sql_query(db,
		"SELECT CASE WHEN e IS NULL THEN 'followed' WHEN e LIKE"
		" 'confidence %' THEN 'not sure enough' WHEN e LIKE 'it is"
		" not reached%' THEN 'it is not reached' ELSE e END AS r,"
		"count(*) AS n,avg(ms) FROM(SELECT json_extract(data,"
		"'$.adviser.error') AS e,json_extract(data,'$.adviser.ms') AS"
		" ms" WITHIN " AND json_type(data,'$.adviser')='object')"
		" GROUP BY r ORDER BY n DESC, r LIMIT 50",
		"ii", from_ms, to_ms),
	    "adviser", adviser);
	add_rows(b,
	    sql_query(db,
		"SELECT faq,count(*) AS n,count(judged),total(judged)" WITHIN
		" AND outcome=1 AND faq IS NOT NULL GROUP BY faq"
		" ORDER BY n DESC, faq LIMIT 500",
		"ii", from_ms, to_ms),
	    "faqs", faqs);
	add_rows(b,
	    sql_query(db,
		"SELECT date(at/1000,'unixepoch','localtime') AS d,count(*),"
		"total(outcome=1),total(outcome=2),total(outcome=0),"
		"count(judged),total(judged)" WITHIN " GROUP BY d ORDER BY d",
		"ii", from_ms, to_ms),
	    "days", days);
}

void
q_decisions_since(
    struct sql *db, int64_t since_ms, int64_t counts[BOT_OUTCOMES])
{
	struct sql_rows *q = sql_query(db,
	    "SELECT outcome,count(*) FROM decision WHERE at>=?1"
	    " GROUP BY outcome",
	    "i", since_ms);

	memset(counts, 0, BOT_OUTCOMES * sizeof(*counts));
	while (sql_next(q))
		if (sql_int(q, 0) >= 0 && sql_int(q, 0) < BOT_OUTCOMES)
			counts[sql_int(q, 0)] = sql_int(q, 1);
}
