/*
 * madosim's tables: maps, reply tokens, retry keys, faults and their dice.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <mado/crypto.h>
#include <mado/json.h>

#include "../../src/madosim/fault.c"
#include "../../src/madosim/map.c"
#include "../../src/madosim/rng.c"
#include "../../src/madosim/tokens.c"

#define MINUTE INT64_C(60000)
#define HOUR   (60 * MINUTE)
#define T0     INT64_C(1790000000000)

static void
test_map(void **state)
{
	struct map m = {0};
	int values[500], i;
	char key[16];

	(void)state;
	assert_null(map_get(&m, "nothing"));
	assert_null(map_get(&m, NULL));
	for (i = 0; i < 500; i++) {
		snprintf(key, sizeof(key), "key %d", i);
		assert_null(map_put(&m, key, &values[i]));
	}
	assert_int_equal(m.n, 500);
	for (i = 0; i < 500; i++) {
		snprintf(key, sizeof(key), "key %d", i);
		assert_ptr_equal(map_get(&m, key), &values[i]);
	}
	assert_ptr_equal(map_put(&m, "key 3", &values[4]), &values[3]);
	assert_ptr_equal(map_get(&m, "key 3"), &values[4]);
	map_free(&m, NULL);
	assert_null(map_get(&m, "key 3"));
}

static void
test_token_is_used_once(void **state)
{
	struct tokens t;
	char a[TOKEN_B], b[TOKEN_B];

	(void)state;
	tokens_init(&t, MINUTE);
	tokens_issue(&t, "Ualice", T0, a);
	tokens_issue(&t, "Ubob", T0, b);
	assert_int_equal(strlen(a), 32);
	assert_string_not_equal(a, b);
	assert_string_equal(tokens_chat(&t, a, T0 + MINUTE), "Ualice");
	assert_string_equal(tokens_chat(&t, b, T0), "Ubob");
	tokens_use(&t, a);
	assert_null(tokens_chat(&t, a, T0));
	assert_non_null(tokens_chat(&t, b, T0));
	assert_null(tokens_chat(&t, "0123", T0));
	tokens_free(&t);
}

static void
test_token_dies(void **state)
{
	struct tokens t;
	char a[TOKEN_B];

	(void)state;
	tokens_init(&t, MINUTE);
	tokens_issue(&t, "Ualice", T0, a);
	assert_null(tokens_chat(&t, a, T0 + MINUTE + 1));
	/* a redelivery gives it another minute */
	tokens_delivered(&t, a, T0 + 5 * MINUTE);
	assert_non_null(tokens_chat(&t, a, T0 + 6 * MINUTE));
	assert_null(tokens_chat(&t, a, T0 + 6 * MINUTE + 1));
	/* but not to events older than 20 minutes, nor to used ones */
	tokens_delivered(&t, a, T0 + 20 * MINUTE + 1);
	assert_null(tokens_chat(&t, a, T0 + 20 * MINUTE + 2));
	tokens_issue(&t, "Ubob", T0, a);
	tokens_use(&t, a);
	tokens_delivered(&t, a, T0 + MINUTE);
	assert_null(tokens_chat(&t, a, T0 + MINUTE));
	tokens_delivered(&t, NULL, T0);
	tokens_free(&t);
}

static void
test_old_tokens_go(void **state)
{
	struct tokens t;
	char a[TOKEN_B];
	int i;

	(void)state;
	tokens_init(&t, MINUTE);
	for (i = 0; i < 100; i++)
		tokens_issue(&t, "Ualice", T0, a);
	assert_int_equal(t.map.n, 100);
	tokens_issue(&t, "Ualice", T0 + HOUR, a);
	assert_int_equal(t.map.n, 1);
	tokens_free(&t);
}

static void
test_retry_keys(void **state)
{
	static const char key[] = "123e4567-e89b-12d3-a456-426614174000";
	struct retries r = {0};
	const struct retry *y;

	(void)state;
	assert_null(retries_find(&r, key, T0));
	retries_add(&r, key, "request-1", "[1]", T0);
	y = retries_find(
	    &r, "123E4567-E89B-12D3-A456-426614174000", T0 + 24 * HOUR - 1);
	assert_non_null(y);
	assert_string_equal(y->request_id, "request-1");
	assert_string_equal(y->sent, "[1]");
	/* after 24 hours the same key is a new send */
	assert_null(retries_find(&r, key, T0 + 24 * HOUR));
	retries_add(&r, key, "request-2", NULL, T0 + 25 * HOUR);
	y = retries_find(&r, key, T0 + 25 * HOUR);
	assert_string_equal(y->request_id, "request-2");
	assert_null(y->sent);
	retries_free(&r);
}

static void
test_fault_rates(void **state)
{
	struct faults f;
	struct err e = {0};
	int i, hits = 0;

	(void)state;
	faults_init(&f, 7);
	assert_false(fault_strikes(&f, FAULT_SLOW, "push"));
	assert_int_equal(fault_parse(&f, "slow:0.25", &e), 0);
	for (i = 0; i < 10000; i++)
		hits += fault_strikes(&f, FAULT_SLOW, "push");
	assert_in_range(hits, 2300, 2700);
	assert_int_equal(f.v[FAULT_SLOW].hits, hits);
	assert_int_equal(fault_parse(&f, "refuse", &e), 0);
	assert_true(fault_strikes(&f, FAULT_REFUSE, "push"));
	faults_clear(&f);
	assert_false(fault_strikes(&f, FAULT_REFUSE, "push"));
	faults_free(&f);
}

static void
test_fault_count_and_endpoint(void **state)
{
	struct faults f;
	struct fault_spec spec = {"lose-answer", 1, 2, "reply"};
	struct err e = {0};

	(void)state;
	faults_init(&f, 1);
	assert_int_equal(fault_set(&f, &spec, &e), 0);
	assert_false(fault_strikes(&f, FAULT_LOSE_ANSWER, "push"));
	assert_false(fault_strikes(&f, FAULT_LOSE_ANSWER, NULL));
	assert_true(fault_strikes(&f, FAULT_LOSE_ANSWER, "reply"));
	assert_true(fault_strikes(&f, FAULT_LOSE_ANSWER, "reply"));
	assert_false(fault_strikes(&f, FAULT_LOSE_ANSWER, "reply"));
	assert_int_equal(fault_parse(&f, "error-500:1:push", &e), 0);
	assert_false(fault_strikes(&f, FAULT_ERROR_500, "reply"));
	assert_true(fault_strikes(&f, FAULT_ERROR_500, "push"));
	faults_free(&f);
}

static void
test_fault_mistakes(void **state)
{
	static const char *const bad[] = {
	    "slow:2", "slow:-1", "slow:x", "slow:0.5x", "slow:", "slow:nan"};
	struct faults f;
	struct err e = {0};
	size_t i;

	(void)state;
	faults_init(&f, 1);
	assert_int_equal(fault_parse(&f, "sloow:1", &e), -1);
	assert_int_equal(e.code, ERR_INVALID);
	assert_non_null(strstr(e.msg, "sloow"));
	assert_non_null(strstr(e.msg, "lose-answer"));
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		err_clear(&e);
		assert_int_equal(fault_parse(&f, bad[i], &e), -1);
		assert_non_null(strstr(e.msg, "0 to 1"));
	}
	assert_false(fault_strikes(&f, FAULT_SLOW, NULL));
	faults_free(&f);
}

static uint64_t
strikes(uint64_t seed)
{
	struct faults f;
	struct err e = {0};
	uint64_t bits = 0;
	int i;

	faults_init(&f, seed);
	fault_parse(&f, "duplicate:0.5", &e);
	for (i = 0; i < 64; i++)
		bits = bits << 1 | fault_strikes(&f, FAULT_DUPLICATE, NULL);
	faults_free(&f);
	return bits;
}

static void
test_same_seed_same_strikes(void **state)
{
	(void)state;
	assert_int_equal(strikes(42), strikes(42));
	assert_int_not_equal(strikes(42), strikes(43));
}

static void
test_rng_range(void **state)
{
	struct rng r;
	int64_t v;
	int i, low = 0, high = 0;

	(void)state;
	rng_init(&r, 1, "test");
	for (i = 0; i < 1000; i++) {
		v = rng_range(&r, 3, 5);
		assert_in_range(v, 3, 5);
		low += v == 3;
		high += v == 5;
	}
	assert_true(low > 200 && high > 200);
	assert_int_equal(rng_range(&r, 9, 9), 9);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_map),
	    cmocka_unit_test(test_token_is_used_once),
	    cmocka_unit_test(test_token_dies),
	    cmocka_unit_test(test_old_tokens_go),
	    cmocka_unit_test(test_retry_keys),
	    cmocka_unit_test(test_fault_rates),
	    cmocka_unit_test(test_fault_count_and_endpoint),
	    cmocka_unit_test(test_fault_mistakes),
	    cmocka_unit_test(test_same_seed_same_strikes),
	    cmocka_unit_test(test_rng_range),
	};

	crypto_init();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
