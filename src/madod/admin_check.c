/*
 * The subcommands check and doctor: what the config says here, then what the
 * desk says of its store and, asked to, LINE of the channels; the doctor looks
 * from outside, too. Called by admin.c's table.
 */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <mado/json.h>
#include <mado/when.h>

#include "admin.h"
#include "admin_sub.h"
#include "probe.h"
#include "serve.h"

enum { VISIT_MS = 15000, CERT_LOW_DAYS = 10 };

/* Rows on the way out: printed, or gathered as JSON. */
struct report {
	bool json;
	struct buf out;
	int rows, bad;
};

static void
report_row(struct report *r, const char *what, bool ok, const char *text)
{
	r->bad += !ok;
	if (!r->json) {
		printf("%s %s: %s\n", ok ? "ok  " : "BAD ", what, text);
		return;
	}
	buf_puts(&r->out, r->rows++ > 0 ? ",{" : "{");
	json_add_str(&r->out, "what", what);
	json_add_bool(&r->out, "ok", ok);
	json_add_str(&r->out, "text", text);
	buf_putc(&r->out, '}');
}

static int
report_end(struct report *r, struct err *e)
{
	if (r->json)
		printf("{\"ok\":%s,\"checks\":[%s]}\n",
		    r->bad == 0 ? "true" : "false", buf_str(&r->out));
	buf_free(&r->out);
	return r->bad == 0 ? 0
			   : err_set(e, ERR_FAILED, "%d check%s failed", r->bad,
				 r->bad == 1 ? "" : "s");
}

/*
 * The pair that TLS uses, and its key's pin: `mado login` shows that of a
 * self-signed one and asks.
 */
static void
check_tls(const struct config *c, struct report *r)
{
	bool own = c->tls == TLS_AUTO;
	char *cert = own ? serve_path(c, "tls.crt") : x_strdup(c->tls_cert);
	char *key = own ? serve_path(c, "tls.key") : x_strdup(c->tls_key);
	struct httpd_tls *t = NULL;
	char pin[FETCH_PIN_B] = "", *text = NULL;
	struct buf pem = {0};
	struct err e = {0};
	bool made = !own || access(cert, F_OK) == 0;

	if (made && (t = httpd_tls_new(cert, key, &e)) == NULL)
		text = x_strdup(e.msg);
	else if (!made)
		text = x_sprintf("%s is made at the first start", cert);
	else if (buf_read_file(&pem, cert, 1 << 20, &e) == 0 &&
	    fetch_pin_of(pem.p, pin))
		text = x_sprintf("%s, key %s", cert, pin);
	report_row(r, "tls", e.code == ERR_NONE, text != NULL ? text : e.msg);
	httpd_tls_free(t);
	buf_free(&pem);
	x_free(text);
	x_free(cert);
	x_free(key);
}

/* path: what the desk is asked, /v1/check with more or less */
static int
check_desk(struct admin *d, const char *path, struct report *r, struct err *e)
{
	char *text = x_sprintf("%s: %zu channel%s", d->config->file,
	    d->config->n_lines, d->config->n_lines == 1 ? "" : "s");
	const cJSON *it;

	report_row(r, "config", true, text);
	x_free(text);
	if (d->config->tls != TLS_OFF)
		check_tls(d->config, r);
	if (admin_call(d, "GET", path, NULL, e) == -1)
		return -1;
	cJSON_ArrayForEach(it, json_arr(d->json, "checks"))
	{
		report_row(r, json_str(it, "what", ""),
		    json_bool(it, "ok", false), json_str(it, "text", ""));
	}
	return 0;
}

int
admin_check(struct admin *d, int argc, char **argv, struct err *e)
{
	bool line = admin_opt(&argc, argv, "--line", false) != NULL;
	struct report r = {0};

	if (admin_words(argc, 0, "check", e) == -1 ||
	    check_desk(d, line ? "/v1/check?line=1" : "/v1/check", &r, e) == -1)
		return -1;
	return report_end(&r, e);
}

/* The public address, asked from here as anybody would. */
struct visit {
	bool answered;
	int status;
	int64_t days; /* left of its certificate, -1: not known */
	char error[ERR_MSG_B];
};

static void
visit_answered(const struct fetch_res *res, void *arg)
{
	struct visit *v = arg;

	v->answered = true;
	v->status = res->status;
	v->days = res->cert_until_ms != 0
	    ? (res->cert_until_ms - when_now_ms()) / (86400 * 1000)
	    : -1;
	snprintf(v->error, sizeof(v->error), "%s", res->error);
}

static void
check_visit(struct admin *d, const char *base, struct report *r)
{
	char *url = x_sprintf("%s/healthz", base), *text;
	struct visit v = {0};
	struct fetch_opts o = {.url = url,
	    .want_pin = true,
	    .timeout_ms = VISIT_MS,
	    .done = visit_answered,
	    .arg = &v};
	bool ok;

	fetch_start(d->fetch, &o);
	while (!v.answered)
		loop_turn(d->loop, 1000);
	ok = v.status == 200 && (v.days == -1 || v.days >= CERT_LOW_DAYS);
	if (v.status == 0)
		text =
		    x_sprintf("%s does not answer from here: %s", url, v.error);
	else if (v.status != 200)
		text =
		    x_sprintf("%s answers %d: is it this desk?", url, v.status);
	else if (v.days == -1)
		text = x_sprintf("%s answers", url);
	else
		text = x_sprintf("%s answers; its certificate has %lld days "
				 "left%s",
		    url, (long long)v.days, ok ? "" : ": renew it");
	report_row(r, "public address", ok, text);
	x_free(text);
	x_free(url);
}

static void
check_public(struct admin *d, struct report *r)
{
	struct buf text = {0};
	struct err e = {0};
	int port;
	char *host;

	if (d->config->public_url == NULL) {
		report_row(r, "public address", false,
		    "public_url is not set: madod init --public-url");
		return;
	}
	host = probe_host(d->config->public_url, &port);
	if (probe_dns(host, &text, &e) == -1 && e.code == ERR_NOTFOUND)
		report_row(r, "name", false, e.msg);
	else {
		report_row(r, "name", true, buf_str(&text));
		check_visit(d, d->config->public_url, r);
	}
	buf_free(&text);
	x_free(host);
}

int
admin_doctor(struct admin *d, int argc, char **argv, struct err *e)
{
	struct report r = {
	    .json = admin_opt(&argc, argv, "--json", false) != NULL};

	if (admin_words(argc, 0, "doctor", e) == -1)
		return -1;
	report_row(&r, "desk", d->here == NULL,
	    d->here == NULL ? "runs" : "does not run: no message is taken");
	if (check_desk(d, "/v1/check?line=1&own=1", &r, e) == -1)
		return -1;
	check_public(d, &r);
	return report_end(&r, e);
}
