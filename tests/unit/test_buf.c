/* buf.c and file.c: growth, reading with a cap, writing whole or not at all. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <mado/buf.h>
#include <mado/err.h>
#include <mado/mem.h>

static char dir[] = "/tmp/mado-test-buf.XXXXXX", path[80];

static void
always_terminated(void **state)
{
	struct buf b = {0};
	char *s;

	(void)state;
	assert_string_equal(buf_str(&b), "");
	buf_reset(&b);
	buf_add(&b, NULL, 0);
	assert_string_equal(b.p, "");
	buf_puts(&b, "ab");
	buf_putc(&b, 'c');
	buf_add(&b, "\0d", 2);
	assert_int_equal(b.n, 5);
	assert_memory_equal(b.p, "abc\0d", 6);
	buf_reset(&b);
	assert_int_equal(b.n, 0);
	assert_string_equal(b.p, "");
	buf_printf(&b, "%d", 12);
	s = buf_take(&b);
	assert_string_equal(s, "12");
	x_free(s);
	assert_null(b.p);
	s = buf_take(&b);
	assert_string_equal(s, "");
	x_free(s);
	buf_free(&b);
	buf_free(&b);
}

static void
grows_by_every_way(void **state)
{
	struct buf b = {0};
	size_t want = 0;

	(void)state;
	for (int i = 0; i < 3000; i++) {
		buf_printf(&b, "%0*d", i % 200 + 1, i % 10);
		buf_putc(&b, 'x');
		want += (size_t)(i % 200) + 2;
		assert_int_equal(b.n, want);
		assert_int_equal(strlen(b.p), want);
		assert_true(b.cap > b.n);
	}
	buf_free(&b);
}

static void
room_is_lent(void **state)
{
	struct buf b = {0};

	(void)state;
	buf_puts(&b, "ab");
	memset(buf_room(&b, 5000), 'x', 5000);
	assert_true(b.cap > b.n + 5000);
	assert_int_equal(b.n, 2);
	assert_memory_equal(b.p, "ab", 2);
	buf_free(&b);
}

static void
file_comes_back(void **state)
{
	struct buf b = {0};
	struct err e = {0};
	struct stat st;

	(void)state;
	buf_puts(&b, "before:");
	assert_int_equal(file_write(path, "a\0b", 3, 0640, &e), 0);
	assert_int_equal(buf_read_file(&b, path, 3, &e), 0);
	assert_int_equal(b.n, 10);
	assert_memory_equal(b.p, "before:a\0b", 11);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0640);
	assert_int_equal(file_write(path, "", 0, 0600, &e), 0);
	assert_int_equal(buf_read_file(&b, path, 0, &e), 0);
	assert_int_equal(b.n, 10);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	assert_int_equal(file_sync(path, &e), 0);
	unlink(path);
	buf_free(&b);
}

static void
cap_is_kept(void **state)
{
	char *big = x_calloc(200000, 1);
	struct buf b = {0};
	struct err e = {0};

	(void)state;
	buf_puts(&b, "x");
	assert_int_equal(file_write(path, big, 200000, 0600, &e), 0);
	assert_int_equal(buf_read_file(&b, path, 199999, &e), -1);
	assert_int_equal(e.code, ERR_TOOBIG);
	assert_non_null(strstr(e.msg, path));
	assert_string_equal(b.p, "x");
	assert_int_equal(buf_read_file(&b, path, 200000, &e), 0);
	assert_int_equal(b.n, 200001);
	unlink(path);
	buf_free(&b);
	x_free(big);
}

static void
absent_and_unreadable(void **state)
{
	struct buf b = {0};
	struct err e = {0};

	(void)state;
	assert_int_equal(buf_read_file(&b, path, 9, &e), -1);
	assert_int_equal(e.code, ERR_NOTFOUND);
	assert_int_equal(buf_read_file(&b, dir, 9, &e), -1);
	assert_int_equal(e.code, ERR_FAILED);
	assert_int_equal(buf_read_fd(&b, -1, 9, &e), -1);
	assert_int_equal(e.code, ERR_FAILED);
	assert_int_equal(file_sync(path, &e), -1);
	buf_free(&b);
}

static void
pipe_is_read_to_its_end(void **state)
{
	struct buf b = {0};
	int fd[2];

	(void)state;
	assert_int_equal(pipe(fd), 0);
	assert_int_equal(write(fd[1], "hello", 5), 5);
	close(fd[1]);
	assert_int_equal(buf_read_fd(&b, fd[0], 5, NULL), 0);
	assert_string_equal(b.p, "hello");
	close(fd[0]);
	buf_free(&b);
}

/* Memory that was used before: what it held must not become the text. */
static void
empty_pipe_is_an_empty_text(void **state)
{
	struct buf b = {0};
	char *used = x_calloc(1, 128 << 10);
	int fd[2];

	(void)state;
	memset(used, 'x', 128 << 10);
	x_free(used);
	assert_int_equal(pipe(fd), 0);
	close(fd[1]);
	assert_int_equal(buf_read_fd(&b, fd[0], 1 << 20, NULL), 0);
	assert_string_equal(b.p, "");
	close(fd[0]);
	buf_free(&b);
}

static int
count_files(void)
{
	DIR *d = opendir(dir);
	int n = -2; /* . and .. */

	assert_non_null(d);
	while (readdir(d) != NULL)
		n++;
	closedir(d);
	return n;
}

static void
failed_write_keeps_the_old_one(void **state)
{
	struct buf b = {0};
	struct err e = {0};
	char full[100];

	(void)state;
	assert_int_equal(file_write("/nowhere/at/all", "x", 1, 0600, &e), -1);
	assert_int_equal(e.code, ERR_FAILED);
	/* a directory with something in it cannot be renamed over */
	snprintf(full, sizeof(full), "%s/sub", path);
	assert_int_equal(file_mkdirs(full, 0700, &e), 0);
	assert_int_equal(file_write(path, "new", 3, 0600, &e), -1);
	assert_int_equal(count_files(), 1);
	assert_int_equal(rmdir(full), 0);
	assert_int_equal(rmdir(path), 0);
	buf_free(&b);
}

static void
replaced_without_leftovers(void **state)
{
	struct buf b = {0};
	char other[128];

	(void)state;
	/* what a process of our number that died would have left */
	for (int i = 0; i < 20; i++) {
		snprintf(other, sizeof(other), "%s.%d.%d.tmp", path,
		    (int)getpid(), i);
		close(open(other, O_CREAT | O_WRONLY, 0600));
	}
	assert_int_equal(file_write(path, "one", 3, 0600, NULL), 0);
	assert_int_equal(file_write(path, "two", 3, 0600, NULL), 0);
	assert_int_equal(buf_read_file(&b, path, 9, NULL), 0);
	assert_string_equal(b.p, "two");
	assert_int_equal(count_files(), 21);
	for (int i = 0; i < 20; i++) {
		snprintf(other, sizeof(other), "%s.%d.%d.tmp", path,
		    (int)getpid(), i);
		unlink(other);
	}
	unlink(path);
	buf_free(&b);
}

static void
name_without_a_directory(void **state)
{
	char *old = getcwd(NULL, 0);

	(void)state;
	assert_int_equal(chdir(dir), 0);
	assert_int_equal(file_write("plain", "x", 1, 0600, NULL), 0);
	assert_int_equal(access("plain", F_OK), 0);
	assert_int_equal(unlink("plain"), 0);
	assert_int_equal(file_mkdirs("p/q", 0700, NULL), 0);
	assert_int_equal(rmdir("p/q"), 0);
	assert_int_equal(rmdir("p"), 0);
	assert_int_equal(chdir(old), 0);
	free(old);
}

static void
directories_are_made_on_the_way(void **state)
{
	struct err e = {0};
	struct stat st;
	char deep[128];

	(void)state;
	snprintf(deep, sizeof(deep), "%s/a//b/c/", dir);
	assert_int_equal(file_mkdirs(deep, 0700, &e), 0);
	assert_int_equal(file_mkdirs(deep, 0700, &e), 0);
	assert_int_equal(stat(deep, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0700);
	assert_int_equal(file_mkdirs("/", 0700, &e), 0);
	assert_int_equal(file_write(path, "", 0, 0600, &e), 0);
	snprintf(deep, sizeof(deep), "%s/x", path);
	assert_int_equal(file_mkdirs(deep, 0700, &e), -1);
	assert_int_equal(e.code, ERR_FAILED);
	unlink(path);
	snprintf(deep, sizeof(deep), "%s/a/b/c", dir);
	for (int i = 0; i < 3; i++) {
		assert_int_equal(rmdir(deep), 0);
		*strrchr(deep, '/') = '\0';
	}
}

static int
group_setup(void **state)
{
	(void)state;
	umask(022);
	assert_non_null(mkdtemp(dir));
	snprintf(path, sizeof(path), "%s/file", dir);
	return 0;
}

static int
group_teardown(void **state)
{
	(void)state;
	return rmdir(dir); /* fails when something was left */
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(always_terminated),
	    cmocka_unit_test(grows_by_every_way),
	    cmocka_unit_test(room_is_lent),
	    cmocka_unit_test(file_comes_back),
	    cmocka_unit_test(cap_is_kept),
	    cmocka_unit_test(absent_and_unreadable),
	    cmocka_unit_test(pipe_is_read_to_its_end),
	    cmocka_unit_test(empty_pipe_is_an_empty_text),
	    cmocka_unit_test(failed_write_keeps_the_old_one),
	    cmocka_unit_test(replaced_without_leftovers),
	    cmocka_unit_test(name_without_a_directory),
	    cmocka_unit_test(directories_are_made_on_the_way),
	};

	return cmocka_run_group_tests_name(
	    "buf", tests, group_setup, group_teardown);
}
