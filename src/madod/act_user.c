/*
 * People: accounts and sessions.
 */
#include <string.h>

#include <mado/crypto.h>

#include "act.h"

static bool
user_name_ok(const char *s)
{
	size_t n = s != NULL ? strlen(s) : 0;

	return n >= 1 && n <= 32 && s[0] != '-' && s[0] != '.' &&
	    strspn(s, "abcdefghijklmnopqrstuvwxyz0123456789._-") == n;
}

int
act_user_add(struct act *a, struct err *e)
{
	const char *name = act_arg(a, "name"), *display;
	int role = name_find(role_names, act_arg(a, "role"));

	display = act_arg(a, "display");
	if (!user_name_ok(name))
		return err_set(e, ERR_INVALID,
		    "a user's name is 1 to 32 of "
		    "a-z 0-9 . _ - and begins with a letter or digit");
	if (role == -1)
		return err_set(e, ERR_INVALID,
		    "the role is viewer, agent, supervisor or admin");
	if (sql_get_int(
		a->db, 0, "SELECT id FROM user WHERE name=?1", "s", name) != 0)
		return err_set(
		    e, ERR_CONFLICT, "there is a user %s already", name);
	sql_run(a->db,
	    "INSERT INTO user(name,display,role,password,made_at)"
	    " VALUES(?1,?2,?3,?4,?5)",
	    "ssdsi", name, display, role, (const char *)a->in, a->now_ms);
	act_feed(a, "agents.changed", 0, 0, name);
	return 0;
}

/* Who is locked out answers nobody: what is theirs waits for a colleague. */
static void
user_leave(struct act *a, int64_t id, const char *name)
{
	int64_t number;
	struct cv c;

	while ((number = sql_get_int(a->db, 0,
		    "SELECT min(number) FROM conversation WHERE assignee=?1"
		    " AND status<>3",
		    "i", id)) != 0) {
		sql_run(a->db,
		    "UPDATE conversation SET assignee=NULL WHERE number=?1",
		    "i", number);
		if (act_cv(a, number, &c, NULL) == -1)
			return;
		act_feed(a, "conversation.changed", number,
		    act_line(a, &c, a->now_ms,
			arena_sprintf(a->mem,
			    "put back into the queue: %s was disabled", name),
			"assign"),
		    "assign");
	}
}

/* All sign-ins of a user but the one to be kept. */
static void
user_sign_out(struct act *a, int64_t id, const uint8_t *keep)
{
	sql_run(a->db, "DELETE FROM session WHERE user=?1 AND hash IS NOT ?2",
	    "ib", id, keep, keep != NULL ? (size_t)CRYPTO_HASH_B : 0);
}

int
act_user_set(struct act *a, struct err *e)
{
	const struct user_in *u = a->in;
	int64_t id;

	id = sql_get_int(
	    a->db, 0, "SELECT id FROM user WHERE name=?1", "s", u->name);
	if (id == 0)
		return err_set(e, ERR_NOTFOUND, "there is no user %s", u->name);
	sql_run(a->db,
	    "UPDATE user SET password=ifnull(?2,password),"
	    " role=CASE WHEN ?3<0 THEN role ELSE ?3 END,"
	    " disabled=CASE WHEN ?4<0 THEN disabled ELSE ?4 END WHERE id=?1",
	    "isdd", id, u->password, u->role, u->disabled);
	/* Disabled: its sessions stay, so that they can be told why they are
	 * refused; enabling brings none of them back. */
	if (u->sign_out || u->disabled == 0)
		user_sign_out(a, id, u->keep);
	if (u->disabled == 1)
		user_leave(a, id, u->name);
	if (u->sign_out || u->disabled == 1)
		act_feed(a, "session.ended", 0, 0, u->name);
	act_feed(a, "agents.changed", 0, 0, u->name);
	return 0;
}

void
act_session_put(struct act *a, const struct session_in *s)
{
	sql_run(
	    a->db, "DELETE FROM session WHERE expires_at<?1", "i", a->now_ms);
	sql_run(a->db, "INSERT INTO session VALUES(?1,?2,?3,?4)", "biii",
	    s->hash, sizeof(s->hash), s->user, a->now_ms, s->expires_ms);
	act_feed(a, "session.began", 0, 0, s->name);
}

int
act_session(struct act *a, struct err *e)
{
	(void)e;
	act_session_put(a, a->in);
	return 0;
}

int
act_sign_out(struct act *a, struct err *e)
{
	const struct session_in *s = a->in;

	(void)e;
	sql_run(a->db, "DELETE FROM session WHERE hash=?1", "b", s->hash,
	    sizeof(s->hash));
	act_feed(a, "session.ended", 0, 0, s->name);
	return 0;
}
