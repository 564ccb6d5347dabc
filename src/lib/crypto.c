/*
 * libsodium behind a dozen calls: signatures, hashes, passwords, sealed
 * records, keys. Secrets are passed through, never logged nor put into an
 * error. Called by the webhook, the accounts and mado's store.
 */
#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <mado/crypto.h>
#include <mado/mem.h>

enum {
	PASSWORD_OPS = 2,
	PASSWORD_MEM_B = 64 << 20,
	PASSWORD_MEM_FAST_B = 19 << 20,
	NONCE_B = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES,
	TAG_B = crypto_aead_xchacha20poly1305_ietf_ABYTES
};

_Static_assert(CRYPTO_HASH_B == crypto_hash_sha256_BYTES, "SHA-256");
_Static_assert(CRYPTO_HASH_B == crypto_auth_hmacsha256_BYTES, "HMAC");
_Static_assert(
    CRYPTO_KEY_B == crypto_aead_xchacha20poly1305_ietf_KEYBYTES, "key");
_Static_assert(CRYPTO_PWHASH_B == crypto_pwhash_STRBYTES, "password hash");
_Static_assert(CRYPTO_SIGNATURE_B ==
	sodium_base64_ENCODED_LEN(
	    CRYPTO_HASH_B, sodium_base64_VARIANT_ORIGINAL),
    "signature");

void
crypto_init(void)
{
	if (sodium_init() >= 0)
		return;
	fputs("libsodium does not start\n", stderr);
	abort();
}

/* signatures and hashes */

static void
hmac(const char *secret, const void *body, size_t n, uint8_t out[CRYPTO_HASH_B])
{
	crypto_auth_hmacsha256_state st;

	crypto_auth_hmacsha256_init(
	    &st, (const unsigned char *)secret, strlen(secret));
	crypto_auth_hmacsha256_update(&st, body, n);
	crypto_auth_hmacsha256_final(&st, out);
	sodium_memzero(&st, sizeof(st));
}

void
crypto_line_sign(const char *secret, const void *body, size_t n,
    char out[CRYPTO_SIGNATURE_B])
{
	uint8_t mac[CRYPTO_HASH_B];

	hmac(secret, body, n, mac);
	sodium_bin2base64(out, CRYPTO_SIGNATURE_B, mac, sizeof(mac),
	    sodium_base64_VARIANT_ORIGINAL);
}

bool
crypto_line_verify(
    const char *secret, const void *body, size_t n, const char *signature)
{
	uint8_t mine[CRYPTO_HASH_B], theirs[CRYPTO_HASH_B];
	size_t got = 0;

	if (signature == NULL ||
	    sodium_base642bin(theirs, sizeof(theirs), signature,
		strlen(signature), NULL, &got, NULL,
		sodium_base64_VARIANT_ORIGINAL) != 0 ||
	    got != sizeof(theirs))
		return false;
	hmac(secret, body, n, mine);
	return crypto_equal(mine, theirs, sizeof(mine));
}

void
crypto_sha256(const void *p, size_t n, uint8_t out[CRYPTO_HASH_B])
{
	crypto_hash_sha256(out, p, n);
}

void
crypto_sha256_hex(const void *p, size_t n, char out[65])
{
	uint8_t hash[CRYPTO_HASH_B];

	crypto_sha256(p, n, hash);
	sodium_bin2hex(out, 65, hash, sizeof(hash));
}

void
crypto_mac(const uint8_t key[CRYPTO_KEY_B], const void *p, size_t n,
    uint8_t out[CRYPTO_HASH_B])
{
	crypto_auth_hmacsha256(out, p, n, key);
}

void
crypto_base64url(const void *p, size_t n, char *out, size_t cap)
{
	sodium_bin2base64(
	    out, cap, p, n, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
}

bool
crypto_from_base64url(const char *s, void *out, size_t n)
{
	size_t got = 0;

	return sodium_base642bin(out, n, s, strlen(s), NULL, &got, NULL,
		   sodium_base64_VARIANT_URLSAFE_NO_PADDING) == 0 &&
	    got == n;
}

bool
crypto_equal(const void *a, const void *b, size_t n)
{
	return sodium_memcmp(a, b, n) == 0;
}

void
crypto_random(void *p, size_t n)
{
	randombytes_buf(p, n);
}

/* passwords */

int
crypto_password_hash(
    const char *password, char out[CRYPTO_PWHASH_B], struct err *e)
{
	size_t mem = getenv("MADO_FAST_PASSWORDS") != NULL ? PASSWORD_MEM_FAST_B
							   : PASSWORD_MEM_B;

	if (crypto_pwhash_str_alg(out, password, strlen(password), PASSWORD_OPS,
		mem, crypto_pwhash_ALG_ARGON2ID13) == 0)
		return 0;
	return err_set(e, ERR_BUSY, "no memory to hash a password");
}

bool
crypto_password_verify(const char *hash, const char *password)
{
	return hash != NULL && password != NULL &&
	    crypto_pwhash_str_verify(hash, password, strlen(password)) == 0;
}

/* sealed records */

void
crypto_seal(const uint8_t key[CRYPTO_KEY_B], const char *context, const void *p,
    size_t n, struct buf *out)
{
	unsigned char *to = (unsigned char *)buf_room(out, NONCE_B + n + TAG_B);

	randombytes_buf(to, NONCE_B);
	crypto_aead_xchacha20poly1305_ietf_encrypt(to + NONCE_B, NULL, p, n,
	    (const unsigned char *)context, strlen(context), NULL, to, key);
	out->n += NONCE_B + n + TAG_B;
	out->p[out->n] = '\0';
}

int
crypto_open(const uint8_t key[CRYPTO_KEY_B], const char *context, const void *p,
    size_t n, struct buf *out, struct err *e)
{
	const unsigned char *from = p;
	unsigned char *to;
	int bad = -1;

	if (n >= NONCE_B + TAG_B) {
		to = (unsigned char *)buf_room(out, n - NONCE_B - TAG_B);
		bad = crypto_aead_xchacha20poly1305_ietf_decrypt(to, NULL, NULL,
		    from + NONCE_B, n - NONCE_B, (const unsigned char *)context,
		    strlen(context), from, key);
	}
	if (bad != 0)
		return err_set(e, ERR_FAILED,
		    "a sealed record does not open with this key");
	out->n += n - NONCE_B - TAG_B;
	out->p[out->n] = '\0';
	return 0;
}

/* keys */

void *
crypto_secret_new(size_t n)
{
	void *p = sodium_malloc(n);

	if (p == NULL) {
		fputs("no memory for a secret\n", stderr);
		abort();
	}
	sodium_memzero(p, n);
	return p;
}

void
crypto_secret_free(void *p)
{
	sodium_free(p);
}

static int
key_fail(struct err *e, const char *path)
{
	return err_set(e, errno == ENOENT ? ERR_NOTFOUND : ERR_FAILED, "%s: %s",
	    path, strerror(errno));
}

/* Straight into locked memory: no copy stays in a buffer. */
static int
key_read(const char *path, uint8_t *key, struct err *e)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC), r = 0;
	struct stat st;

	if (fd == -1)
		return key_fail(e, path);
	if (fstat(fd, &st) == -1)
		r = key_fail(e, path);
	else if (!S_ISREG(st.st_mode) || st.st_size != CRYPTO_KEY_B)
		r = err_set(e, ERR_FAILED,
		    "%s: damaged, not a key of %d bytes; delete it and a new one is made, what it had sealed is lost",
		    path, CRYPTO_KEY_B);
	else if ((st.st_mode & (S_IRWXG | S_IRWXO)) != 0)
		r = err_set(e, ERR_FAILED,
		    "%s: others can read it; chmod 600 it", path);
	else if (read(fd, key, CRYPTO_KEY_B) != CRYPTO_KEY_B)
		r = key_fail(e, path);
	close(fd);
	return r;
}

/*
 * A fresh key, linked to its name when it is whole: of two processes that
 * make one at once the second reads the first's.
 */
static int
key_make(const char *path, uint8_t *key, struct err *e)
{
	char *tmp = x_sprintf("%s.%d.tmp", path, (int)getpid());
	int r = -1;

	unlink(tmp); /* of a process of that number that died here */
	crypto_random(key, CRYPTO_KEY_B);
	if (file_write(tmp, key, CRYPTO_KEY_B, 0600, e) == -1)
		goto out;
	if (link(tmp, path) == -1 && errno != EEXIST)
		key_fail(e, path);
	else
		r = file_sync(path, e);
	unlink(tmp);
out:
	x_free(tmp);
	return r;
}

uint8_t *
crypto_key_file(const char *path, struct err *e)
{
	uint8_t *key = crypto_secret_new(CRYPTO_KEY_B);
	struct err why = {0};
	int r = key_read(path, key, &why);

	if (r == -1 && why.code == ERR_NOTFOUND &&
	    key_make(path, key, &why) == 0)
		r = key_read(path, key, &why);
	if (r == 0)
		return key;
	err_set(e, why.code, "%s", why.msg);
	crypto_secret_free(key);
	return NULL;
}
