/*
 * The dice behind --fault and POST /sim/fault. Decides only; what a strike
 * does is up to routes.c (API) and out.c (webhooks).
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <mado/buf.h>
#include <mado/mem.h>

#include "fault.h"

static const char *const fault_names[] = {
#define X(id, name, help) name,
    FAULT_KINDS(X)
#undef X
};

void
faults_init(struct faults *f, uint64_t seed)
{
	int k;

	*f = (struct faults){0};
	for (k = 0; k < FAULT_N; k++) {
		f->v[k].left = -1;
		rng_init(&f->v[k].rng, seed, fault_names[k]);
	}
}

void
faults_free(struct faults *f)
{
	int k;

	for (k = 0; k < FAULT_N; k++)
		x_free(f->v[k].on);
	*f = (struct faults){0};
}

void
faults_clear(struct faults *f)
{
	int k;

	for (k = 0; k < FAULT_N; k++)
		f->v[k].rate = 0;
}

static int
fault_find(const char *name)
{
	int k;

	for (k = 0; k < FAULT_N; k++)
		if (strcmp(fault_names[k], name) == 0)
			return k;
	return -1;
}

static int
fault_unknown(const char *name, struct err *e)
{
	struct buf b = {0};
	int k;

	for (k = 0; k < FAULT_N; k++)
		buf_printf(&b, "%s%s", k > 0 ? ", " : "", fault_names[k]);
	err_set(e, ERR_INVALID, "unknown fault \"%s\"; there are %s", name,
	    buf_str(&b));
	buf_free(&b);
	return -1;
}

int
fault_set(struct faults *f, const struct fault_spec *spec, struct err *e)
{
	int k = fault_find(spec->kind);

	if (k < 0)
		return fault_unknown(spec->kind, e);
	if (!(spec->rate >= 0 && spec->rate <= 1))
		return err_set(e, ERR_INVALID,
		    "fault %s: the rate is a number from 0 to 1", spec->kind);
	f->v[k].rate = spec->rate;
	f->v[k].left = spec->count;
	x_free(f->v[k].on);
	f->v[k].on = x_strdup(spec->on);
	return 0;
}

int
fault_parse(struct faults *f, const char *text, struct err *e)
{
	char *copy = x_strdup(text), *rate, *on = NULL, *end = NULL;
	struct fault_spec spec = {.kind = copy, .rate = 1, .count = -1};
	int rc;

	if ((rate = strchr(copy, ':')) != NULL) {
		*rate++ = '\0';
		if ((on = strchr(rate, ':')) != NULL)
			*on++ = '\0';
		spec.rate = strtod(rate, &end);
		if (end == rate || *end != '\0')
			spec.rate = -1;
		spec.on = on;
	}
	rc = fault_set(f, &spec, e);
	x_free(copy);
	return rc;
}

bool
fault_strikes(struct faults *f, enum fault_kind k, const char *endpoint)
{
	struct fault *v = &f->v[k];

	if (v->rate <= 0 || v->left == 0)
		return false;
	if (v->on != NULL && (endpoint == NULL || strcmp(v->on, endpoint) != 0))
		return false;
	if (rng_unit(&v->rng) >= v->rate)
		return false;
	if (v->left > 0)
		v->left--;
	v->hits++;
	return true;
}

cJSON *
faults_json(const struct faults *f)
{
	cJSON *a = cJSON_CreateArray(), *o;
	int k;

	for (k = 0; k < FAULT_N; k++) {
		if (f->v[k].rate <= 0 && f->v[k].hits == 0)
			continue;
		o = cJSON_CreateObject();
		cJSON_AddStringToObject(o, "kind", fault_names[k]);
		cJSON_AddNumberToObject(o, "rate", f->v[k].rate);
		cJSON_AddNumberToObject(o, "left", (double)f->v[k].left);
		cJSON_AddNumberToObject(o, "hits", (double)f->v[k].hits);
		if (f->v[k].on != NULL)
			cJSON_AddStringToObject(o, "on", f->v[k].on);
		cJSON_AddItemToArray(a, o);
	}
	return a;
}
