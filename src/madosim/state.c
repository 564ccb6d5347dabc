/*
 * GET /sim/state: what every customer received and what madosim did, as one
 * JSON object. Reads only. Handler of routes.c.
 */
#include <stdio.h>
#include <string.h>

#include <mado/mem.h>
#include <mado/when.h>

#include "load.h"
#include "out.h"
#include "routes.h"
#include "send.h"

/* Keeps the kinds apart: customers are users, the rest are groups. */
static cJSON *
chats_json(struct call *c, bool users, const struct chat *only)
{
	struct people *p = &c->s->people;
	cJSON *a = cJSON_CreateArray();
	size_t i;

	for (i = 0; i < p->n; i++) {
		if ((p->v[i]->kind == CHAT_USER) != users)
			continue;
		if (only == NULL || only == p->v[i])
			cJSON_AddItemToArray(
			    a, chat_json(p->v[i], when_now_ms()));
	}
	return a;
}

static cJSON *
counts_json(const int64_t *counts)
{
	cJSON *o = cJSON_CreateObject();
	int i;

	for (i = 0; i < SEND_N; i++)
		cJSON_AddNumberToObject(
		    o, send_via_names[i], (double)counts[i]);
	return o;
}

static cJSON *
quota_json(const struct opts *opts)
{
	cJSON *o = cJSON_CreateObject();

	if (opts->quota < 0)
		cJSON_AddNullToObject(o, "limit");
	else
		cJSON_AddNumberToObject(o, "limit", (double)opts->quota);
	cJSON_AddNumberToObject(o, "used", (double)opts->quota_used);
	return o;
}

/* Answers by status. */
static cJSON *
answers_json(const struct stats *t)
{
	cJSON *o = cJSON_CreateObject();
	char name[16];
	int i;

	for (i = 0; i < HTTP_STATUS_N; i++) {
		if (t->answers[i] == 0)
			continue;
		snprintf(name, sizeof(name), "%d", i);
		cJSON_AddNumberToObject(o, name, (double)t->answers[i]);
	}
	return o;
}

static cJSON *
problem_json(const struct problem *p)
{
	cJSON *o = cJSON_CreateObject();
	char at[WHEN_TEXT_B];

	cJSON_AddStringToObject(o, "at", when_rfc3339(p->at_ms, at));
	cJSON_AddNumberToObject(o, "status", p->status);
	cJSON_AddStringToObject(o, "method", p->method);
	cJSON_AddStringToObject(o, "path", p->path);
	cJSON_AddStringToObject(o, "message", p->message);
	cJSON_AddStringToObject(o, "requestId", p->request_id);
	return o;
}

static cJSON *
errors_json(const struct stats *t)
{
	cJSON *a = cJSON_CreateArray();
	int64_t i = t->problems_n - PROBLEMS_KEPT;

	for (i = i > 0 ? i : 0; i < t->problems_n; i++)
		cJSON_AddItemToArray(
		    a, problem_json(&t->problems[i % PROBLEMS_KEPT]));
	return a;
}

/* ?user=NAME: that customer only. */
void
state_get(struct call *c)
{
	const char *user = httpd_query(c->r, "user");
	const struct chat *only = NULL;
	struct stats *t = &c->s->stats;
	cJSON *o;

	if (user != NULL && (only = people_find(&c->s->people, user)) == NULL) {
		call_error(c, 404, "there is no customer %s", user);
		return;
	}
	o = cJSON_CreateObject();
	cJSON_AddStringToObject(o, "account", c->s->bot_id);
	cJSON_AddNumberToObject(o, "issued", (double)c->s->issued);
	cJSON_AddItemToObject(o, "customers", chats_json(c, true, only));
	cJSON_AddItemToObject(o, "groups", chats_json(c, false, only));
	cJSON_AddItemToObject(o, "sends", counts_json(t->sends));
	cJSON_AddItemToObject(o, "bubbles", counts_json(t->bubbles));
	cJSON_AddItemToObject(o, "quota", quota_json(&c->s->opts));
	cJSON_AddItemToObject(o, "media", load_json(c->s));
	cJSON_AddItemToObject(o, "webhooks", out_stats_json(c->s->out));
	cJSON_AddItemToObject(o, "answers", answers_json(t));
	cJSON_AddNumberToObject(o, "lost", (double)t->lost);
	cJSON_AddItemToObject(o, "errors", errors_json(t));
	cJSON_AddItemToObject(o, "faults", faults_json(&c->s->faults));
	call_json(c, 200, o);
}
