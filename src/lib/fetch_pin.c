/*
 * The pin of a public key. Owns how it is made; decides nothing about it.
 * Called by fetch.c for a peer's, by madod's check for the desk's own.
 */
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/sha.h>
#include <openssl/x509.h>
#include <string.h>

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
