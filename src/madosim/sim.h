/*
 * The simulator's one world: options, tables and counters, made by main.c
 * and lent to everything else. Read this first, then routes.c.
 */
#ifndef MADOSIM_SIM_H
#define MADOSIM_SIM_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/queue.h>

#include <mado/err.h>
#include <mado/fetch.h>
#include <mado/httpd.h>
#include <mado/loop.h>

#include "fault.h"
#include "map.h"
#include "media.h"
#include "menu.h"
#include "people.h"
#include "rng.h"
#include "script.h"
#include "tokens.h"

struct opts {
	char *listen;
	char *webhook; /* NULL: events wait until LINE's API sets one */
	char *secret;
	char *token;   /* long-lived */
	char *channel; /* its id */
	char *script;  /* NULL: only who is made through /sim/ */
	int64_t seed;
	int64_t quota; /* a month, -1: none */
	int64_t quota_used;
	int64_t redelivery; /* how often a webhook is repeated, 0: off */
	int64_t redelivery_pause_ms; /* the first; doubles up to a minute */
	int64_t webhook_timeout_ms;
	int64_t reply_life_ms;
	int64_t slow_ms;       /* what the fault "slow" waits */
	int64_t prepare_ms;    /* long video and audio: 202 for so long */
	int64_t person_ms;     /* an answer that comes sooner is a bot's */
	int64_t pack;          /* most events in one webhook body */
	double speed;          /* of the script's pauses */
	int64_t token_life_ms; /* of stateless tokens */
	int64_t date_ahead_ms; /* of the header Date, before or behind us */
	bool webhook_off;      /* "Use webhook" in the console */
	bool chat_mode;        /* what /v2/bot/info says of the chat */
	bool media_http;       /* content on this machine may be http */
	bool verbose;
};

enum { HTTP_STATUS_N = 600, PROBLEMS_KEPT = 200 };

/* One answer that was not a success, for GET /sim/state. */
struct problem {
	int64_t at_ms;
	int status;
	char method[16];
	char path[80];
	char message[160];
	char request_id[ID_UUID_B];
};

struct stats {
	int64_t sends[8]; /* accepted requests, by enum via of send.h */
	int64_t bubbles[8];
	int64_t answers[HTTP_STATUS_N];
	int64_t lost; /* answers lost and connections refused on purpose */
	struct problem problems[PROBLEMS_KEPT];
	int64_t problems_n; /* ever; the ring holds the latest */
};

struct sim {
	struct opts opts;
	struct loop *loop;
	struct httpd *httpd;
	struct fetch *fetch;
	struct faults faults;
	struct tokens tokens;
	int64_t issued;       /* stateless tokens, ever */
	struct map stateless; /* access token -> int64_t, mono ms of its end */
	struct retries retries;
	struct people people;
	struct media media;
	struct menus menus;
	struct map quotes; /* quote token -> the chat it belongs to */
	struct map reads;  /* markAsReadToken -> struct read_mark */
	struct map days;   /* "via:yyyymmdd" -> int64_t, deliveries */
	cJSON *loads;      /* what was sent and fetched, or NULL */
	struct out *out;   /* webhooks on their way */
	struct actors *actors;
	struct script *script;
	struct stats stats;
	TAILQ_HEAD(calls, call) calls; /* requests not yet answered */
	struct rng rng;                /* choices that are nobody else's */
	char bot_id[LINE_ID_B];
	int64_t last_message; /* number behind the latest message id */
};

/* A fresh message id: 18 digits, rising, never the same in two runs. */
void sim_message_id(struct sim *s, char out[MESSAGE_ID_B]);

#endif
