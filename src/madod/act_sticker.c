/*
 * Stickers in a reply: "PACKAGE/ID word", the word for the history. Which ones
 * an account may send is LINE's to say. Only on the writer.
 */
#include <string.h>

#include <mado/text.h>

#include "act.h"

enum { WORD_MAX_B = 120, DIGITS_MAX = 12 };

/* Cut "8525/16581291 word" into its parts; false when it is none. */
static bool
sticker_parts(char *s, const char **package, const char **id, const char **word)
{
	size_t n = strspn(s, "0123456789"), m;

	if (n == 0 || n > DIGITS_MAX || s[n] != '/')
		return false;
	*package = s;
	*id = s + n + 1;
	m = strspn(*id, "0123456789");
	if (m == 0 || m > DIGITS_MAX || ((*id)[m] != ' ' && (*id)[m] != '\0'))
		return false;
	*word = (*id)[m] == ' ' ? *id + m + 1 : "";
	s[n] = s[n + 1 + m] = '\0';
	return true;
}

static bool
word_ok(const char *s)
{
	for (const char *p = s; *p != '\0'; p++)
		if ((unsigned char)*p < 0x20 || *p == 0x7f)
			return false;
	return strlen(s) <= WORD_MAX_B;
}

int
act_stickers_check(struct act *a, int *n, struct err *e)
{
	const char *package, *id, *word;
	const cJSON *it;

	*n = 0;
	cJSON_ArrayForEach(it, json_arr(a->args, "stickers"))
	{
		char *s = arena_strdup(
		    a->mem, it->valuestring != NULL ? it->valuestring : "");

		if (++*n > REPLY_BUBBLES_MAX)
			return err_set(e, ERR_INVALID,
			    "at most %d stickers at once", REPLY_BUBBLES_MAX);
		if (!sticker_parts(s, &package, &id, &word) || !word_ok(word))
			return err_set(e, ERR_INVALID,
			    "a sticker is \"PACKAGE/ID word\", not \"%.60s\"",
			    it->valuestring != NULL ? it->valuestring : "");
	}
	return 0;
}

static const char *
sticker_payload(
    struct act *a, const char *package, const char *id, const char *token)
{
	struct buf b = {0};
	const char *s;

	buf_putc(&b, '{');
	json_add_str(&b, "type", "sticker");
	json_add_str(&b, "packageId", package);
	json_add_str(&b, "stickerId", id);
	if (token != NULL)
		json_add_str(&b, "quoteToken", token);
	buf_putc(&b, '}');
	s = arena_strdup(a->mem, buf_str(&b));
	buf_free(&b);
	return s;
}

/* As those of customers look: by their words, else by their numbers. */
static const char *
sticker_line(
    struct act *a, const char *package, const char *id, const char *word)
{
	return *word != '\0'
	    ? arena_sprintf(a->mem, "[sticker: %s]", word)
	    : arena_sprintf(a->mem, "[sticker %s/%s]", package, id);
}

int64_t
act_stickers_send(struct act *a, const struct cv *c,
    const struct new_msg *first, const char *token)
{
	struct new_msg m = *first;
	const char *package, *id, *word;
	const cJSON *it;
	int64_t row = 0;

	m.type = MSG_STICKER;
	cJSON_ArrayForEach(it, json_arr(a->args, "stickers"))
	{
		char *s = arena_strdup(a->mem, it->valuestring);

		if (!sticker_parts(s, &package, &id, &word))
			continue; /* was checked */
		m.text = sticker_line(a, package, id, word);
		row = act_message(a, &m);
		act_queue_at(a, c, row, sticker_payload(a, package, id, token),
		    m.send_at_ms);
		act_feed(a, "message.out", c->number, row, m.why);
		m.uid = m.quoted = token = NULL;
	}
	return row;
}
