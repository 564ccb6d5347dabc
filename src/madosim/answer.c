/*
 * Answers: the request id on each, errors counted and remembered, and the
 * faults that strike between acting and answering. Called by routes.c and
 * every handler.
 */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <mado/json.h>
#include <mado/mem.h>
#include <mado/when.h>

#include "answer.h"

#define JSON_TYPE "application/json"

struct call *
call_new(struct sim *s, struct httpd_req *r)
{
	struct call *c = x_new(struct call);

	c->s = s;
	c->r = r;
	id_uuid(c->request_id);
	TAILQ_INSERT_TAIL(&s->calls, c, link);
	return c;
}

static void
call_free(struct call *c)
{
	TAILQ_REMOVE(&c->s->calls, c, link);
	timer_free(c->later);
	cJSON_Delete(c->body);
	buf_free(&c->out);
	x_free(c);
}

void
calls_free(struct sim *s)
{
	while (!TAILQ_EMPTY(&s->calls))
		call_free(TAILQ_FIRST(&s->calls));
}

/* Keep what an unsuccessful answer said, for GET /sim/state. */
static void
call_note_problem(struct call *c)
{
	struct stats *t = &c->s->stats;
	struct problem *p = &t->problems[t->problems_n++ % PROBLEMS_KEPT];
	cJSON *o = cJSON_Parse(buf_str(&c->out));

	p->at_ms = when_now_ms();
	p->status = c->status;
	snprintf(p->method, sizeof(p->method), "%s", httpd_method_name(c->r));
	snprintf(p->path, sizeof(p->path), "%s", httpd_path(c->r));
	snprintf(
	    p->message, sizeof(p->message), "%s", json_str(o, "message", ""));
	snprintf(p->request_id, sizeof(p->request_id), "%s", c->request_id);
	cJSON_Delete(o);
}

static void
call_send(void *arg)
{
	struct call *c = arg;

	if (c->fail) {
		c->status = 500;
		c->type = JSON_TYPE;
		buf_reset(&c->out);
		buf_puts(&c->out, "{\"message\":\"Internal Server Error\"}");
	}
	c->s->stats.answers[c->status]++;
	if (c->status >= 400)
		call_note_problem(c);
	httpd_set_header(c->r, "x-line-request-id", c->request_id);
	httpd_reply(c->r, c->status, c->type, buf_str(&c->out), c->out.n);
	call_free(c);
}

void
call_drop(struct call *c)
{
	c->s->stats.lost++;
	httpd_drop(c->r);
	call_free(c);
}

static void
call_done(struct call *c)
{
	if (c->lose) {
		call_drop(c);
	} else if (c->slow) {
		c->later = timer_new(c->s->loop, call_send, c);
		timer_set(c->later, c->s->opts.slow_ms);
	} else {
		call_send(c);
	}
}

/* A JSON text, copied. */
static void
call_text(struct call *c, int status, const char *json)
{
	c->status = status;
	c->type = JSON_TYPE;
	buf_puts(&c->out, json);
	call_done(c);
}

void
call_json(struct call *c, int status, cJSON *o)
{
	char *text = cJSON_PrintUnformatted(o);

	cJSON_Delete(o);
	call_text(c, status, text != NULL ? text : "{}");
	cJSON_free(text);
}

void
call_empty(struct call *c, int status)
{
	call_text(c, status, "{}");
}

void
call_error(struct call *c, int status, const char *fmt, ...)
{
	cJSON *o = cJSON_CreateObject();
	char text[512];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	cJSON_AddStringToObject(o, "message", text);
	call_json(c, status, o);
}

void
call_checked(struct call *c, struct check *k)
{
	char *text = check_answer(k);

	check_free(k);
	call_text(c, 400, text);
	x_free(text);
}

void
call_bytes(struct call *c, int status, const char *type, struct buf *b)
{
	c->status = status;
	c->type = type;
	c->out = *b;
	*b = (struct buf){0};
	call_done(c);
}
