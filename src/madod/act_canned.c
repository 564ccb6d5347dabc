/*
 * Canned replies: the team's, and everybody's own (owner: a user's name, ""
 * the team). Only on the writer.
 */
#include <string.h>

#include "act.h"

enum { READING_MAX_B = 200, TAGS_MAX = 20 };

static int
name_check(const char *name, size_t i, struct err *e)
{
	if (*name != '\0' && strlen(name) <= TAG_MAX_B &&
	    strpbrk(name, " \t\r\n/") == NULL)
		return 0;
	return err_set(e, ERR_INVALID,
	    "canned reply %zu: the name is 1 to %d bytes without blanks or"
	    " slashes",
	    i + 1, TAG_MAX_B);
}

/* The tags, each on a line; NULL when they are not said. */
static int
tags_join(struct act *a, const cJSON *list, const char **out, struct err *e)
{
	const cJSON *it;
	const char *s = "";
	int n = 0;

	*out = NULL;
	cJSON_ArrayForEach(it, list)
	{
		const char *t = it->valuestring;

		if (t == NULL || *t == '\0' || strlen(t) > TAG_MAX_B ||
		    strpbrk(t, ",\t\r\n") != NULL || n++ == TAGS_MAX)
			return err_set(e, ERR_INVALID,
			    "tags: at most %d, each 1 to %d bytes without"
			    " commas",
			    TAGS_MAX, TAG_MAX_B);
		s = arena_sprintf(a->mem, "%s%s%s", s, n > 1 ? "\n" : "", t);
	}
	if (list != NULL)
		*out = s;
	return 0;
}

/* Whose it is; NULL when nobody is there who could own it. */
static const char *
owner_of(const struct act *a, bool personal)
{
	return !personal ? "" : a->actor_id != 0 ? a->actor : NULL;
}

/* What is not said of the reading and the tags stays as it was. */
static int
canned_one(struct act *a, const cJSON *o, size_t i, struct err *e)
{
	const char *name = json_str(o, "name", ""), *tags;
	const char *text = json_str(o, "text", "");
	const char *reading = json_str(o, "reading", NULL);
	const char *owner = owner_of(a, json_bool(o, "personal", false));

	if (name_check(name, i, e) == -1)
		return -1;
	if (*text == '\0')
		return err_set(e, ERR_INVALID,
		    "canned reply %zu (%s): the text is empty", i + 1, name);
	if (reading != NULL && strlen(reading) > READING_MAX_B)
		return err_set(e, ERR_INVALID,
		    "canned reply %zu (%s): the reading has more than %d bytes",
		    i + 1, name, READING_MAX_B);
	if (owner == NULL)
		return err_set(e, ERR_INVALID,
		    "canned reply %zu (%s): a personal one needs somebody whose"
		    " it is",
		    i + 1, name);
	if (tags_join(a, json_arr(o, "tags"), &tags, e) == -1)
		return -1;
	sql_run(a->db,
	    "INSERT INTO canned(owner,name,text,reading,tags)"
	    " VALUES(?1,?2,?3,?4,?5) ON CONFLICT DO UPDATE SET text=?3,"
	    " reading=ifnull(?4,reading), tags=ifnull(?5,tags)",
	    "sssss", owner, name, text, reading, tags);
	return 0;
}

int
act_canned_put(struct act *a, struct err *e)
{
	const cJSON *list = json_arr(a->args, "canned"), *it;
	size_t i = 0;

	if (list == NULL)
		return err_set(e, ERR_INVALID, "\"canned\" must be an array");
	cJSON_ArrayForEach(it, list)
	{
		if (canned_one(a, it, i++, e) == -1)
			return -1;
	}
	act_feed(a, "canned.changed", 0, 0, NULL);
	return 0;
}

int
act_canned_rm(struct act *a, struct err *e)
{
	const struct canned *c = a->in;
	const char *owner = owner_of(a, c->personal);

	sql_run(a->db, "DELETE FROM canned WHERE owner=?1 AND name=?2", "ss",
	    owner == NULL ? "" : owner, c->name);
	if (sql_changes(a->db) == 0)
		return err_set(e, ERR_NOTFOUND,
		    "there is no canned reply \"%s\"", c->name);
	act_feed(a, "canned.changed", 0, 0, NULL);
	return 0;
}
