/*
 * What the store_*.c files share: the two databases, the key, sealing. No
 * other file includes it.
 *
 * db holds what the server said and can say again: SQL_SYNC_NORMAL. own holds
 * what only this machine knows (drafts, outbox, typed lines): SQL_SYNC_LATER,
 * so that it is on the disk as fast as that goes, and no key waits for it.
 */
#ifndef MADO_STORE_IMPL_H
#define MADO_STORE_IMPL_H

#include <mado/sql.h>

#include "store.h"

enum { CONTEXT_B = 160 };

struct store {
	struct sql *db;
	struct sql *own;
	uint8_t *key;
	int depth;    /* of store_begin() */
	bool spoiled; /* a write in this transaction failed: */
	struct err why;
	struct buf sealed;
	struct buf plain;
	struct buf text;
};

/*
 * A record is a sealed pair: a folded text that searches look through, and
 * JSON; so that a search needs no JSON. s->sealed holds it until the next
 * call. context is "table:key", so that no row opens in another's place.
 */
void store_seal(
    struct store *s, const char *context, const char *folded, const char *json);
/* The JSON of a record, lent until the next call; NULL when it does not
 * open. folded may be NULL. */
const char *store_unseal(struct store *s, const char *context, const void *p,
    size_t n, const char **folded);
/* A struct by its table from a record's JSON; NULL for what is none. */
void *store_read(const char *json, const struct json_table *t, struct arena *a);
/* A struct by its table from a record's column. NULL when it does not open. */
void *store_row(struct store *s, const char *context, struct sql_rows *q,
    int col, const struct json_table *t, struct arena *a);

/* A call's own transaction on db, nested in the caller's if there is one. */
void store_in(struct store *s);
int store_out(struct store *s, struct err *e);
/* After a read: what failed is forgotten, so that it does not stick. */
void store_read_done(struct sql *db);
/* Message rows of a conversation move to its contact. */
void store_msgs_claim(struct store *s, int64_t number, int64_t contact);

#endif
