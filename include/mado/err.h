/*
 * Errors. Every fallible function takes a struct err that its caller owns,
 * fills it and returns -1. Who returns an error does not log it: the edge
 * (a main, a handler, a screen) reports it, once.
 */
#ifndef MADO_ERR_H
#define MADO_ERR_H

/* name, code on the wire, HTTP status, exit code (contract.md) */
#define ERR_CODES(X)                                \
	X(ERR_NONE, "ok", 200, 0)                   \
	X(ERR_INTERNAL, "internal", 500, 1)         \
	X(ERR_FAILED, "failed", 400, 1)             \
	X(ERR_INVALID, "invalid", 400, 2)           \
	X(ERR_AUTH, "not_signed_in", 401, 3)        \
	X(ERR_ROLE, "not_allowed", 403, 3)          \
	X(ERR_DISABLED, "account_disabled", 403, 3) \
	X(ERR_NOTFOUND, "not_found", 404, 4)        \
	X(ERR_METHOD, "method_not_allowed", 405, 2) \
	X(ERR_CONFLICT, "conflict", 409, 1)         \
	X(ERR_UNSEEN, "unseen_messages", 409, 6)    \
	X(ERR_GONE, "gone", 410, 4)                 \
	X(ERR_TOOBIG, "too_large", 413, 1)          \
	X(ERR_LIMITED, "too_many_attempts", 429, 3) \
	X(ERR_BUSY, "not_storable_now", 503, 1)     \
	X(ERR_NET, "server_not_reached", 502, 5)    \
	X(ERR_UNCONFIRMED, "unconfirmed", 409, 7)

enum err_code {
#define X(id, name, http, code) id,
	ERR_CODES(X)
#undef X
};

enum { ERR_MSG_B = 400 };

struct err {
	enum err_code code;
	char msg[ERR_MSG_B]; /* one sentence, no final newline */
};

/*
 * Fill e (may be NULL) with a code and a printf-formatted sentence; a message
 * longer than ERR_MSG_B is cut between characters.
 * Returns -1 always, so that a failure is one line: return err_set(...).
 */
int err_set(struct err *e, enum err_code code, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
/* Analyzers see one file at a time: show them what is returned. */
#ifdef __clang_analyzer__
#define err_set(...) (err_set(__VA_ARGS__), -1)
#endif

/* Put printf-formatted text and ": " before e's message. Returns -1. */
int err_prefix(struct err *e, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

/* Forget: code ERR_NONE, empty message. */
void err_clear(struct err *e);

const char *err_name(enum err_code code);
int err_http_status(enum err_code code);
int err_exit_code(enum err_code code);
/* The code of that name on the wire; ERR_FAILED when unknown. */
enum err_code err_from_name(const char *name);

#endif
