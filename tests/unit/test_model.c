/* model.c: the words, the inbox's order, and which views hold what. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include <mado/model.h>

static void
words_and_their_numbers(void **state)
{
	static const struct {
		const char *const *names;
		int n;
	} all[] = {{mode_names, MODE_N}, {status_names, STATUS_N},
	    {from_names, FROM_N}, {msg_type_names, MSG_TYPE_N},
	    {state_names, STATE_N}, {via_names, VIA_N}, {role_names, ROLE_N},
	    {view_names, VIEW_N}};

	(void)state;
	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		for (int k = 0; k < all[i].n; k++)
			assert_int_equal(
			    name_find(all[i].names, all[i].names[k]), k);
		assert_null(all[i].names[all[i].n]);
		assert_int_equal(name_find(all[i].names, NULL), -1);
		assert_int_equal(name_find(all[i].names, ""), -1);
		assert_int_equal(name_find(all[i].names, "Mine"), -1);
	}
	assert_int_equal(name_find(view_names, "follow-up"), VIEW_FOLLOW_UP);
	assert_int_equal(
	    name_find(status_names, "follow_up"), STATUS_FOLLOW_UP);
}

static void
expect_before(const struct conv *a, const struct conv *b)
{
	char ka[CONV_ORDER_B], kb[CONV_ORDER_B];

	conv_order(a, ka);
	conv_order(b, kb);
	assert_int_equal(strlen(ka), CONV_ORDER_B - 1);
	assert_int_equal(strlen(kb), CONV_ORDER_B - 1);
	assert_true(memcmp(ka, kb, CONV_ORDER_B) < 0);
}

/* Each row comes before all that follow it. */
static void
inbox_order(void **state)
{
	const int64_t t = INT64_C(1795309473000);
	struct msg old = {.at_ms = t - 9000}, recent = {.at_ms = t};
	const struct conv rows[] = {
	    {.number = 9, .pinned = true, .waiting_since_ms = t - 10},
	    {.number = 8, .pinned = true, .last_message = &old},
	    {.number = 7, .waiting_since_ms = 1},
	    {.number = 6, .waiting_since_ms = t - 5000, .last_message = &old},
	    {.number = 5, .waiting_since_ms = t, .last_message = &recent},
	    {.number = 6, .waiting_since_ms = t, .last_message = &recent},
	    {.number = 4, .waiting_since_ms = t, .last_message = &old},
	    {.number = 3, .last_message = &recent, .opened_ms = 1},
	    {.number = 2, .opened_ms = t - 1},
	    {.number = 1, .last_message = &old, .opened_ms = t},
	    {.number = 10},
	    {.number = INT64_MAX},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		for (size_t k = i + 1; k < sizeof(rows) / sizeof(rows[0]); k++)
			expect_before(&rows[i], &rows[k]);
}

static void
order_of_times_beyond_all(void **state)
{
	struct msg m = {.at_ms = INT64_MAX};
	struct conv far = {.number = 1,
			.waiting_since_ms = INT64_MAX,
			.last_message = &m},
		    past = {.number = -1,
			.waiting_since_ms = INT64_MIN,
			.opened_ms = INT64_MIN};

	(void)state;
	expect_before(&far, &past);
}

static const struct conv open_mine = {.mode = MODE_MANUAL, .assignee = "sato"},
			 waiting = {.mode = MODE_MANUAL},
			 with_bot = {.mode = MODE_AUTO},
			 follow_up = {.mode = MODE_MANUAL,
			     .status = STATUS_FOLLOW_UP,
			     .assignee = "sato"},
			 snoozed = {.mode = MODE_MANUAL,
			     .status = STATUS_SNOOZED,
			     .assignee = "sato"},
			 resolved = {.mode = MODE_MANUAL,
			     .status = STATUS_RESOLVED,
			     .assignee = "sato",
			     .problems = 1},
			 others = {.mode = MODE_MANUAL,
			     .assignee = "suzuki",
			     .problems = 2};

/* A letter per view in the enum's order, or "-". */
static void
expect_views(const struct conv *c, const char *want)
{
	static const char letters[] = "mwafosrxp";
	char got[VIEW_N + 1] = {0};

	for (int v = 0; v < VIEW_N; v++)
		got[v] =
		    conv_in_view(c, (enum view)v, "sato") ? letters[v] : '-';
	assert_string_equal(got, want);
}

static void
views(void **state)
{
	(void)state;
	expect_views(&open_mine, "m---o--x-");
	expect_views(&waiting, "-w--o--x-");
	expect_views(&with_bot, "--a-o--x-");
	expect_views(&follow_up, "m--fo--x-");
	expect_views(&snoozed, "----os-x-");
	expect_views(&resolved, "------rxp");
	expect_views(&others, "----o--xp");
	assert_false(conv_in_view(&open_mine, VIEW_MINE, NULL));
	assert_false(conv_in_view(&open_mine, VIEW_N, "sato"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(words_and_their_numbers),
	    cmocka_unit_test(inbox_order),
	    cmocka_unit_test(order_of_times_beyond_all),
	    cmocka_unit_test(views),
	};

	return cmocka_run_group_tests_name("model", tests, NULL, NULL);
}
