/*
 * crypto.c against published vectors (RFC 4231, FIPS 180), forged and cut
 * signatures and records, and key files with the wrong rights.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <mado/crypto.h>

static char dir[] = "/tmp/mado-test-crypto.XXXXXX", path[80];

static void
sha256_of_abc(void **state)
{
	char hex[65];

	(void)state;
	crypto_sha256_hex("abc", 3, hex);
	assert_string_equal(hex,
	    "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
	crypto_sha256_hex("", 0, hex);
	assert_string_equal(hex,
	    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

static void
signature_is_rfc_4231s(void **state)
{
	static const char text[] = "what do ya want for nothing?";
	char out[CRYPTO_SIGNATURE_B];

	(void)state;
	crypto_line_sign("Jefe", text, strlen(text), out);
	assert_string_equal(
	    out, "W9zBRr9gdU5qBCQmCJV1x1oAPwidJzmDnexYuWTsOEM=");
	assert_true(crypto_line_verify("Jefe", text, strlen(text), out));
}

static void
forged_signatures_fail(void **state)
{
	static const char body[] = "{\"events\":[]}";
	const size_t n = sizeof(body) - 1;
	char good[CRYPTO_SIGNATURE_B], bad[64];

	(void)state;
	crypto_line_sign("secret", body, n, good);
	assert_true(crypto_line_verify("secret", body, n, good));
	assert_false(crypto_line_verify("secreT", body, n, good));
	assert_false(crypto_line_verify("secret", body, n - 1, good));
	assert_false(crypto_line_verify("secret", body, n, NULL));
	assert_false(crypto_line_verify("secret", body, n, ""));
	assert_false(crypto_line_verify("secret", body, n, "AAAA"));
	for (size_t i = 0; i < strlen(good); i++) {
		strcpy(bad, good);
		bad[i] = bad[i] == 'A' ? 'B' : 'A';
		assert_false(crypto_line_verify("secret", body, n, bad));
		strcpy(bad, good);
		bad[i] = '\0';
		assert_false(crypto_line_verify("secret", body, n, bad));
	}
	snprintf(bad, sizeof(bad), "%sAAAA", good);
	assert_false(crypto_line_verify("secret", body, n, bad));
	snprintf(bad, sizeof(bad), " %s", good);
	assert_false(crypto_line_verify("secret", body, n, bad));
}

static void
password_verifies_only_itself(void **state)
{
	char one[CRYPTO_PWHASH_B], two[CRYPTO_PWHASH_B];
	struct err e = {0};

	(void)state;
	assert_int_equal(crypto_password_hash("秘密", one, &e), 0);
	assert_int_equal(crypto_password_hash("秘密", two, &e), 0);
	assert_string_not_equal(one, two);
	assert_non_null(strstr(one, "$argon2id$"));
	assert_true(crypto_password_verify(one, "秘密"));
	assert_false(crypto_password_verify(one, "秘密 "));
	assert_false(crypto_password_verify(one, ""));
	assert_false(crypto_password_verify(one, NULL));
	assert_false(crypto_password_verify(NULL, "秘密"));
	assert_false(crypto_password_verify("", ""));
	assert_false(crypto_password_verify("not a hash", "x"));
}

static void
sealed_record_opens_only_in_its_place(void **state)
{
	uint8_t key[CRYPTO_KEY_B] = {1}, other[CRYPTO_KEY_B] = {2};
	struct buf sealed = {0}, again = {0}, out = {0};
	struct err e = {0};

	(void)state;
	crypto_seal(key, "outbox/1", "a\0b", 3, &sealed);
	crypto_seal(key, "outbox/1", "a\0b", 3, &again);
	assert_int_equal(sealed.n, again.n);
	assert_memory_not_equal(sealed.p, again.p, sealed.n);
	buf_puts(&out, "x");
	assert_int_equal(
	    crypto_open(key, "outbox/1", sealed.p, sealed.n, &out, &e), 0);
	assert_int_equal(out.n, 4);
	assert_memory_equal(out.p, "xa\0b", 5);
	assert_int_equal(
	    crypto_open(key, "outbox/2", sealed.p, sealed.n, &out, &e), -1);
	assert_int_equal(e.code, ERR_FAILED);
	assert_int_equal(
	    crypto_open(other, "outbox/1", sealed.p, sealed.n, &out, &e), -1);
	for (size_t n = 0; n < sealed.n; n++) {
		assert_int_equal(
		    crypto_open(key, "outbox/1", sealed.p, n, &out, NULL), -1);
		sealed.p[n] ^= 1;
		assert_int_equal(crypto_open(key, "outbox/1", sealed.p,
				     sealed.n, &out, NULL),
		    -1);
		sealed.p[n] ^= 1;
	}
	assert_int_equal(out.n, 4);
	buf_free(&sealed);
	buf_free(&again);
	buf_free(&out);
}

static void
empty_record(void **state)
{
	uint8_t key[CRYPTO_KEY_B] = {0};
	struct buf sealed = {0}, out = {0};

	(void)state;
	crypto_seal(key, "", "", 0, &sealed);
	assert_int_equal(
	    crypto_open(key, "", sealed.p, sealed.n, &out, NULL), 0);
	assert_string_equal(buf_str(&out), "");
	buf_free(&sealed);
	buf_free(&out);
}

static void
key_file_is_made_once(void **state)
{
	struct err e = {0};
	struct stat st;
	uint8_t *a = crypto_key_file(path, &e), *b = crypto_key_file(path, &e);
	static const uint8_t zero[CRYPTO_KEY_B];

	(void)state;
	assert_non_null(a);
	assert_non_null(b);
	assert_memory_equal(a, b, CRYPTO_KEY_B);
	assert_memory_not_equal(a, zero, CRYPTO_KEY_B);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	assert_int_equal(st.st_nlink, 1);
	crypto_secret_free(a);
	crypto_secret_free(b);
	crypto_secret_free(NULL);
	unlink(path);
}

static void
key_file_is_refused(void **state)
{
	struct err e = {0};

	(void)state;
	crypto_secret_free(crypto_key_file(path, &e));
	assert_int_equal(chmod(path, 0640), 0);
	assert_null(crypto_key_file(path, &e));
	assert_non_null(strstr(e.msg, "others"));
	assert_int_equal(chmod(path, 0600), 0);
	assert_int_equal(truncate(path, 31), 0);
	assert_null(crypto_key_file(path, &e));
	assert_non_null(strstr(e.msg, "not a key"));
	unlink(path);
	assert_null(crypto_key_file("/nowhere/at/all", &e));
	assert_non_null(strstr(e.msg, "/nowhere"));
}

/* Ends with 0 when the key that it got is the one in the file. */
static void
child_makes_key(void)
{
	uint8_t *mine = crypto_key_file(path, NULL), kept[CRYPTO_KEY_B];
	FILE *f = fopen(path, "r");

	if (mine == NULL || f == NULL ||
	    fread(kept, 1, sizeof(kept), f) != sizeof(kept))
		_exit(1);
	_exit(memcmp(mine, kept, sizeof(kept)) == 0 ? 0 : 1);
}

static void
key_file_made_by_several_at_once(void **state)
{
	enum { CHILDREN = 8 };
	int status;

	(void)state;
	for (int i = 0; i < CHILDREN; i++) {
		pid_t pid = fork();

		assert_int_not_equal(pid, -1);
		if (pid == 0)
			child_makes_key();
	}
	for (int i = 0; i < CHILDREN; i++) {
		assert_int_not_equal(wait(&status), -1);
		assert_int_equal(status, 0);
	}
	unlink(path);
}

static int
group_setup(void **state)
{
	(void)state;
	setenv("MADO_FAST_PASSWORDS", "1", 1);
	crypto_init();
	assert_non_null(mkdtemp(dir));
	snprintf(path, sizeof(path), "%s/key", dir);
	return 0;
}

static int
group_teardown(void **state)
{
	(void)state;
	return rmdir(dir); /* fails when a temporary was left */
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(sha256_of_abc),
	    cmocka_unit_test(signature_is_rfc_4231s),
	    cmocka_unit_test(forged_signatures_fail),
	    cmocka_unit_test(password_verifies_only_itself),
	    cmocka_unit_test(sealed_record_opens_only_in_its_place),
	    cmocka_unit_test(empty_record),
	    cmocka_unit_test(key_file_is_made_once),
	    cmocka_unit_test(key_file_is_refused),
	    cmocka_unit_test(key_file_made_by_several_at_once),
	};

	return cmocka_run_group_tests_name(
	    "crypto", tests, group_setup, group_teardown);
}
