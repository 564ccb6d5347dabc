/*
 * Hooks: commands of madorc that run when something happens,
 *
 *	[hook "message.in"]
 *	run = notify-desk
 *
 * each with the event as JSON on standard input. Nobody waits for them but
 * who asks hooks_is_idle().
 */
#ifndef MADO_HOOKS_H
#define MADO_HOOKS_H

#include <mado/loop.h>
#include <mado/json.h>
#include <mado/model.h>

#include "settings.h"

/* The keys of a [hook KIND] section, for the manual. */
extern const struct conf_key hooks_keys[];

struct hooks;

struct hooks_opts {
	struct loop *loop;
	const struct settings *settings;
	int out;       /* where hooks print; 0: nowhere */
	bool keep_all; /* whoever asks waits, so none is left out */
	/* A line for people: a hook that is broken, failed or took too long. */
	void (*tell)(const char *line, void *arg);
	void *arg;
};

/* Those of madorc; a broken one is told with file and line, the others work.
 * Caller frees with hooks_free(), which leaves those that run. */
struct hooks *hooks_new(const struct hooks_opts *o);
void hooks_free(struct hooks *h);
/* Run what is for this event, now or when there is room. */
void hooks_event(struct hooks *h, const struct event *ev, const cJSON *json);
/* A child has ended; false: not one of ours. */
bool hooks_reap(struct hooks *h, pid_t pid, int status);
/* None runs and none waits. */
bool hooks_is_idle(const struct hooks *h);

#endif
