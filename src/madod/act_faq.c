/*
 * What people and customers say of the bot's answers: judged decisions, and the
 * lessons that a review lets into the next import. Nothing here changes a
 * model.
 */
#include <string.h>

#include "act.h"
#include "q_bot.h"

/* A decided message by the id of it or of what the bot said. */
struct judged {
	int64_t message, conversation;
	int outcome;
	const char *faq, *channel;
	bool own_words; /* an adviser's, of no FAQ */
};

static int
find(struct act *a, const char *uid, struct judged *j, struct err *e)
{
	struct sql_rows *q;
	int64_t id = sql_get_int(
	    a->db, 0, "SELECT id FROM message WHERE uid=?1", "s", uid);

	if (id == 0)
		return err_set(e, ERR_NOTFOUND, "there is no message %s", uid);
	q = sql_query(a->db,
	    "SELECT d.message,d.conversation,d.outcome,d.faq,c.channel,d.faq IS"
	    " NULL AND json_extract(d.data,'$.by')='adviser' FROM"
	    " decision d JOIN conversation c ON c.number=d.conversation"
	    " WHERE d.message=?1",
	    "i", q_decided(a->db, id));
	if (!sql_next(q))
		return err_set(e, ERR_CONFLICT,
		    "the bot decided nothing about message %s", uid);
	j->message = sql_int(q, 0);
	j->conversation = sql_int(q, 1);
	j->outcome = (int)sql_int(q, 2);
	j->faq = arena_strdup(a->mem, sql_text(q, 3));
	j->channel = arena_strdup(a->mem, sql_text(q, 4));
	j->own_words = sql_int(q, 5) != 0;
	sql_done(q);
	return 0;
}

/* Only what the bot said can have been right or wrong. An adviser's own words
 * teach nothing about FAQs, unless one is named. */
static void
judge(struct act *a, const struct judged *j, const char *faq, bool right)
{
	bool said = j->outcome == BOT_ANSWER || j->outcome == BOT_OFFER;

	if (faq != NULL)
		right = j->faq != NULL && strcmp(faq, j->faq) == 0;
	if (said)
		sql_run(a->db,
		    "UPDATE decision SET judged=?2, judged_by=?3, judged_faq=?4"
		    " WHERE message=?1",
		    "idss", j->message, (int)right, a->actor, faq);
	if (faq != NULL || !j->own_words)
		sql_run(a->db,
		    "INSERT INTO lesson(message,channel,faq,source,actor,at)"
		    " VALUES(?1,?2,?3,'agent',?4,?5) ON CONFLICT DO UPDATE SET faq=?3,"
		    " source='agent', actor=?4, at=?5, state=0",
		    "isssi", j->message, j->channel, faq, a->actor, a->now_ms);
	act_feed(a, "faq.judged", j->conversation, j->message,
	    right             ? "right"
		: faq == NULL ? "wrong"
			      : arena_sprintf(a->mem, "FAQ %s", faq));
}

int
act_judge(struct act *a, struct err *e)
{
	bool right = json_bool(a->args, "right", false);
	const struct judge_in *in = a->in;
	const char *faq = act_arg(a, "faq");
	struct verb_out *out = a->out;
	struct judged j = {0};

	if (find(a, in->uid, &j, e) == -1)
		return -1;
	if (!right && faq != NULL)
		return err_set(e, ERR_INVALID,
		    "\"faq\" goes with \"right\": the one that is");
	if (right && faq == NULL && (faq = j.faq) == NULL &&
	    !(j.own_words && j.outcome == BOT_ANSWER))
		return err_set(e, ERR_INVALID,
		    "nothing was answered: say which FAQ is right");
	judge(a, &j, right ? faq : NULL, right);
	out->number = j.conversation;
	out->message = j.message;
	return 0;
}

int
act_review(struct act *a, struct err *e)
{
	const cJSON *it;

	cJSON_ArrayForEach(it, json_arr(a->args, "lessons"))
	{
		sql_run(a->db,
		    "UPDATE lesson SET state=?2 WHERE message=(SELECT id FROM"
		    " message WHERE uid=?1)",
		    "sd", json_str(it, "message", ""),
		    json_bool(it, "take", false) ? 1 : 2);
		if (sql_changes(a->db) == 0)
			return err_set(e, ERR_NOTFOUND,
			    "there is no lesson of message %s",
			    json_str(it, "message", "(none)"));
	}
	act_feed(a, "faq.reviewed", 0, 0, NULL);
	return 0;
}
