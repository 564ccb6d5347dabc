/*
 * The desk as the client sees it: the one module that talks to the server.
 * Panes and verbs never do; a dozen operations, so that another kind of desk
 * can stand behind them one day. Implemented for madod by desk_madod.c.
 */
#ifndef MADO_DESK_H
#define MADO_DESK_H

#include <mado/fetch.h>
#include <mado/json.h>
#include <mado/loop.h>
#include <mado/model.h>

struct desk;
struct desk_req;

struct desk_opts {
	const char *url;   /* https://host:port, http://127.0.0.1:port, unix: */
	const char *token; /* NULL before sign-in and on a unix socket */
	const char *pin;   /* "sha256//..." or NULL */
};

/* ERR_INVALID when the url is none of the above (plain http only to
 * loopback). Caller frees with desk_free(), which cancels all. */
struct desk *desk_new(
    struct fetch *f, const struct desk_opts *o, struct err *e);
void desk_free(struct desk *d);

enum desk_op {
	DESK_SIGN_IN, /* args {name,password} -> json {token,...} */
	DESK_JOIN,    /* args {code,password?} -> json {token,...} */
	DESK_SIGN_OUT,
	DESK_ME,       /* -> json */
	DESK_PASSWORD, /* args {old,new} */
	DESK_LIST,     /* view, tag, assignee, query, limit, cursor -> convs */
	DESK_GET,      /* number -> convs[0] */
	DESK_MESSAGES, /* number, contact, limit, cursor -> msgs */
	DESK_MESSAGE,  /* id -> msgs[0] */
	DESK_FEED,     /* after, wait_s, limit -> events */
	DESK_ACT, /* verb, number (0 for claim), args -> convs[0], msgs[0] */
	DESK_PRESENCE,      /* args {client,conversation,typing} -> present */
	DESK_STATUS,        /* -> channels, counts in json */
	DESK_AGENTS,        /* -> agents */
	DESK_TAGS,          /* -> json: those in use */
	DESK_CANNED,        /* -> canned */
	DESK_CANNED_PUT,    /* id = name, args {text,reading,tags,personal} */
	DESK_CANNED_RM,     /* id = name, personal */
	DESK_CANNED_IMPORT, /* args {canned:[..]}: all or none */
	DESK_OUTBOX,        /* -> msgs: undecided sends */
	DESK_RETRY,         /* id, args {confirm} */
	DESK_DISCARD,       /* id */
	DESK_MEDIA,         /* id, to_file */
	DESK_SEARCH,        /* query, limit, cursor -> hits in json */
	DESK_UPLOAD,        /* name, from_fd, from_n -> uploads in json */
	DESK_UPLOADS,       /* -> uploads in json */
	DESK_UPLOAD_GET,    /* id -> uploads in json */
	DESK_UPLOAD_RM,     /* id */
	DESK_MEDIA_PAGE,    /* id -> url, expires_at in json */
	DESK_UPLOAD_PAGE,   /* args {number} -> the same */
	DESK_WHY,           /* id -> json: what the bot decided about it */
	DESK_JUDGE,         /* id, args {right, faq} -> json */
	DESK_FAQS,          /* -> json */
	DESK_CARDS,         /* number -> cards and links in json */
	DESK_REPORT,        /* id = its name, from, to -> json */
	DESK_RAW            /* method, path, args -> json, body */
};

struct desk_call {
	enum desk_op op;
	int64_t number;
	const char *verb;
	const char *id;
	const cJSON *args; /* lent during desk_start() */
	const char *view, *tag, *assignee, *query, *cursor;
	bool contact;  /* DESK_MESSAGES: all of the contact's */
	bool personal; /* DESK_CANNED_RM: one's own */
	int64_t limit, after, wait_s;
	const char *client;        /* DESK_FEED: of DESK_PRESENCE */
	const char *method, *path; /* DESK_RAW */
	const char *to_file;       /* DESK_MEDIA */
	const char *from, *to;     /* DESK_REPORT: RFC 3339 */
	const char *name;          /* DESK_UPLOAD: the file's */
	int from_fd;               /* and its bytes; taken */
	int64_t from_n;
};

struct desk_answer {
	struct err err;  /* ERR_NONE, or what went wrong; ERR_NET when the
			  * server was not reached, ERR_AUTH signed out */
	bool maybe_done; /* ERR_NET after the request may have arrived */
	bool bad_cert;
	const char *key_pin; /* of the peer, when bad_cert */
	int64_t epoch, seq;  /* stamps; 0 when absent */
	struct conv **convs;
	size_t n_convs;
	struct msg **msgs; /* with ERR_UNSEEN: what was not seen */
	size_t n_msgs;
	struct event **events;
	size_t n_events;
	struct agent **agents;
	size_t n_agents;
	struct canned **canned;
	size_t n_canned;
	struct channel_status **channels;
	size_t n_channels;
	struct present **present; /* DESK_PRESENCE, DESK_FEED */
	size_t n_present;
	const char *cursor; /* of the next page, NULL at the end */
	bool more;          /* DESK_FEED: ask again at once */
	const cJSON *json;  /* the whole answer, NULL when it is not JSON */
	const char *body;   /* its bytes */
	size_t body_n;
};

/*
 * Ask. done is called once, from the loop; what the answer points to is lent
 * until done returns. The handle is good for desk_cancel() until then.
 */
struct desk_req *desk_start(struct desk *d, const struct desk_call *c,
    void (*done)(const struct desk_answer *a, void *arg), void *arg);
void desk_cancel(struct desk_req *r);
/* For the command line: ask and turn the loop until the answer; `use` reads
 * it. Returns 0, or -1 with the answer's error. */
int desk_ask(struct desk *d, struct loop *l, const struct desk_call *c,
    void (*use)(const struct desk_answer *a, void *arg), void *arg,
    struct err *e);

#endif
