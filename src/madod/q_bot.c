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
