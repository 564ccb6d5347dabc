/*
 * Invitations: a code, good once and for a while, by which a colleague makes
 * an account theirs. The store has its hash only.
 */
#include <string.h>

#include <mado/crypto.h>

#include "act.h"

int
act_invite(struct act *a, struct err *e)
{
	const struct invite_in *in = a->in;
	int64_t user;

	user = sql_get_int(a->db, 0,
	    "SELECT id FROM user WHERE name=?1 AND disabled=0", "s", in->name);
	if (user == 0)
		return err_set(
		    e, ERR_NOTFOUND, "there is no user %s", in->name);
	sql_run(a->db, "DELETE FROM invite WHERE user=?1 OR expires_at<?2",
	    "ii", user, a->now_ms);
	sql_run(a->db, "INSERT INTO invite VALUES(?1,?2,?3)", "bii", in->hash,
	    sizeof(in->hash), user, in->expires_ms);
	act_feed(a, "agents.changed", 0, 0, in->name);
	return 0;
}

/* Whoever has the code; its row is gone when this returns 0. */
static int
join_take(
    struct act *a, const struct join_in *in, struct joined *out, struct err *e)
{
	struct sql_rows *q;
	int64_t user = 0;

	q = sql_query(a->db,
	    "SELECT u.id,u.name,u.display,u.role FROM invite i JOIN user u ON"
	    " u.id=i.user WHERE i.hash=?1 AND i.expires_at>?2 AND u.disabled=0",
	    "bi", in->code, sizeof(in->code), a->now_ms);
	if (sql_next(q)) {
		user = sql_int(q, 0);
		out->name = arena_strdup(a->mem, sql_text(q, 1));
		out->display = arena_strdup(a->mem, sql_text(q, 2));
		out->role = (int)sql_int(q, 3);
		sql_done(q);
	}
	if (user == 0)
		return err_set(e, ERR_AUTH,
		    "this code is wrong, used or too old; ask for a new one");
	sql_run(a->db, "DELETE FROM invite WHERE hash=?1", "b", in->code,
	    sizeof(in->code));
	out->user = user;
	return 0;
}

int
act_join(struct act *a, struct err *e)
{
	const struct join_in *in = a->in;
	struct joined *out = arena_new_of(a->mem, struct joined);
	struct session_in s = {.expires_ms = in->expires_ms};

	if (join_take(a, in, out, e) == -1)
		return -1;
	a->out = out;
	a->actor = out->name;
	sql_run(a->db,
	    "UPDATE user SET password=ifnull(?2,password) WHERE id=?1", "is",
	    out->user, in->password);
	act_feed(a, "agents.changed", 0, 0, out->name);
	s.user = out->user;
	s.name = out->name;
	crypto_sha256(in->token, strlen(in->token), s.hash);
	act_session_put(a, &s);
	return 0;
}
