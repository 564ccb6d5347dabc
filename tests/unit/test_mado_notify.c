/*
 * Who waits for too long is told once, when the time is over: nobody's and
 * one's own, not a colleague's.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#include <mado/crypto.h>
#include <mado/mem.h>

#include "../../src/mado/ui.h"

enum { LATE_MS = 300000, MINUTE_MS = 60000, TRIES = 2000, NAP_US = 10000 };

#define NOW INT64_C(1800000000000)

static char dir[64];
static struct settings set = {.late_ms = LATE_MS, .notify = NOTIFY_OFF};
static struct ui *u;

static void
put(int64_t n, const char *name, const char *assignee, int64_t waits_ms)
{
	struct contact who = {.id = n, .name = name};
	struct conv c = {.number = n,
	    .contact = &who,
	    .channel = "main",
	    .mode = MODE_MANUAL,
	    .assignee = assignee,
	    .waiting_since_ms = waits_ms == 0 ? 0 : NOW - waits_ms,
	    .opened_ms = 1,
	    .rev = 1};

	assert_int_equal(store_put_conv(u->store, &c, "sato", NULL), 0);
}

/* What the command was given so far, as soon as it says so. */
static void
told(const char *wanted)
{
	struct buf b = {0};
	char path[80];

	snprintf(path, sizeof(path), "%s/told", dir);
	for (int i = 0; i < TRIES; i++) {
		buf_reset(&b);
		if (buf_read_file(&b, path, 1 << 16, NULL) == 0 &&
		    strcmp(buf_str(&b), wanted) == 0)
			break;
		usleep(NAP_US);
	}
	assert_string_equal(buf_str(&b), wanted);
	buf_free(&b);
}

static int
set_up(void **state)
{
	static const uint8_t key[32] = {1};
	struct err e = {0};
	char tell[256];
	FILE *f;

	(void)state;
	crypto_init();
	snprintf(dir, sizeof(dir), "/tmp/mado-notify.XXXXXX");
	assert_non_null(mkdtemp(dir));
	snprintf(tell, sizeof(tell), "%s/tell", dir);
	assert_non_null(f = fopen(tell, "w"));
	fprintf(f, "#!/bin/sh\necho \"$1\" >>%s/told\n", dir);
	fclose(f);
	set.notify_cmd = x_sprintf("sh %s", tell);
	u = x_new(struct ui);
	u->set = &set;
	u->me = (char *)"sato";
	assert_non_null(u->store = store_open(dir, "default", key, &e));
	return 0;
}

static int
tear_down(void **state)
{
	char command[128];

	(void)state;
	store_close(u->store);
	x_free(u);
	x_free(set.notify_cmd);
	snprintf(command, sizeof(command), "rm -rf '%s'", dir);
	return system(command);
}

static void
test_once(void **state)
{
	(void)state;
	put(1, "ume", NULL, LATE_MS - 30000);
	put(2, "take", NULL, 2 * LATE_MS); /* already late when we came */
	notify_clock(u, NOW);
	put(3, "matsu", "kato", LATE_MS - 30000);
	notify_clock(u, NOW + MINUTE_MS);
	told("Waits for long: ume: \n");
	put(4, "sakura", "sato", LATE_MS - 90000);
	notify_clock(u, NOW + 2 * MINUTE_MS);
	told("Waits for long: ume: \nWaits for long: sakura: \n");
	notify_clock(u, NOW + 3 * MINUTE_MS);
	u->quiet = true;
	put(5, "kaede", NULL, LATE_MS - 200000);
	notify_clock(u, NOW + 4 * MINUTE_MS);
	told("Waits for long: ume: \nWaits for long: sakura: \n");
}

/* However many have waited for longer. */
static void
test_behind_many(void **state)
{
	(void)state;
	for (int n = 1; n <= 50; n++)
		put(n, "old", NULL, 3 * LATE_MS + n);
	put(99, "new", NULL, LATE_MS - 1000);
	notify_clock(u, NOW);
	notify_clock(u, NOW + MINUTE_MS);
	told("Waits for long: new: \n");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(test_once, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(
		test_behind_many, set_up, tear_down)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
