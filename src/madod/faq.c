/* What to do about a question: see faq.h. The one who decides. */
#include <string.h>

#include <mado/text.h>

#include "faq_model.h"

struct faq {
	struct faq_model m;
	struct faq_scratch s;
};

const char *const faq_outcome_names[] = {
    [FAQ_HANDOFF] = "handoff", [FAQ_OFFER] = "offer", [FAQ_ANSWER] = "answer"};

/*
 * The texts' own way has nothing to try itself on, so its bounds stand for
 * every shop: see faq_logit.c.
 */
#define TEXT_ANSWER_AT 0.80
#define TEXT_OFFER_AT  0.30
/* Nobody asks one thing in so many letters: never answered alone. */
enum { LONG_LETTERS = 400 };
/* Less of a text than this was ever seen: another language, or noise. */
#define KNOWN_MIN 0.2

struct faq *
faq_open(const char *path, struct err *e)
{
	struct faq *f = x_new(struct faq);

	if (faq_model_read(&f->m, path, e) == -1) {
		x_free(f);
		return NULL;
	}
	faq_scratch_init(&f->s, &f->m);
	return f;
}

void
faq_free(struct faq *f)
{
	if (f == NULL)
		return;
	faq_scratch_free(&f->s);
	faq_model_free(&f->m);
	x_free(f);
}

static void
tell_signals(struct faq_verdict *v, const struct faq_guess *g,
    const char *const *names, size_t n)
{
	v->n_signals = n < FAQ_SIGNALS ? n : FAQ_SIGNALS;
	for (size_t i = 0; i < v->n_signals; i++)
		v->signals[i] = (struct faq_signal){names[i], g->x[i]};
}

/* Add what g has and v has not. */
static void
add_picks(const struct faq *f, struct faq_verdict *v, const struct faq_guess *g)
{
	for (size_t i = 0; i < FAQ_PICKS && v->n < FAQ_PICKS; i++) {
		const char *id;
		size_t k = 0;

		if (g->top[i] == FAQ_NONE)
			return;
		id = f->m.text + f->m.row[g->top[i]].id;
		while (k < v->n && v->ids[k] != id)
			k++;
		if (k < v->n)
			continue;
		v->ids[v->n] = id;
		v->scores[v->n++] = g->score[i];
	}
}

static enum faq_outcome
decide(const struct faq_verdict *v, const struct faq_guess *g)
{
	if (v->confidence >= v->answer_at && g->letters <= LONG_LETTERS &&
	    g->known >= KNOWN_MIN)
		return FAQ_ANSWER;
	return v->confidence >= v->offer_at ? FAQ_OFFER : FAQ_HANDOFF;
}

/* What else it may be, before one's own second choice. */
static void
add_first(const struct faq *f, struct faq_verdict *v, const struct faq_guess *g)
{
	struct faq_guess first = *g;

	first.top[1] = FAQ_NONE;
	add_picks(f, v, &first);
}

/* One way's view into v, the other's picks after its own. doubt: the other's
 * confidence in a FAQ that this way knows nothing of; then both are offered. */
static void
speak(const struct faq *f, struct faq_verdict *v, const struct faq_guess *g,
    const struct faq_guess *other, double doubt)
{
	add_first(f, v, g);
	if (doubt >= TEXT_OFFER_AT)
		add_first(f, v, other);
	add_picks(f, v, g);
	add_picks(f, v, other);
	v->outcome = decide(v, g);
	if (doubt >= TEXT_OFFER_AT && v->outcome == FAQ_ANSWER)
		v->outcome = FAQ_OFFER;
}

static void
speak_learned(struct faq *f, struct faq_verdict *v, const struct faq_guess *a,
    const struct faq_guess *c, double doubt)
{
	v->why = "examples";
	v->answer_at = f->m.head.answer_at;
	v->offer_at = f->m.head.offer_at;
	tell_signals(v, a, faq_learned_names, CONF_LEARNED);
	speak(f, v, a, c, doubt);
}

static void
speak_text(struct faq *f, struct faq_verdict *v, const struct faq_guess *c,
    const struct faq_guess *a)
{
	v->why = "its own text";
	v->answer_at = TEXT_ANSWER_AT;
	v->offer_at = TEXT_OFFER_AT;
	tell_signals(v, c, faq_text_names, CONF_TEXT);
	speak(f, v, c, a, 0);
}

/* Somebody has said that this very text is that FAQ's. */
#define EXACT_SURE 0.99

static void
speak_exact(struct faq *f, struct faq_verdict *v, const struct faq_guess *c)
{
	struct faq_guess only = *c;

	only.top[0] = c->exact;
	only.score[0] = 1;
	only.top[1] = FAQ_NONE;
	v->why = "word for word";
	v->confidence = EXACT_SURE;
	v->answer_at = TEXT_ANSWER_AT;
	v->offer_at = TEXT_OFFER_AT;
	speak(f, v, &only, c, 0);
}

/*
 * FAQs with examples are the classifier's, the others only their own text's.
 * Where one of the latter is nearer than the classifier's choice, or surer,
 * the classifier, which has not heard of it, is not asked.
 */
void
faq_ask(struct faq *f, const char *text, struct faq_verdict *v)
{
	const struct faq_model *m = &f->m;
	double sure_a = 0, sure_c = 0;
	bool learned, found, stranger;
	struct faq_guess a, c;

	*v = (struct faq_verdict){.why = "nothing like it"};
	learned = faq_guess_learned(m, &f->s, text, &a) && m->head.fitted != 0;
	found = faq_guess_text(m, &f->s, text, &c);
	if (learned)
		sure_a = faq_logit_ask(&m->head.learned, a.x, CONF_LEARNED);
	if (found)
		sure_c = faq_logit_ask(&faq_text_logit, c.x, CONF_TEXT);
	stranger = found && m->faq_class[c.top[0]] == FAQ_NONE;
	if (a.letters == 0)
		v->why = "no words";
	else if (c.exact != FAQ_NONE)
		speak_exact(f, v, &c);
	else if (found &&
	    (!learned || (stranger && (a.rival > a.best || sure_c > sure_a)))) {
		v->confidence = sure_c;
		speak_text(f, v, &c, &a);
	} else if (learned) {
		v->confidence = sure_a;
		speak_learned(f, v, &a, &c, stranger ? sure_c : 0);
	}
}

static uint32_t
find(const struct faq *f, const char *id)
{
	const struct faq_model *m = &f->m;
	size_t lo = 0, hi = m->n_by_id;

	while (lo < hi) {
		size_t mid = (lo + hi) / 2;
		uint32_t row = m->by_id[mid];
		int r = strcmp(id, m->text + m->row[row].id);

		if (r == 0)
			return row;
		if (r < 0)
			hi = mid;
		else
			lo = mid + 1;
	}
	return FAQ_NONE;
}

bool
faq_entry(const struct faq *f, const char *id, const char **question,
    const char **answer)
{
	uint32_t row = find(f, id);

	if (row == FAQ_NONE)
		return false;
	*question = f->m.text + f->m.row[row].question;
	*answer = f->m.text + f->m.row[row].answer;
	return true;
}

const char *
faq_beside(const struct faq *f, const char *id)
{
	uint32_t row = find(f, id);

	return row == FAQ_NONE ? "" : f->m.text + f->m.row[row].beside;
}

const char *
faq_answer(const struct faq *f, const char *id)
{
	const char *question, *answer;

	return faq_entry(f, id, &question, &answer) ? answer : NULL;
}

const char *
faq_id(const struct faq *f, size_t i)
{
	const struct faq_model *m = &f->m;

	return i < m->n_by_id ? m->text + m->row[m->by_id[i]].id : NULL;
}

size_t
faq_count(const struct faq *f)
{
	return f->m.n_row;
}
