/* Models by channel: see mind.h. */
#include <string.h>

#include "mind.h"

struct channel {
	char *name;
	struct faq *faq;
};

struct mind {
	struct channel *v;
	size_t n;
};

struct mind *
mind_new(void)
{
	return x_new(struct mind);
}

void
mind_free(struct mind *m)
{
	if (m == NULL)
		return;
	for (size_t i = 0; i < m->n; i++) {
		faq_free(m->v[i].faq);
		x_free(m->v[i].name);
	}
	x_free(m->v);
	x_free(m);
}

char *
mind_path(const char *state_dir, const char *channel)
{
	return x_sprintf("%s/faq/%s.faq", state_dir, channel);
}

static struct channel *
find(const struct mind *m, const char *channel)
{
	for (size_t i = 0; i < m->n; i++)
		if (strcmp(m->v[i].name, channel) == 0)
			return &m->v[i];
	return NULL;
}

int
mind_load(struct mind *m, const char *channel, const char *path, struct err *e)
{
	struct channel *c = find(m, channel);
	struct faq *f = faq_open(path, e);

	if (f == NULL && e->code != ERR_NOTFOUND)
		return -1;
	err_clear(e);
	if (c == NULL) {
		m->v = x_realloc(m->v, m->n + 1, sizeof(*m->v));
		c = &m->v[m->n++];
		*c = (struct channel){.name = x_strdup(channel)};
	}
	faq_free(c->faq);
	c->faq = f;
	return 0;
}

size_t
mind_count(const struct mind *m)
{
	size_t n = 0;

	for (size_t i = 0; i < m->n; i++)
		n += m->v[i].faq != NULL;
	return n;
}

const struct bot_guess *
mind_ask(struct mind *m, const char *channel, const char *text, struct arena *a)
{
	const struct channel *c = find(m, channel);
	struct faq_verdict v;

	if (c == NULL || c->faq == NULL)
		return NULL;
	faq_ask(c->faq, text, &v);
	return bot_guess_copy(c->faq, &v, a);
}

const struct bot_guess *
mind_entry(struct mind *m, const char *channel, const char *id, struct arena *a)
{
	const struct channel *c = find(m, channel);
	const char *question, *answer;
	struct faq_verdict v = {.outcome = FAQ_ANSWER,
	    .confidence = 1,
	    .why = "tapped",
	    .n = 1,
	    .ids = {id},
	    .scores = {1}};

	if (c == NULL || c->faq == NULL)
		return NULL;
	if (!faq_entry(c->faq, id, &question, &answer))
		v.n = 0;
	return bot_guess_copy(c->faq, &v, a);
}

const struct bot_guess *
mind_event(struct mind *m, const char *channel, const struct line_event *ev,
    struct arena *a)
{
	const char *id;
	int64_t question;

	if (ev->kind == LINE_MESSAGE && ev->msg_type == MSG_TEXT)
		return mind_ask(
		    m, channel, ev->asked != NULL ? ev->asked : ev->text, a);
	if (ev->kind == LINE_POSTBACK &&
	    bot_tap_parse(ev->postback, &id, &question) == BOT_TAP_FAQ)
		return mind_entry(m, channel, id, a);
	return NULL;
}

void
mind_list(const struct mind *m, const char *channel, struct buf *b)
{
	const char *question, *answer, *id;
	int n = 0;

	buf_putc(b, '[');
	for (size_t i = 0; i < m->n; i++) {
		const struct channel *c = &m->v[i];

		if (c->faq == NULL ||
		    (channel != NULL && strcmp(channel, c->name) != 0))
			continue;
		for (size_t k = 0; (id = faq_id(c->faq, k)) != NULL; k++) {
			faq_entry(c->faq, id, &question, &answer);
			buf_puts(b, n++ > 0 ? ",{" : "{");
			json_add_str(b, "channel", c->name);
			json_add_str(b, "id", id);
			json_add_str(b, "question", question);
			json_add_str(b, "answer", answer);
			buf_putc(b, '}');
		}
	}
	buf_putc(b, ']');
}
