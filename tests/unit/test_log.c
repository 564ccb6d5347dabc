/* log.c: the form of a line, its levels, and that nothing breaks out of it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <mado/buf.h>
#include <mado/log.h>
#include <mado/text.h>

enum { THREADS = 4, LINES = 500, FILE_MAX_B = 4 << 20 };

static FILE *file;
static int saved;

/* stderr goes to a file from here to caught(). */
static void catch (void)
{
	fflush(stderr);
	saved = dup(STDERR_FILENO);
	file = tmpfile();
	assert_non_null(file);
	dup2(fileno(file), STDERR_FILENO);
}

static struct buf
caught(void)
{
	struct buf b = {0};

	dup2(saved, STDERR_FILENO);
	close(saved);
	assert_int_equal(lseek(fileno(file), 0, SEEK_SET), 0);
	assert_int_equal(buf_read_fd(&b, fileno(file), FILE_MAX_B, NULL), 0);
	fclose(file);
	return b;
}

static void
line_has_name_time_level_text(void **state)
{
	struct buf b;

	(void)state;
	log_init("madod", LOG_INFO);
	catch ();
	log_debug("not shown");
	log_info("opened %d", 3);
	log_error("山");
	b = caught();
	assert_null(strstr(b.p, "not shown"));
	assert_int_equal(strncmp(b.p, "madod: 20", 9), 0);
	assert_non_null(strstr(b.p, "Z info opened 3\nmadod: 20"));
	assert_non_null(strstr(b.p, "Z error 山\n"));
	buf_free(&b);
	log_init("madod", LOG_DEBUG);
	catch ();
	log_debug("shown");
	b = caught();
	assert_non_null(strstr(b.p, "Z debug shown\n"));
	buf_free(&b);
}

static void
controls_become_question_marks(void **state)
{
	struct buf b;

	(void)state;
	log_init("madod", LOG_INFO);
	catch ();
	log_info("%s", "a\nmadod: b\033[2J\x7f\xc2\x9b\x80\xff\t");
	b = caught();
	assert_non_null(strstr(b.p, " info a?madod: b?[2J?????\n"));
	assert_ptr_equal(strchr(b.p, '\n'), b.p + b.n - 1);
	buf_free(&b);
}

static void
long_line_is_cut_between_characters(void **state)
{
	char text[8192];
	struct buf b;

	(void)state;
	for (size_t lead = 0; lead < 3; lead++) {
		memset(text, 'x', lead);
		for (size_t i = lead; i + 4 < sizeof(text); i += 3)
			memcpy(text + i, "窓", 4);
		catch ();
		log_info("%s", text);
		b = caught();
		assert_int_equal(b.p[b.n - 1], '\n');
		assert_true(b.n > 1900 && b.n < 2300);
		assert_null(strchr(b.p, '?'));
		assert_true(text_is_utf8(b.p, b.n));
		buf_free(&b);
	}
}

static void *
write_lines(void *arg)
{
	for (int i = 0; i < LINES; i++)
		log_info("%s", (const char *)arg);
	return NULL;
}

static void
threads_do_not_mix(void **state)
{
	static char text[THREADS][201];
	pthread_t thread[THREADS];
	struct buf b;
	int lines = 0;

	(void)state;
	catch ();
	for (int i = 0; i < THREADS; i++) {
		memset(text[i], 'a' + i, 200);
		pthread_create(&thread[i], NULL, write_lines, text[i]);
	}
	for (int i = 0; i < THREADS; i++)
		pthread_join(thread[i], NULL);
	b = caught();
	for (char *at = strtok(b.p, "\n"); at != NULL;
	     at = strtok(NULL, "\n")) {
		at = strstr(at, " info ") + strlen(" info ");
		assert_int_equal(strlen(at), 200);
		assert_string_equal(at, text[at[0] - 'a']);
		lines++;
	}
	assert_int_equal(lines, THREADS * LINES);
	buf_free(&b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(line_has_name_time_level_text),
	    cmocka_unit_test(controls_become_question_marks),
	    cmocka_unit_test(long_line_is_cut_between_characters),
	    cmocka_unit_test(threads_do_not_mix),
	};

	return cmocka_run_group_tests_name("log", tests, NULL, NULL);
}
