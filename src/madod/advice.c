/* Asking and being told: see advice.h. */
#include <string.h>

#include <mado/model.h>
#include <mado/text.h>

#include "advice.h"
#include "bot.h"

enum { VERSION = 1, INTENT_GRAPHEMES = 40 };

const char *const advice_protocol_names[] = {
    [ADVICE_MADOGUCHI] = "madoguchi", [ADVICE_OPENAI] = "openai", NULL};
const char *const advice_when_names[] = {
    [ADVICE_UNSURE] = "unsure", [ADVICE_ALWAYS] = "always", NULL};

void
advice_doubt(struct advice *out, const char *error)
{
	out->error = error;
}

void
advice_fail(struct advice *out, const char *error)
{
	out->error = error;
	out->broken = true;
}

static bool
is_blank(const char *s)
{
	return s[strspn(s, " \t\n")] == '\0';
}

static bool
has_controls(const char *s)
{
	for (; *s != '\0'; s++)
		if (((unsigned char)*s < ' ' && *s != '\n' && *s != '\t') ||
		    *s == '\x7f')
			return true;
	return false;
}

bool
advice_fits(struct advice *out, const char *text)
{
	if (is_blank(text))
		advice_doubt(out, "no answer");
	else if (text_utf16_len(text) > MSG_TEXT_MAX_U16)
		advice_doubt(out, "the answer is too long for LINE");
	else if (has_controls(text))
		advice_doubt(out, "the answer has control characters");
	return out->error == NULL;
}

const char *
advice_why(const struct advice *w, struct arena *a)
{
	const char *s = "adviser";

	if (w->handoff)
		return w->intent != NULL
		    ? arena_sprintf(
			  a, "the adviser wants a person: %s", w->intent)
		    : "the adviser wants a person";
	if (w->intent != NULL)
		s = arena_sprintf(a, "%s %s", s, w->intent);
	for (size_t i = 0; i < w->cites.n; i++)
		s = arena_sprintf(
		    a, "%s%s %s", s, i > 0 ? "," : " FAQ", w->cites.v[i]);
	if (w->cites.n == 0 && w->faq != NULL)
		s = arena_sprintf(a, "%s FAQ %s", s, w->faq);
	return w->confidence < 0
	    ? s
	    : arena_sprintf(a, "%s %.2f", s, w->confidence);
}

/* --- our own protocol */

static void
put_lines(struct buf *b, const struct advice_question *q)
{
	json_put_key(b, "messages");
	buf_putc(b, '[');
	for (size_t i = 0; i < q->n; i++) {
		buf_puts(b, i > 0 ? ",{" : "{");
		json_add_str(b, "from", from_names[q->lines[i].from]);
		json_add_time(b, "at", q->lines[i].at_ms);
		json_add_str(b, "text", q->lines[i].text);
		buf_putc(b, '}');
	}
	buf_putc(b, ']');
}

static void
put_guesses(struct buf *b, const struct bot_guess *g)
{
	json_put_key(b, "guesses");
	buf_putc(b, '[');
	for (size_t i = 0; g != NULL && i < g->n; i++) {
		buf_puts(b, i > 0 ? ",{" : "{");
		json_add_str(b, "id", g->picks[i].id);
		json_add_str(b, "question", g->picks[i].question);
		json_put_key(b, "confidence");
		buf_printf(
		    b, "%.4f", i == 0 ? g->confidence : g->picks[i].score);
		buf_putc(b, '}');
	}
	buf_putc(b, ']');
}

static void
own_request(const struct advice_policy *p, const struct advice_question *q,
    struct buf *b)
{
	(void)p;
	buf_putc(b, '{');
	json_add_int(b, "version", VERSION);
	json_add_int(b, "conversation", q->conversation);
	json_add_str(b, "channel", q->channel);
	json_add_str(b, "language", q->language);
	put_lines(b, q);
	put_guesses(b, q->guess);
	buf_putc(b, '}');
}

static bool
read_confidence(const cJSON *o, struct advice *out)
{
	const cJSON *v = cJSON_GetObjectItemCaseSensitive(o, "confidence");

	if (!cJSON_IsNumber(v) || v->valuedouble < 0 || v->valuedouble > 1) {
		advice_fail(out, "its confidence is no number from 0 to 1");
		return false;
	}
	out->confidence = v->valuedouble;
	return true;
}

/* A string that may be absent or null; *s is then NULL. */
static bool
read_str(const cJSON *o, const char *name, struct arena *a, const char **s,
    struct advice *out)
{
	const cJSON *v = cJSON_GetObjectItemCaseSensitive(o, name);

	*s = json_str(o, name, NULL);
	if (*s == NULL && v != NULL && !cJSON_IsNull(v)) {
		advice_fail(out,
		    arena_sprintf(a, "its member \"%s\" is no string", name));
		return false;
	}
	*s = *s != NULL && !is_blank(*s) ? arena_strdup(a, *s) : NULL;
	return true;
}

static void
own_read(const struct advice_policy *p, const struct advice_question *q,
    const cJSON *o, struct arena *a, struct advice *out)
{
	(void)q;
	out->handoff = json_bool(o, "handoff", false);
	if (!read_str(o, "intent", a, &out->intent, out) ||
	    !read_str(o, "answer", a, &out->answer, out) ||
	    !read_str(o, "faq", a, &out->faq, out))
		return;
	if (out->faq != NULL)
		out->answer = NULL;
	if (out->handoff)
		out->faq = NULL;
	if (out->intent != NULL)
		out->intent = bubble_cut(out->intent, INTENT_GRAPHEMES, a);
	if (out->handoff || !read_confidence(o, out))
		return;
	if (out->confidence < p->confidence)
		advice_doubt(out,
		    arena_sprintf(a, "confidence %.2f < %.2f", out->confidence,
			p->confidence));
	else if (out->faq == NULL)
		advice_fits(out, out->answer != NULL ? out->answer : "");
}

/* --- each of them */

static const struct {
	void (*request)(const struct advice_policy *p,
	    const struct advice_question *q, struct buf *out);
	void (*read)(const struct advice_policy *p,
	    const struct advice_question *q, const cJSON *o, struct arena *a,
	    struct advice *out);
} protocols[] = {
    [ADVICE_MADOGUCHI] = {own_request, own_read},
    [ADVICE_OPENAI] = {advice_chat_request, advice_chat_read},
};

void
advice_request(const struct advice_policy *p, const struct advice_question *q,
    struct buf *out)
{
	protocols[p->protocol].request(p, q, out);
}

void
advice_read(const struct advice_policy *p, const struct advice_question *q,
    const char *body, size_t n, struct arena *a, struct advice *out)
{
	cJSON *o = json_parse(body, n, NULL);

	*out = (struct advice){.confidence = -1};
	if (cJSON_IsObject(o))
		protocols[p->protocol].read(p, q, o, a, out);
	else
		advice_fail(out, "its answer is no JSON object");
	cJSON_Delete(o);
}
