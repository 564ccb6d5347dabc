/*
 * Signatures, hashes, passwords and sealed records, over libsodium.
 * crypto_init() comes first, once per program.
 */
#ifndef MADO_CRYPTO_H
#define MADO_CRYPTO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <mado/buf.h>
#include <mado/err.h>

enum {
	CRYPTO_HASH_B = 32,
	CRYPTO_KEY_B = 32,
	CRYPTO_PWHASH_B = 128,
	CRYPTO_SIGNATURE_B = 45 /* base64 of 32 bytes, with its NUL */
};

/* Aborts when libsodium cannot start. */
void crypto_init(void);

/*
 * LINE's webhook signature: Base64(HMAC-SHA256(secret's bytes, body)).
 * Source: LINE, "Verify webhook signature".
 */
void crypto_line_sign(const char *secret, const void *body, size_t n,
    char out[CRYPTO_SIGNATURE_B]);
/* Constant-time; false for a signature that is NULL or not 32 bytes. */
bool crypto_line_verify(
    const char *secret, const void *body, size_t n, const char *signature);

void crypto_sha256(const void *p, size_t n, uint8_t out[CRYPTO_HASH_B]);
void crypto_sha256_hex(const void *p, size_t n, char out[65]);
bool crypto_equal(const void *a, const void *b, size_t n);
/* HMAC-SHA256: that n bytes were written by whoever has the key. */
void crypto_mac(const uint8_t key[CRYPTO_KEY_B], const void *p, size_t n,
    uint8_t out[CRYPTO_HASH_B]);
/* Unpadded base64url of n bytes into cap characters with the NUL. */
void crypto_base64url(const void *p, size_t n, char *out, size_t cap);
/* Back to exactly n bytes; false when it does not give those. */
bool crypto_from_base64url(const char *s, void *out, size_t n);

/*
 * Argon2id, 64 MiB (19 MiB when MADO_FAST_PASSWORDS is set, for tests), on
 * whatever thread it is called: tens of milliseconds, so never on a loop.
 */
int crypto_password_hash(
    const char *password, char out[CRYPTO_PWHASH_B], struct err *e);
bool crypto_password_verify(const char *hash, const char *password);

/*
 * Seal n bytes with XChaCha20-Poly1305 under key: nonce then ciphertext,
 * appended to out. `context` (may be "") is authenticated with it, so that a
 * record moved to another row does not open.
 */
void crypto_seal(const uint8_t key[CRYPTO_KEY_B], const char *context,
    const void *p, size_t n, struct buf *out);
/* Returns 0, or -1 with ERR_FAILED when it does not open. */
int crypto_open(const uint8_t key[CRYPTO_KEY_B], const char *context,
    const void *p, size_t n, struct buf *out, struct err *e);

/* Zeroed, locked memory that is wiped when freed; abort when there is none. */
void *crypto_secret_new(size_t n);
void crypto_secret_free(void *p);
/* Read a key of CRYPTO_KEY_B bytes, making it (0600) when absent; refused
 * when others can read it. Caller frees with crypto_secret_free(). */
uint8_t *crypto_key_file(const char *path, struct err *e);
void crypto_random(void *p, size_t n);

#endif
