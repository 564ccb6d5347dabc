/* Why, in lines: see reason.h. */
#include <string.h>

#include "i18n.h"
#include "reason.h"
#include "said.h"

enum { LINES_MAX = 16 };

/* In the words of bot.c's outcomes and of who decided. */
static const struct name {
	const char *name, *text;
} outcomes[] =
    {
	{"answer", N_("answered by itself")},
	{"offer", N_("offered choices")},
	{"handoff", N_("handed over to people")},
	{"suggest", N_("silent, as people are in charge")},
	{NULL, NULL},
},
  deciders[] = {
      {"rule", N_("a rule")},
      {"faq", N_("the FAQs")},
      {"adviser", N_("the adviser")},
      {"group", N_("what groups may expect of it")},
      {"tap", N_("the customer's tap")},
      {"guard", N_("the limit of automatic messages")},
      {"nobody", N_("nothing that matched")},
      {NULL, NULL},
};

static const char *
name_of(const struct name *t, const char *name)
{
	for (; t->name != NULL; t++)
		if (strcmp(t->name, name) == 0)
			return _(t->text);
	return name;
}

static double
number(const cJSON *o, const char *name)
{
	const cJSON *v = cJSON_GetObjectItem(o, name);

	return cJSON_IsNumber(v) ? v->valuedouble : 0;
}

static void
add(struct strs *s, const char *line)
{
	if (s->n < LINES_MAX)
		s->v[s->n++] = line;
}

static void
add_picks(struct strs *s, const cJSON *d, struct arena *a)
{
	const cJSON *it;
	int n = 0;

	cJSON_ArrayForEach(it, json_arr(d, "picks")) add(s,
	    arena_sprintf(a, "  %d. %.2f  %s  [%s]", ++n, number(it, "score"),
		json_str(it, "question", ""), json_str(it, "id", "")));
}

static void
add_signals(struct strs *s, const cJSON *d, struct arena *a)
{
	const char *line = NULL;
	const cJSON *it;

	cJSON_ArrayForEach(it, json_obj(d, "signals")) line = line == NULL
	    ? arena_sprintf(a, "%s %.2f", it->string, it->valuedouble)
	    : arena_sprintf(
		  a, "%s, %s %.2f", line, it->string, it->valuedouble);
	if (line != NULL)
		add(s, arena_sprintf(a, _("signals: %s"), line));
}

static void
add_guess(struct strs *s, const cJSON *d, struct arena *a)
{
	if (json_str(d, "engine", NULL) == NULL)
		return;
	add(s,
	    arena_sprintf(a,
		_("confidence %.2f; answers from %.2f, offers "
		  "choices from %.2f"),
		number(d, "confidence"), number(d, "answer_at"),
		number(d, "offer_at")));
	add(s,
	    arena_sprintf(a, _("FAQs by: %s"),
		said_phrase(json_str(d, "engine", ""), a)));
	add_picks(s, d, a);
	add_signals(s, d, a);
}

/* "adviser: shipping.cost, confidence 0.93, FAQ a, FAQ b, 812 ms" */
static void
add_adviser(struct strs *s, const cJSON *d, struct arena *a)
{
	const cJSON *w = json_obj(d, "adviser"), *it;
	const char *error = json_str(w, "error", NULL);
	const char *intent = json_str(w, "intent", NULL), *line;
	int64_t ms = json_int(w, "ms", 0);

	if (w == NULL)
		return;
	line = intent != NULL ? arena_sprintf(a, "%s, ", intent) : "";
	if (cJSON_IsNumber(cJSON_GetObjectItem(w, "confidence")))
		line = arena_sprintf(
		    a, _("%sconfidence %.2f, "), line, number(w, "confidence"));
	cJSON_ArrayForEach(it, json_arr(w, "cites")) line =
	    arena_sprintf(a, "%sFAQ %s, ", line, it->valuestring);
	add(s, arena_sprintf(a, _("adviser: %s%lld ms"), line, (long long)ms));
	if (error != NULL)
		add(s,
		    arena_sprintf(a, _("adviser not followed: %s"),
			said_phrase(error, a)));
}

static void
add_judged(struct strs *s, const cJSON *w, struct arena *a)
{
	const char *judged = json_str(w, "judged", NULL);
	const char *by = json_str(w, "judged_by", NULL);
	const char *faq = json_str(w, "judged_faq", NULL);

	if (judged == NULL)
		return;
	if (by == NULL)
		by = _("the customer");
	if (strcmp(judged, "right") == 0)
		add(s, arena_sprintf(a, _("right, says %s"), by));
	else if (faq != NULL)
		add(s,
		    arena_sprintf(
			a, _("wrong, says %s: it is FAQ %s"), by, faq));
	else
		add(s, arena_sprintf(a, _("wrong, says %s"), by));
}

/* Nothing was decided: what the message itself says. */
static const char *
plain(const cJSON *m, struct arena *a)
{
	const char *why = json_str(m, "why", NULL);
	const char *error = json_str(m, "error", NULL);
	const char *author = json_str(m, "author", NULL);

	if (why != NULL)
		return arena_sprintf(a, _("Because: %s"), said_phrase(why, a));
	if (error != NULL)
		return arena_sprintf(a, _("LINE says: %s"), error);
	if (author != NULL)
		return arena_sprintf(a, _("%s did it, no rule."), author);
	return _("No rule was behind it.");
}

struct strs
reason_lines(const cJSON *answer, struct arena *a)
{
	const cJSON *w = json_obj(answer, "why"), *d = json_obj(w, "decision");
	struct strs s = {arena_calloc(a, LINES_MAX, sizeof(*s.v)), 0};

	if (d == NULL) {
		add(&s, plain(json_obj(answer, "message"), a));
		return s;
	}
	add(&s, arena_sprintf(a, _("asked: %s"), json_str(w, "text", "")));
	add(&s,
	    arena_sprintf(a, _("the bot %s, by %s"),
		name_of(outcomes, json_str(d, "outcome", "")),
		name_of(deciders, json_str(d, "by", ""))));
	add(&s,
	    arena_sprintf(
		a, _("Because: %s"), said_phrase(json_str(d, "why", ""), a)));
	add_adviser(&s, d, a);
	add_guess(&s, d, a);
	add_judged(&s, w, a);
	return s;
}

const char *
reason_pick(const cJSON *answer, int n)
{
	const cJSON *d = json_obj(json_obj(answer, "why"), "decision");

	return json_str(
	    cJSON_GetArrayItem(json_arr(d, "picks"), n - 1), "id", NULL);
}
