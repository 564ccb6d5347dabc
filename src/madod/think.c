/* One thread with the models: see think.h. */
#include <mado/log.h>

#include "mind.h"
#include "think.h"

struct thinker {
	struct madod *m;
	struct worker *worker;
	struct mind *mind; /* the worker's, once it runs */
	bool knows;        /* some channel has a model */
	int under_way;     /* jobs not yet done: no webhook overtakes them */
};

/* The channels to read, and what became of it. */
struct load {
	struct thinker *t;
	char **channels, **paths;
	size_t n, known;
	struct err err; /* of the first that failed */
	void (*done)(void *, const struct err *);
	void *arg;
};

static struct load *
load_new(struct thinker *t)
{
	const struct config *c = t->m->config;
	struct load *l = x_new(struct load);

	l->t = t;
	l->channels = x_calloc(c->n_lines + 1, sizeof(char *));
	l->paths = x_calloc(c->n_lines + 1, sizeof(char *));
	for (; l->n < c->n_lines; l->n++) {
		l->channels[l->n] = x_strdup(c->lines[l->n].name);
		l->paths[l->n] = mind_path(c->state_dir, c->lines[l->n].name);
	}
	return l;
}

static void
load_run(void *arg, struct sql *db)
{
	struct load *l = arg;
	struct err e;

	(void)db;
	for (size_t i = 0; i < l->n; i++) {
		e = (struct err){0};
		if (mind_load(l->t->mind, l->channels[i], l->paths[i], &e) ==
			-1 &&
		    l->err.code == ERR_NONE)
			l->err = e;
	}
	l->known = mind_count(l->t->mind);
}

static void
load_done(void *arg)
{
	struct load *l = arg;

	l->t->knows = l->known > 0;
	l->t->under_way--;
	if (l->err.code != ERR_NONE)
		log_error("FAQs: %s", l->err.msg);
	if (l->done != NULL)
		l->done(l->arg, &l->err);
	for (size_t i = 0; i < l->n; i++) {
		x_free(l->channels[i]);
		x_free(l->paths[i]);
	}
	x_free(l->channels);
	x_free(l->paths);
	x_free(l);
}

struct thinker *
think_new(struct madod *m)
{
	struct thinker *t = x_new(struct thinker);

	t->m = m;
	t->mind = mind_new();
	t->worker = worker_new(m->loop, NULL, NULL);
	return t;
}

void
think_free(struct thinker *t)
{
	if (t == NULL)
		return;
	worker_free(t->worker);
	mind_free(t->mind);
	x_free(t);
}

void
think_reload(
    struct thinker *t, void (*done)(void *, const struct err *), void *arg)
{
	struct load *l = load_new(t);

	l->done = done;
	l->arg = arg;
	t->under_way++;
	worker_put(t->worker, load_run, load_done, l);
}

/* A webhook on its way. */
struct passing {
	struct thinker *t;
	struct act *act;
};

static void
passing_run(void *arg, struct sql *db)
{
	struct passing *p = arg;
	struct webhook_in *in = p->act->in;
	const struct line_webhook *hook = in->hook;

	(void)db;
	in->guesses =
	    arena_calloc(p->act->mem, hook->n + 1, sizeof(*in->guesses));
	for (size_t i = 0; i < hook->n; i++)
		in->guesses[i] = mind_event(
		    p->t->mind, in->channel, &hook->events[i], p->act->mem);
}

/* Rules and adviser are named only now: an act that the writer does not have
 * yet would outlive those that were reread meanwhile. */
static void
passing_put(struct thinker *t, struct act *a)
{
	struct webhook_in *in = a->in;

	in->rules = t->m->rules;
	in->adviser = &t->m->config->bot;
	writer_put(t->m->writer, a);
}

static void
passing_done(void *arg)
{
	struct passing *p = arg;

	p->t->under_way--;
	passing_put(p->t, p->act);
	x_free(p);
}

void
think_webhook(struct thinker *t, struct act *a)
{
	struct passing *p;

	if (!t->knows && t->under_way == 0) {
		passing_put(t, a);
		return;
	}
	p = x_new(struct passing);
	*p = (struct passing){t, a};
	t->under_way++;
	worker_put(t->worker, passing_run, passing_done, p);
}

/* A question of the desk's own. */
struct asking {
	struct thinker *t;
	struct arena *a;
	const char *channel, *id, *text; /* id or text, NULL: all */
	const struct bot_guess *guess;
	struct buf list;
	void (*told)(void *, const struct bot_guess *);
	void (*listed)(void *, struct buf *);
	void *arg;
};

static struct asking *
asking_new(struct thinker *t, const char *channel, const char *id, void *arg)
{
	struct asking *q = x_new(struct asking);

	q->t = t;
	q->a = arena_new();
	q->channel = arena_strdup(q->a, channel);
	q->id = arena_strdup(q->a, id);
	q->arg = arg;
	t->under_way++;
	return q;
}

static void
asking_run(void *arg, struct sql *db)
{
	struct asking *q = arg;

	(void)db;
	if (q->listed != NULL)
		mind_list(q->t->mind, q->channel, &q->list);
	else if (q->text != NULL)
		q->guess = mind_ask(q->t->mind, q->channel, q->text, q->a);
	else
		q->guess = mind_entry(q->t->mind, q->channel, q->id, q->a);
}

static void
asking_done(void *arg)
{
	struct asking *q = arg;

	q->t->under_way--;
	if (q->listed != NULL)
		q->listed(q->arg, &q->list);
	else
		q->told(q->arg, q->guess);
	buf_free(&q->list);
	arena_free(q->a);
	x_free(q);
}

void
think_ask(struct thinker *t, const char *channel, const char *text,
    void (*done)(void *, const struct bot_guess *), void *arg)
{
	struct asking *q = asking_new(t, channel, NULL, arg);

	q->text = arena_strdup(q->a, text);
	q->told = done;
	worker_put(t->worker, asking_run, asking_done, q);
}

void
think_entry(struct thinker *t, const char *channel, const char *id,
    void (*done)(void *, const struct bot_guess *), void *arg)
{
	struct asking *q = asking_new(t, channel, id, arg);

	q->told = done;
	worker_put(t->worker, asking_run, asking_done, q);
}

void
think_list(struct thinker *t, const char *channel,
    void (*done)(void *, struct buf *), void *arg)
{
	struct asking *q = asking_new(t, channel, NULL, arg);

	q->listed = done;
	worker_put(t->worker, asking_run, asking_done, q);
}
