/* mem.c: copies, overflow that aborts, arenas over blocks and resets. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <signal.h>
#include <stdalign.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <mado/mem.h>

static void
copies(void **state)
{
	char *s;

	(void)state;
	assert_null(x_strdup(NULL));
	assert_null(x_strndup(NULL, 3));
	assert_null(x_memdup(NULL, 3));
	s = x_strndup("abc", 2);
	assert_string_equal(s, "ab");
	x_free(s);
	s = x_strndup("abc", 99);
	assert_string_equal(s, "abc");
	x_free(s);
	s = x_memdup("a\0b", 3);
	assert_memory_equal(s, "a\0b", 3);
	x_free(s);
	s = x_sprintf("%d %s", 7, "x");
	assert_string_equal(s, "7 x");
	x_free(s);
	x_free(NULL);
}

static void
nothing_is_something(void **state)
{
	void *p = x_calloc(0, 8), *q = x_realloc(NULL, 0, 8);

	(void)state;
	assert_non_null(p);
	assert_non_null(q);
	x_free(p);
	x_free(q);
}

static void
overflow_realloc(void)
{
	x_free(x_realloc(NULL, SIZE_MAX / 4, 8));
}

static void
overflow_arena(void)
{
	struct arena *a = arena_new();

	arena_calloc(a, SIZE_MAX / 4, 8);
	arena_free(a);
}

static void
huge_arena(void)
{
	struct arena *a = arena_new();

	arena_calloc(a, SIZE_MAX - 3, 1);
	arena_free(a);
}

static void
overflow_aborts(void **state)
{
	void (*const each[])(void) = {
	    overflow_realloc, overflow_arena, huge_arena};
	int status;

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		pid_t pid = fork();

		assert_int_not_equal(pid, -1);
		if (pid == 0) {
			close(STDERR_FILENO);
			signal(SIGABRT, SIG_DFL);
			each[i]();
			_exit(0);
		}
		assert_int_equal(waitpid(pid, &status, 0), pid);
		assert_true(WIFSIGNALED(status));
		assert_int_equal(WTERMSIG(status), SIGABRT);
	}
}

static void
arena_gives_zeroed_aligned_memory(void **state)
{
	struct arena *a = arena_new();
	unsigned char *kept[300];

	(void)state;
	for (int round = 0; round < 3; round++) {
		for (size_t i = 0; i < 300; i++) {
			size_t n = i * 37 % 6000 + 1;

			kept[i] = arena_calloc(a, n, 1);
			assert_int_equal(
			    (uintptr_t)kept[i] % alignof(max_align_t), 0);
			for (size_t k = 0; k < n; k++)
				assert_int_equal(kept[i][k], 0);
			memset(kept[i], (int)i & 0xff, n);
		}
		for (size_t i = 0; i < 300; i++)
			for (size_t k = 0; k < i * 37 % 6000 + 1; k++)
				assert_int_equal(kept[i][k], i & 0xff);
		arena_reset(a);
	}
	arena_free(a);
	arena_free(NULL);
}

static void
arena_copies(void **state)
{
	struct arena *a = arena_new();
	char *longer = x_calloc(100001, 1), *s;

	(void)state;
	memset(longer, 'x', 100000);
	assert_null(arena_strdup(a, NULL));
	assert_null(arena_strndup(a, NULL, 1));
	assert_string_equal(arena_strdup(a, ""), "");
	assert_string_equal(arena_strndup(a, "abc", 2), "ab");
	s = arena_strdup(a, longer);
	assert_string_equal(arena_sprintf(a, "%s!", "done"), "done!");
	assert_int_equal(strlen(arena_sprintf(a, "%s%s", s, longer)), 200000);
	assert_string_equal(s, longer);
	x_free(longer);
	arena_free(a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(copies),
	    cmocka_unit_test(nothing_is_something),
	    cmocka_unit_test(overflow_aborts),
	    cmocka_unit_test(arena_gives_zeroed_aligned_memory),
	    cmocka_unit_test(arena_copies),
	};

	return cmocka_run_group_tests_name("mem", tests, NULL, NULL);
}
