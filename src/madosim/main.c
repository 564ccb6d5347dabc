/*
 * madosim: makes the world of sim.h from the command line, serves until
 * SIGTERM or SIGINT, takes the world down again.
 */
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include <mado/buf.h>
#include <mado/crypto.h>
#include <mado/log.h>
#include <mado/mem.h>
#include <mado/when.h>

#include "load.h"
#include "check.h"
#include "actor.h"
#include "events.h"
#include "opts.h"
#include "out.h"
#include "routes.h"

enum {
	CONNS_PER_HOST = 32,
	API_BODY_MAX_B = 2 << 20, /* LINE: 413 above */
	USAGE = 2,
	IDS_PER_MS = 100000
};

void
sim_message_id(struct sim *s, char out[MESSAGE_ID_B])
{
	s->last_message += 1 + (int64_t)(rng_next(&s->rng) % 50);
	snprintf(out, MESSAGE_ID_B, "%lld", (long long)s->last_message);
}

static void
make_bot_id(struct sim *s)
{
	char hex[65];

	crypto_sha256_hex(s->opts.secret, strlen(s->opts.secret), hex);
	snprintf(s->bot_id, sizeof(s->bot_id), "U%.32s", hex);
}

static void
on_signal(void *arg)
{
	loop_stop(((struct sim *)arg)->loop);
}

static int
sim_start(struct sim *s, struct err *e)
{
	struct httpd_opts h = {.body_max_b = API_BODY_MAX_B,
	    .date_ahead_s = (int)(s->opts.date_ahead_ms / 1000),
	    .on_request = routes_request,
	    .arg = s};
	char *url = NULL;

	if (s->opts.script != NULL &&
	    (s->script = script_read(s->opts.script, e)) == NULL)
		return -1;
	rng_init(&s->rng, (uint64_t)s->opts.seed, "sim");
	s->last_message = when_now_ms() * IDS_PER_MS;
	make_bot_id(s);
	tokens_init(&s->tokens, s->opts.reply_life_ms);
	check_allow_loopback(s->opts.media_http);
	TAILQ_INIT(&s->calls);
	s->loop = loop_new();
	s->fetch = fetch_new(s->loop, CONNS_PER_HOST);
	s->out = out_new(s);
	s->httpd = httpd_new(s->loop, &h);
	if (httpd_listen(s->httpd, s->opts.listen, NULL, 0, &url, e) != 0)
		return -1;
	s->actors = actors_new(s);
	loop_signal(s->loop, SIGTERM, on_signal, s);
	loop_signal(s->loop, SIGINT, on_signal, s);
	fprintf(stderr, "madosim: ready %s\n", url);
	x_free(url);
	return 0;
}

static void
sim_end(struct sim *s)
{
	actors_free(s->actors);
	out_free(s->out);
	if (s->fetch != NULL)
		fetch_free(s->fetch);
	load_free(s);
	if (s->httpd != NULL) {
		httpd_free(s->httpd);
		calls_free(s);
	}
	tokens_free(&s->tokens);
	retries_free(&s->retries);
	people_free(&s->people);
	media_free(&s->media);
	menus_free(&s->menus);
	map_free(&s->stateless, x_free);
	map_free(&s->quotes, NULL);
	map_free(&s->reads, x_free);
	map_free(&s->days, x_free);
	script_free(s->script);
	if (s->loop != NULL)
		loop_free(s->loop);
}

static int
sim_run(struct sim *s)
{
	struct err e = {0};
	int rc = 0;

	log_init("madosim", s->opts.verbose ? LOG_DEBUG : LOG_INFO);
	if (sim_start(s, &e) == 0) {
		loop_run(s->loop);
	} else {
		fprintf(stderr, "madosim: %s\n", e.msg);
		rc = err_exit_code(e.code);
	}
	sim_end(s);
	return rc;
}

int
main(int argc, char **argv)
{
	struct sim *s = x_new(struct sim);
	struct err e = {0};
	int rc = 0;

	(void)argc;
	file_keep_stdio();
	crypto_init();
	opts_init(&s->opts);
	switch (opts_parse(&s->opts, &s->faults, argv + 1, &e)) {
	case OPTS_RUN:
		rc = sim_run(s);
		break;
	case OPTS_HELP:
		opts_help(stdout);
		break;
	case OPTS_VERSION:
		printf("madosim %s\n", MADO_VERSION);
		break;
	case OPTS_BAD:
		fprintf(stderr, "madosim: %s\nTry madosim --help.\n", e.msg);
		rc = USAGE;
		break;
	}
	faults_free(&s->faults);
	opts_free(&s->opts);
	x_free(s);
	return rc;
}
