/*
 * What falls due by itself: one table, one timer, set for the nearest. Must not
 * decide what is done: that is the acts'. Called by serve.c, and its timer.
 */
#include <mado/log.h>
#include <mado/when.h>

#include "rules.h"
#include "serve_jobs.h"

enum {
	RETRY_MS = 2000, /* after an act that was not storable */
	WAIT_MAX_MS = 3600 * 1000
};

/* A job that was not storable is due again. */
static void
jobs_done(struct act *a)
{
	struct madod *m = a->arg;

	if (a->err.code == ERR_NONE)
		return;
	log_error("a job was not stored: %s", a->err.msg);
	timer_set(m->jobs, RETRY_MS);
}

static void
jobs_recovered(struct act *a)
{
	struct madod *m = a->arg;

	if (a->err.code == ERR_NONE)
		m->recovered = true;
	jobs_done(a);
}

/* Copied, as the config may be reread meanwhile. */
void *
serve_jobs_surveys(struct madod *m, struct arena *mem)
{
	struct survey_in *list = NULL, *in;

	for (size_t i = 0; i < m->config->n_lines; i++) {
		const struct config_line *l = &m->config->lines[i];

		in = arena_new_of(mem, struct survey_in);
		*in = (struct survey_in){arena_strdup(mem, l->name),
		    l->survey_after_ms, l->survey_every_ms,
		    (enum push_policy)l->push, list};
		list = in;
	}
	return list;
}

static void *
jobs_rules(struct madod *m, struct arena *mem)
{
	(void)mem;
	return m->rules;
}

/* What falls due by itself: when next (0: never), what is done then, and what
 * that is given. */
static const struct job {
	const char *due;
	int (*run)(struct act *a, struct err *e);
	void *(*in)(struct madod *m, struct arena *mem);
	bool after_silence; /* so long after that: [bot] auto_after */
} jobs[] = {
    {"SELECT min(snoozed_until) FROM conversation WHERE status=2 AND"
     " snoozed_until IS NOT NULL",
	act_due, jobs_rules, false},
    {"SELECT min(send_at) FROM outbox WHERE send_at IS NOT NULL",
	act_send_later, jobs_rules, false},
    {"SELECT min(due_at) FROM bot_state WHERE due_at IS NOT NULL",
	act_rules_due, jobs_rules, false},
    {"SELECT min(due_at) FROM greeting", act_greet, jobs_rules, false},
    {"SELECT min(due_at) FROM survey", act_survey_due, serve_jobs_surveys,
	false},
    {"SELECT min(last_at) FROM conversation WHERE mode=1 AND status<2 AND"
     " status=0 AND waiting_since IS NULL",
	act_silence, jobs_rules, true},
};

/* 0: never. */
static int64_t
jobs_due(struct madod *m, const struct job *j)
{
	int64_t after_ms = rules_bot(m->rules)->auto_after_ms, due;

	if (j->after_silence && after_ms == 0)
		return 0;
	due = sql_get_int(m->db, 0, j->due, "");
	return due != 0 && j->after_silence ? due + after_ms : due;
}

/* Those that are due are put, and set the timer anew when they are done. */
static void
jobs_put(struct madod *m)
{
	int64_t now = when_now_ms(), next = WAIT_MAX_MS;
	bool any = false;

	for (size_t i = 0; i < sizeof(jobs) / sizeof(jobs[0]); i++) {
		int64_t due = jobs_due(m, &jobs[i]);
		struct act *a;

		if (due == 0)
			continue;
		any = true;
		if (due - now < next)
			next = due - now;
		if (due > now)
			continue;
		a = act_new(jobs[i].run, jobs_done, m);
		a->in = jobs[i].in(m, a->mem);
		writer_put(m->writer, a);
	}
	if (any && next > 0)
		timer_set(m->jobs, next);
}

void
serve_jobs(void *arg)
{
	struct madod *m = arg;

	if (!m->recovered) {
		writer_put(m->writer, act_new(act_recover, jobs_recovered, m));
		return;
	}
	jobs_put(m);
}
