/*
 * The subcommand check: what the config says here, then what the desk says of
 * its store and, asked to, LINE of the channels. Called by admin.c's table.
 */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <mado/json.h>

#include "admin.h"
#include "admin_sub.h"
#include "serve.h"

/*
 * The pair that TLS uses, and its key's pin: `mado login` shows that of a
 * self-signed one and asks. False when the pair cannot be used.
 */
static bool
check_tls(const struct config *c)
{
	bool own = c->tls == TLS_AUTO;
	char *cert = own ? serve_path(c, "tls.crt") : x_strdup(c->tls_cert);
	char *key = own ? serve_path(c, "tls.key") : x_strdup(c->tls_key);
	struct httpd_tls *t = NULL;
	char pin[FETCH_PIN_B] = "";
	struct buf pem = {0};
	struct err e = {0};
	bool made = !own || access(cert, F_OK) == 0;

	if (made && (t = httpd_tls_new(cert, key, &e)) == NULL)
		printf("BAD  tls: %s\n", e.msg);
	else if (!made)
		printf("ok   tls: %s is made at the first start\n", cert);
	else if (buf_read_file(&pem, cert, 1 << 20, &e) == 0 &&
	    fetch_pin_of(pem.p, pin))
		printf("ok   tls: %s, key %s\n", cert, pin);
	httpd_tls_free(t);
	buf_free(&pem);
	x_free(cert);
	x_free(key);
	return e.code == ERR_NONE;
}

int
admin_check(struct admin *d, int argc, char **argv, struct err *e)
{
	bool line = admin_opt(&argc, argv, "--line", false) != NULL;
	const cJSON *it;
	int bad = 0;

	if (admin_words(argc, 0, "check", e) == -1)
		return -1;
	printf("ok   config %s: %zu channel%s\n", d->config->file,
	    d->config->n_lines, d->config->n_lines == 1 ? "" : "s");
	bad += d->config->tls != TLS_OFF && !check_tls(d->config);
	if (admin_call(d, "GET", line ? "/v1/check?line=1" : "/v1/check", NULL,
		e) == -1)
		return -1;
	cJSON_ArrayForEach(it, json_arr(d->json, "checks"))
	{
		bool ok = json_bool(it, "ok", false);

		bad += !ok;
		printf("%s %s: %s\n", ok ? "ok  " : "BAD ",
		    json_str(it, "what", ""), json_str(it, "text", ""));
	}
	return bad == 0 ? 0
			: err_set(e, ERR_FAILED, "%d check%s failed", bad,
			      bad == 1 ? "" : "s");
}
