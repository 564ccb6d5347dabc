/*
 * Auto Reply's memory: FAQs, ways customers ask for them, and what a question
 * most likely wants. Pure C: no network, no threads, no store; a model is one
 * file, made by faq_compile() and only read afterwards. Called by the
 * subcommands (admin_faq.c) and by whoever answers customers.
 */
#ifndef MADOD_FAQ_H
#define MADOD_FAQ_H

#include <mado/buf.h>
#include <mado/err.h>

/* A text to import, and the name that errors call it by. */
struct faq_source {
	const char *name; /* "x.csv": comma separated; else see faq_tsv.h */
	const char *p;
	size_t n;
};

struct faq_sources {
	struct faq_source faq;       /* id, question, answer */
	struct faq_source examples;  /* id, utterance; p NULL: none */
	struct faq_source negatives; /* utterances for people; p NULL: none */
	/* What was learned of customers, as examples: entries that are gone
	 * are left out. id "-": for people. p NULL: none. */
	struct faq_source lessons;
};

enum { FAQ_PICKS = 3, FAQ_SIGNALS = 12, FAQ_TEXT_MAX_CP = 1000 };
/* Of what is answered without a person this share is to be right. */
#define FAQ_TARGET 0.90

/* What an import found. */
struct faq_report {
	size_t faqs, examples, negatives;
	size_t lessons, stale; /* taken; of entries that are gone */
	size_t learned; /* FAQs with examples enough for the classifier */
	double answer_at, offer_at; /* thresholds of confidence */
	double answered, right; /* expected, questions without an FAQ included;
				   NaN when there was nothing to try on */
};

/*
 * Read the sources, fit, and write the model to path, whole or not at all.
 * FAQ_TARGET is aimed at with one question that no FAQ answers for five that
 * one does. Returns 0; -1 with ERR_INVALID ("NAME:LINE:COLUMN: what"),
 * ERR_TOOBIG, or what file_write() says. Memory: about 2.5 kB a text while it
 * runs, 0.8 kB in the file.
 */
int faq_compile(const struct faq_sources *in, const char *path,
    struct faq_report *report, struct err *e);

struct faq;
/*
 * Load a model. NULL with ERR_NOTFOUND, or ERR_FAILED for a file that is not
 * one, is cut, changed or of another version. Caller frees with faq_free().
 */
struct faq *faq_open(const char *path, struct err *e);
/* NULL is fine. */
void faq_free(struct faq *f);

enum faq_outcome { FAQ_HANDOFF, FAQ_OFFER, FAQ_ANSWER };
extern const char *const faq_outcome_names[];

struct faq_signal {
	const char *name;
	double value;
};

struct faq_verdict {
	enum faq_outcome outcome;
	double confidence; /* that pick[0] is right, 0..1 */
	double answer_at, offer_at;
	const char *why; /* one word or two: who found pick[0], or why none */
	size_t n;        /* picks, best first; 0 when nothing is like it */
	const char *ids[FAQ_PICKS]; /* lent by the model */
	double scores[FAQ_PICKS];
	size_t n_signals;
	struct faq_signal signals[FAQ_SIGNALS]; /* for `why` */
};

/*
 * What to do about a customer's text (valid UTF-8, any length, of which the
 * first FAQ_TEXT_MAX_CP characters count). Never fails. Not for two threads at
 * once: a model holds its own scratch memory.
 */
void faq_ask(struct faq *f, const char *text, struct faq_verdict *v);

/* An entry's texts, lent by the model; false when there is none of that id. */
bool faq_entry(const struct faq *f, const char *id, const char **question,
    const char **answer);
size_t faq_count(const struct faq *f);
/* The id of entry i, in the order of ids; NULL past the last. */
const char *faq_id(const struct faq *f, size_t i);
/* What stands beside it (answer.h), "" for nothing. */
const char *faq_beside(const struct faq *f, const char *id);
/* The answer to send for an id, NULL when there is none of that id. */
const char *faq_answer(const struct faq *f, const char *id);

/* Figures of contract.md, [4]. A share without a base is NaN. */
struct faq_figures {
	size_t queries, in_scope;
	double answered, right_of_answered, right_of_answered_in_scope;
	double top1, top3, offered, hit_of_offered;
	double out_of_scope_handed_over, out_of_scope_offered, auroc;
	double ms_p50, ms_p99;
};

/*
 * Ask every query of a source (utterance, gold: id, id|id or -) and count.
 * each (may be NULL) is called per query. ERR_INVALID as faq_compile().
 */
int faq_eval(struct faq *f, const struct faq_source *queries,
    void (*each)(void *arg, const char *text, const char *gold,
	const struct faq_verdict *v),
    void *arg, struct faq_figures *out, struct err *e);

#endif
