/*
 * TLS for the server, by OpenSSL: a certificate that can be replaced while
 * connections live, and the self-signed pair of a first start. Called by
 * httpd.c for each connection, and by mains.
 */
#include <arpa/inet.h>
#include <event2/bufferevent_ssl.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <mado/mem.h>

#include "httpd_conn.h"

enum {
	DAYS = 3650, /* of a self-signed certificate */
	DAY_S = 86400,
	TICKET_KEYS_B = 80,
	TICKET_LIFE_S = 2 * 3600,
	SERIAL_BITS = 127
};

struct httpd_tls {
	SSL_CTX *ctx;
	char *cert, *key;
};

/* The first of OpenSSL's reasons, which is the deepest; empties its queue. */
static int
tls_error(struct err *e, const char *what, const char *file)
{
	unsigned long code = ERR_peek_error();
	const char *why = code == 0 ? NULL : ERR_reason_error_string(code);

	if (ERR_SYSTEM_ERROR(code))
		why = strerror(ERR_GET_REASON(code));
	ERR_clear_error();
	return err_set(e, ERR_FAILED, "%s %s: %s", what, file,
	    why == NULL ? "unknown error" : why);
}

static SSL_CTX *
ctx_new(void)
{
	static const unsigned char id[] = "madoguchi";
	SSL_CTX *ctx = SSL_CTX_new(TLS_server_method());

	if (ctx == NULL)
		abort();
	SSL_CTX_set_min_proto_version(ctx, TLS1_2_VERSION);
	/* 5,000 agents wait most of their time: no buffers meanwhile. */
	SSL_CTX_set_mode(ctx, SSL_MODE_RELEASE_BUFFERS);
	/* A peer that closes without a goodbye is an end, not an error: where
	 * messages end HTTP knows by itself. */
	SSL_CTX_set_options(ctx,
	    SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION |
		SSL_OP_IGNORE_UNEXPECTED_EOF);
	/* Tickets keep sessions at the clients, so none are kept here. */
	SSL_CTX_set_session_cache_mode(ctx, SSL_SESS_CACHE_OFF);
	SSL_CTX_set_timeout(ctx, TICKET_LIFE_S);
	SSL_CTX_set_session_id_context(ctx, id, sizeof(id) - 1);
	return ctx;
}

static int
ctx_load(SSL_CTX *ctx, const char *cert, const char *key, struct err *e)
{
	ERR_clear_error();
	if (SSL_CTX_use_certificate_chain_file(ctx, cert) != 1)
		return tls_error(e, "certificate", cert);
	if (SSL_CTX_use_PrivateKey_file(ctx, key, SSL_FILETYPE_PEM) != 1)
		return tls_error(e, "private key", key);
	if (SSL_CTX_check_private_key(ctx) != 1)
		return tls_error(e, "not the certificate's private key", key);
	return 0;
}

struct httpd_tls *
httpd_tls_new(const char *cert, const char *key, struct err *e)
{
	struct httpd_tls *t;
	SSL_CTX *ctx = ctx_new();

	if (ctx_load(ctx, cert, key, e) == -1) {
		SSL_CTX_free(ctx);
		return NULL;
	}
	t = x_new(struct httpd_tls);
	t->ctx = ctx;
	t->cert = x_strdup(cert);
	t->key = x_strdup(key);
	return t;
}

/* With the old ticket keys, or every client would shake hands in full. */
static void
ctx_inherit(SSL_CTX *ctx, SSL_CTX *old)
{
	unsigned char keys[TICKET_KEYS_B];

	if (SSL_CTX_get_tlsext_ticket_keys(old, keys, sizeof(keys)) == 1)
		SSL_CTX_set_tlsext_ticket_keys(ctx, keys, sizeof(keys));
	OPENSSL_cleanse(keys, sizeof(keys));
}

int
httpd_tls_reload(struct httpd_tls *t, struct err *e)
{
	SSL_CTX *ctx = ctx_new();

	if (ctx_load(ctx, t->cert, t->key, e) == -1) {
		SSL_CTX_free(ctx);
		return -1;
	}
	ctx_inherit(ctx, t->ctx);
	SSL_CTX_free(t->ctx); /* connections hold it as long as they live */
	t->ctx = ctx;
	return 0;
}

void
httpd_tls_free(struct httpd_tls *t)
{
	if (t == NULL)
		return;
	SSL_CTX_free(t->ctx);
	x_free(t->cert);
	x_free(t->key);
	x_free(t);
}

struct bufferevent *
httpd_tls_accept(struct httpd_tls *t, struct event_base *base, int fd)
{
	SSL *ssl = SSL_new(t->ctx);
	struct bufferevent *bev;

	if (ssl == NULL)
		abort();
	bev = bufferevent_openssl_socket_new(
	    base, fd, ssl, BUFFEREVENT_SSL_ACCEPTING, BEV_OPT_CLOSE_ON_FREE);
	if (bev == NULL)
		abort();
	return bev;
}

void
httpd_tls_bye(SSL *ssl)
{
	if (!SSL_is_init_finished(ssl))
		return;
	SSL_shutdown(ssl);
	ERR_clear_error();
}

static bool
add_extension(X509 *x, int nid, const char *value)
{
	X509V3_CTX v3;
	X509_EXTENSION *ext;
	bool ok;

	X509V3_set_ctx_nodb(&v3);
	X509V3_set_ctx(&v3, x, x, NULL, NULL, 0);
	ext = X509V3_EXT_conf_nid(NULL, &v3, nid, value);
	ok = ext != NULL && X509_add_ext(x, ext, -1) == 1;
	X509_EXTENSION_free(ext);
	return ok;
}

static bool
add_names(X509 *x, const char *host)
{
	X509_NAME *name = X509_get_subject_name(x);
	uint8_t addr[16];
	bool ip = inet_pton(AF_INET, host, addr) == 1 ||
	    inet_pton(AF_INET6, host, addr) == 1;
	char *san = x_sprintf("%s:%s", ip ? "IP" : "DNS", host);
	bool ok;

	ok = X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8,
		 (const unsigned char *)host, -1, -1, 0) == 1 &&
	    X509_set_issuer_name(x, name) == 1 &&
	    add_extension(x, NID_subject_alt_name, san);
	x_free(san);
	return ok;
}

static bool
set_serial(X509 *x)
{
	BIGNUM *bn = BN_new();
	bool ok = bn != NULL &&
	    BN_rand(bn, SERIAL_BITS, BN_RAND_TOP_ONE, BN_RAND_BOTTOM_ANY) &&
	    BN_to_ASN1_INTEGER(bn, X509_get_serialNumber(x)) != NULL;

	BN_free(bn);
	return ok;
}

static X509 *
make_cert(EVP_PKEY *key, const char *host)
{
	X509 *x = X509_new();

	if (x != NULL && X509_set_version(x, X509_VERSION_3) == 1 &&
	    set_serial(x) &&
	    /* clocks differ */
	    X509_gmtime_adj(X509_getm_notBefore(x), -DAY_S) != NULL &&
	    X509_gmtime_adj(X509_getm_notAfter(x), (long)DAYS * DAY_S) !=
		NULL &&
	    X509_set_pubkey(x, key) == 1 && add_names(x, host) &&
	    add_extension(x, NID_basic_constraints, "critical,CA:FALSE") &&
	    add_extension(x, NID_key_usage, "critical,digitalSignature") &&
	    add_extension(x, NID_ext_key_usage, "serverAuth") &&
	    X509_sign(x, key, EVP_sha256()) > 0)
		return x;
	X509_free(x);
	return NULL;
}

/* Write what PEM put into bio. */
static int
bio_write(BIO *bio, const char *file, int mode, struct err *e)
{
	char *p;
	long n = BIO_get_mem_data(bio, &p);

	return file_write(file, p, n, mode, e);
}

static int
write_pair(EVP_PKEY *key, X509 *x, const char *const files[2], struct err *e)
{
	BIO *k = BIO_new(BIO_s_secmem()), *c = BIO_new(BIO_s_mem());
	int r = -1;

	if (k == NULL || c == NULL ||
	    PEM_write_bio_PrivateKey(k, key, NULL, NULL, 0, NULL, NULL) != 1 ||
	    PEM_write_bio_X509(c, x) != 1)
		r = tls_error(e, "certificate", files[0]);
	else if (bio_write(k, files[1], 0600, e) == 0)
		r = bio_write(c, files[0], 0644, e);
	BIO_free(k);
	BIO_free(c);
	return r;
}

int
httpd_tls_self_signed(
    const char *cert, const char *key, const char *host, struct err *e)
{
	const char *const files[2] = {cert, key};
	bool have_cert = access(cert, F_OK) == 0;
	EVP_PKEY *pkey;
	X509 *x = NULL;
	int r = -1;

	if (have_cert && access(key, F_OK) == 0)
		return 0;
	/* A key alone is what an interrupted first start leaves behind; a
	 * certificate alone is somebody's. */
	if (have_cert)
		return err_set(e, ERR_FAILED,
		    "certificate %s is there without its key %s", cert, key);
	ERR_clear_error();
	pkey = EVP_EC_gen("P-256");
	if (pkey != NULL)
		x = make_cert(pkey, host);
	if (x == NULL)
		tls_error(e, "certificate", cert);
	else
		r = write_pair(pkey, x, files, e);
	X509_free(x);
	EVP_PKEY_free(pkey);
	return r;
}
