/*
 * What LINE was asked for and has said becomes state: names and pictures of
 * contacts, the content of messages, the quota. Only on the writer.
 */
#include <mado/log.h>

#include "act.h"

/* LINE had no profile, but meanwhile they followed the account, perhaps. */
static bool
profile_stale(struct act *a, const struct profile_in *p)
{
	return p->name == NULL &&
	    sql_get_int(a->db, 0,
		"SELECT count(*) FROM message WHERE contact=?1 AND id>?2"
		" AND sender=3",
		"ii", p->contact, p->after) != 0;
}

/* What a group's member has said before LINE told the name. */
static void
profile_speaker(struct act *a, const struct profile_in *p)
{
	static const char find[] =
	    "SELECT m.id FROM contact c JOIN identity i ON i.contact=c.id"
	    " JOIN identity g ON g.channel=i.channel AND g.external_id="
	    "substr(i.external_id,1,instr(i.external_id,'/')-1)"
	    " JOIN message m ON m.contact=g.contact AND m.author=c.name"
	    " WHERE c.id=?1 AND c.kind='member' AND c.name<>?2 LIMIT 1";
	int64_t id;

	while ((id = sql_get_int(a->db, 0, find, "is", p->contact, p->name)) !=
	    0) {
		sql_run(a->db, "UPDATE message SET author=?2 WHERE id=?1", "is",
		    id, p->name);
		act_feed(a, "message.edited",
		    sql_get_int(a->db, 0,
			"SELECT conversation FROM message WHERE id=?1", "i",
			id),
		    id, "profile");
	}
}

int
act_profile(struct act *a, struct err *e)
{
	const struct profile_in *p = a->in;

	(void)e;
	if (profile_stale(a, p))
		return 0;
	if (p->name != NULL)
		profile_speaker(a, p);
	sql_run(a->db,
	    "UPDATE contact SET name=ifnull(?2,name), language=ifnull(?3,"
	    "language), picture_url=ifnull(?4,picture_url), status_message="
	    "ifnull(?5,status_message), profile_at=?6 WHERE id=?1",
	    "issssi", p->contact, p->name, p->language, p->picture_url,
	    p->status_message, a->now_ms);
	if (p->name != NULL)
		act_feed_contact(a, "contact.changed", p->contact);
	act_follow_known(a, p->contact);
	return 0;
}

/* The line that stands for the content says how large it is. */
static void
media_text(struct act *a, const struct media_in *m)
{
	struct buf b = {0};
	char *old;

	old = sql_get_text(
	    a->db, "SELECT text FROM message WHERE id=?1", "i", m->message);
	line_text_sized(&b, old, m->width_px, m->height_px, m->size_b);
	sql_run(a->db, "UPDATE message SET text=?2 WHERE id=?1", "is",
	    m->message, buf_str(&b));
	act_index_change(a, m->message, old, buf_str(&b));
	buf_free(&b);
	x_free(old);
}

int
act_media(struct act *a, struct err *e)
{
	const struct media_in *m = a->in;

	(void)e;
	sql_run(a->db,
	    "UPDATE message SET media_state=?2, media_type=ifnull(?3,media_type),"
	    " media_size=CASE WHEN ?4>0 THEN ?4 ELSE media_size END"
	    " WHERE id=?1 AND media_state='wanted'",
	    "issi", m->message, m->state, m->type, m->size_b);
	if (sql_changes(a->db) > 0) {
		if (m->size_b > 0)
			media_text(a, m);
		act_feed(a, "message.edited",
		    sql_get_int(a->db, 0,
			"SELECT conversation FROM message WHERE id=?1", "i",
			m->message),
		    m->message, "media");
		a->out = a->in;
	}
	return 0;
}

int
act_channel(struct act *a, struct err *e)
{
	const struct channel_in *c = a->in;
	bool news;

	(void)e;
	sql_run(a->db,
	    "INSERT OR IGNORE INTO channel(name,quota_limit,"
	    "quota_used) VALUES(?1,-1,-1)",
	    "s", c->name);
	news = sql_get_int(a->db, 0,
		   "SELECT problem IS NOT ?2 FROM channel WHERE name=?1", "ss",
		   c->name, c->problem) != 0;
	if (news && c->problem != NULL)
		log_warn("channel %s: %s", c->name, c->problem);
	else if (news)
		log_info("channel %s: well again", c->name);
	sql_run(a->db,
	    "UPDATE channel SET problem=?2,"
	    " quota_limit=CASE ?3 WHEN -2 THEN quota_limit ELSE ?3 END,"
	    " quota_used=CASE ?4 WHEN -2 THEN quota_used ELSE ?4 END,"
	    " push_stopped=CASE WHEN ?5 THEN NULL ELSE push_stopped END"
	    " WHERE name=?1 AND (problem IS NOT ?2 OR (?3<>-2 AND quota_limit"
	    " IS NOT ?3) OR (?4<>-2 AND quota_used IS NOT ?4) OR (?5 AND"
	    " push_stopped IS NOT NULL))",
	    "ssiid", c->name, c->problem, c->quota_limit, c->quota_used,
	    (int)c->clear_push_stop);
	if (sql_changes(a->db) > 0)
		act_feed(a, "channel.changed", 0, 0,
		    c->problem != NULL ? "problem" : NULL);
	return 0;
}
