/*
 * Reading the store: rows as the nouns of model.h. On whatever thread owns the
 * connection; never writes. What is returned is valid until the arena is
 * reset.
 */
#ifndef MADOD_Q_H
#define MADOD_Q_H

#include <mado/filter.h>
#include <mado/model.h>
#include <mado/sql.h>

/* "a\nb", or NULL, to a list. */
struct strs q_strs(struct arena *a, const char *joined);
/* NULL when there is none. now_ms: for what depends on it. */
struct conv *q_conv(
    struct sql *db, struct arena *a, int64_t number, int64_t now_ms);
struct msg *q_msg(struct sql *db, struct arena *a, int64_t id);
/* The row id of a message's uid, 0 without. */
int64_t q_msg_id(struct sql *db, const char *uid);
struct contact *q_contact(struct sql *db, struct arena *a, int64_t id);

struct q_list {
	enum view view;
	const char *me;       /* for VIEW_MINE */
	const char *tag;      /* "@x" is a contact's; NULL: any */
	const char *assignee; /* NULL: any; "-": nobody */
	const char *query;    /* words that must all be there; NULL */
	/* looked at row by row, for what is more than words; NULL */
	const struct filter *filter;
	const char *cursor; /* of the page before; NULL: the first */
	int64_t limit;
};
/* Numbers in inbox order into out[limit]; *next is the cursor of the page
 * after, NULL at the end. With a filter a page may be short and another follow:
 * so many rows are looked at, no more. Returns how many, or -1 with
 * ERR_INVALID. */
int64_t q_list(struct sql *db, struct arena *a, const struct q_list *l,
    int64_t *out, const char **next, struct err *e);
void q_counts(struct sql *db, const char *me, int64_t counts[VIEW_N]);

struct q_thread {
	int64_t number;
	bool contact;       /* all of the contact's conversations */
	const char *cursor; /* before it; NULL: the newest */
	int64_t limit;
};
/* Row ids, oldest first, into out[limit]; *before is the cursor of the page
 * before, NULL when this one is the oldest. Returns how many, or -1. */
int64_t q_thread(struct sql *db, struct arena *a, const struct q_thread *t,
    int64_t *out, const char **before, struct err *e);

/* {"epoch":..,"seq":..,"events":[..],"more":..} for the rows after `after`,
 * at most limit; returns how many. *last: the seq of the last one. */
int64_t q_feed(struct sql *db, int64_t epoch, int64_t after, int64_t limit,
    struct buf *out, int64_t *last);

#endif
