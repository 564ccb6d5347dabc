/*
 * SQLite's full-text search, told how the product cuts text. SQLite keeps a
 * tokenizer by connection, so each new one gets it here. Knows no language:
 * where to cut is the caller's function. Called by sql_connect.c.
 */
#include <sqlite3.h>

#include "sql_priv.h"

static const char *fts_name;
static sql_cut_fn *fts_cut;

void
sql_set_tokenizer(const char *name, sql_cut_fn *cut)
{
	fts_name = name;
	fts_cut = cut;
}

/* There is nothing to keep: any pointer but NULL will do. */
static int
fts_create(void *arg, const char **argv, int argc, Fts5Tokenizer **out)
{
	(void)arg;
	(void)argv;
	(void)argc;
	*out = (Fts5Tokenizer *)&fts_cut;
	return SQLITE_OK;
}

static void
fts_delete(Fts5Tokenizer *t)
{
	(void)t;
}

struct fts {
	int (*token)(void *, int, const char *, int, int, int);
	void *arg;
};

/* Where it stood in the text is of no use with detail=none. */
static int
fts_token(void *arg, const char *p, size_t n)
{
	struct fts *f = arg;

	return f->token(f->arg, 0, p, (int)n, 0, 0);
}

static int
fts_tokenize(Fts5Tokenizer *t, void *arg, int flags, const char *text, int n,
    int (*token)(void *, int, const char *, int, int, int))
{
	struct fts f = {token, arg};

	(void)t;
	if (text == NULL || n <= 0)
		return SQLITE_OK;
	if (flags & FTS5_TOKENIZE_QUERY)
		return fts_token(&f, text, (size_t)n);
	return fts_cut(text, (size_t)n, fts_token, &f);
}

/* https://www.sqlite.org/fts5.html, "Extending FTS5". */
static fts5_api *
fts_api(sqlite3 *db)
{
	sqlite3_stmt *q = NULL;
	fts5_api *api = NULL;

	if (sqlite3_prepare_v2(db, "SELECT fts5(?1)", -1, &q, NULL) ==
	    SQLITE_OK) {
		sqlite3_bind_pointer(q, 1, &api, "fts5_api_ptr", NULL);
		sqlite3_step(q);
	}
	sqlite3_finalize(q);
	return api;
}

int
sql_fts_register(sqlite3 *db)
{
	fts5_tokenizer t = {fts_create, fts_delete, fts_tokenize};
	fts5_api *api;

	if (fts_name == NULL)
		return SQLITE_OK;
	if ((api = fts_api(db)) == NULL)
		return SQLITE_ERROR;
	return api->xCreateTokenizer(api, fts_name, NULL, &t, NULL);
}
