/*
 * What a certificate says: the pin of its key, and until when it is good.
 * Decides nothing about it. Called by fetch.c for a peer's, by madod's checks
 * for the desk's own.
 */
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/sha.h>
#include <openssl/x509.h>
#include <string.h>
#include <time.h>

#include <mado/fetch.h>

static const char prefix[] = "sha256//";

/* Base64 of a hash is 44 characters and a NUL. */
_Static_assert(FETCH_PIN_B >= sizeof(prefix) + 44, "a pin fits");

bool
fetch_pin_of(const char *pem, char out[FETCH_PIN_B])
{
	BIO *bio = BIO_new_mem_buf(pem, -1);
	X509 *x = bio == NULL ? NULL : PEM_read_bio_X509(bio, NULL, NULL, NULL);
	unsigned char *der = NULL, hash[SHA256_DIGEST_LENGTH];
	int n = -1;

	if (x != NULL)
		n = i2d_X509_PUBKEY(X509_get_X509_PUBKEY(x), &der);
	if (n > 0) {
		SHA256(der, n, hash);
		memcpy(out, prefix, sizeof(prefix));
		EVP_EncodeBlock((unsigned char *)out + sizeof(prefix) - 1, hash,
		    sizeof(hash));
	}
	OPENSSL_free(der);
	X509_free(x);
	BIO_free(bio);
	ERR_clear_error();
	return n > 0;
}

int64_t
fetch_cert_until(const char *pem)
{
	BIO *bio = BIO_new_mem_buf(pem, -1);
	X509 *x = bio == NULL ? NULL : PEM_read_bio_X509(bio, NULL, NULL, NULL);
	struct tm tm = {0};
	int64_t ms = 0;

	if (x != NULL && ASN1_TIME_to_tm(X509_get0_notAfter(x), &tm) == 1)
		ms = (int64_t)timegm(&tm) * 1000;
	X509_free(x);
	BIO_free(bio);
	ERR_clear_error();
	return ms;
}
