/*
 * The writer: many acts to a commit, and each of them a whole. An act that
 * waits on the writer lets the others gather behind it in one batch.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <semaphore.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "../../src/madod/writer.c"

struct fixture {
	struct loop *loop;
	struct writer *w;
	char dir[64], path[96];
	int commits, done;
	int64_t seq;
	unsigned wake;
	sem_t go;
	int errs[8];
};

static struct fixture f;
static bool disk_fails;

/* SQLite's own calls come here. */
int
fdatasync(int fd)
{
	errno = EIO;
	return disk_fails ? -1 : (int)syscall(SYS_fdatasync, fd);
}

int
fsync(int fd)
{
	errno = EIO;
	return disk_fails ? -1 : (int)syscall(SYS_fsync, fd);
}

static void
on_commit(int64_t seq, unsigned wake, void *arg)
{
	(void)arg;
	f.commits++;
	f.seq = seq;
	f.wake |= wake;
}

static void
make_store(void)
{
	struct sql *db;

	memset(&f, 0, sizeof(f));
	strcpy(f.dir, "/tmp/mado-writer.XXXXXX");
	assert_non_null(mkdtemp(f.dir));
	snprintf(f.path, sizeof(f.path), "%s/w.db", f.dir);
	db = sql_open(f.path, 0, NULL);
	sql_script(
	    db, "CREATE TABLE feed(seq INTEGER PRIMARY KEY, v INT UNIQUE)");
	sql_close(db);
}

static void
remove_store(void)
{
	char *cmd = x_sprintf("rm -rf '%s'", f.dir);

	assert_int_equal(system(cmd), 0);
	x_free(cmd);
}

static void
start(void)
{
	sem_init(&f.go, 0, 0);
	f.loop = loop_new();
	f.w = writer_new(f.loop, f.path, on_commit, NULL, NULL);
	assert_non_null(f.w);
}

static int
set_up(void **state)
{
	(void)state;
	make_store();
	start();
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	writer_free(f.w);
	loop_free(f.loop);
	sem_destroy(&f.go);
	remove_store();
	return 0;
}

/* acts */

static void
put_row(struct act *a)
{
	sql_run(a->db, "INSERT INTO feed VALUES(?1,?2)", "ii", ++*a->seq,
	    a->number);
	a->wake |= WAKE_FEED;
}

static int
act_wait(struct act *a, struct err *e)
{
	(void)a;
	(void)e;
	sem_wait(&f.go);
	sem_post(&f.go); /* should it run a second time */
	return 0;
}

static int
act_row(struct act *a, struct err *e)
{
	(void)e;
	put_row(a);
	return 0;
}

static int
act_halfway(struct act *a, struct err *e)
{
	put_row(a);
	a->wake |= WAKE_SEND;
	return err_set(e, ERR_INVALID, "halfway");
}

static int
act_refused(struct act *a, struct err *e)
{
	(void)a;
	return err_set(e, ERR_NOTFOUND, "at once");
}

static void
act_done(struct act *a)
{
	f.errs[f.done++] = (int)a->err.code;
}

static void
put(int (*run)(struct act *, struct err *), int64_t number)
{
	struct act *a = act_new(run, act_done, NULL);

	a->number = number;
	writer_put(f.w, a);
}

static void
await(int n)
{
	while (f.done < n)
		loop_turn(f.loop, 100);
}

static void
settle(int n)
{
	sem_post(&f.go);
	await(n);
}

static int64_t
count(const char *query)
{
	struct sql *db = sql_open(f.path, SQL_READ_ONLY, NULL);
	int64_t n = sql_get_int(db, -1, query, "");

	sql_close(db);
	return n;
}

/* tests */

static void
test_batch(void **state)
{
	(void)state;
	put(act_wait, 0);
	for (int i = 1; i <= 5; i++)
		put(act_row, i);
	settle(6);
	assert_in_range(f.commits, 1, 2);
	assert_int_equal(f.seq, 5);
	assert_int_equal(count("SELECT count(*) FROM feed"), 5);
}

/* It fails alone, and no seq has a hole where it was. */
static void
test_halfway(void **state)
{
	(void)state;
	put(act_wait, 0);
	put(act_row, 1);
	put(act_halfway, 2);
	put(act_row, 3);
	settle(4);
	assert_int_equal(f.errs[1], ERR_NONE);
	assert_int_equal(f.errs[2], ERR_INVALID);
	assert_int_equal(f.errs[3], ERR_NONE);
	assert_int_equal(f.seq, 2);
	assert_int_equal(f.wake, WAKE_FEED);
	assert_int_equal(count("SELECT sum(v) FROM feed"), 4);
	assert_int_equal(count("SELECT max(seq) FROM feed"), 2);
}

/* So does one whose statement fails after another one has worked. */
static void
test_constraint(void **state)
{
	(void)state;
	put(act_row, 1);
	await(1);
	put(act_wait, 0);
	put(act_row, 2);
	put(act_row, 1);
	put(act_row, 3);
	settle(5);
	assert_int_equal(f.errs[3], ERR_INTERNAL);
	assert_int_equal(count("SELECT sum(v) FROM feed"), 6);
	assert_int_equal(f.seq, 3);
}

static void
test_refused(void **state)
{
	(void)state;
	put(act_wait, 0);
	put(act_row, 1);
	put(act_refused, 2);
	settle(3);
	assert_int_equal(f.errs[1], ERR_NONE);
	assert_int_equal(f.errs[2], ERR_NOTFOUND);
	assert_int_equal(count("SELECT count(*) FROM feed"), 1);
}

/* In a process of its own: a desk whose disk fails. Exit 9: not as it must. */
static void
broken_desk(void)
{
	alarm(60);
	start();
	put(act_row, 1);
	await(1);
	disk_fails = true;
	put(act_row, 2);
	await(2);
	disk_fails = false; /* that is no news to rely on */
	put(act_row, 3);
	await(3);
	if (f.errs[0] != ERR_NONE || f.errs[1] != ERR_BUSY ||
	    f.errs[2] != ERR_BUSY || f.seq != 1)
		_exit(9);
	for (;;)
		loop_turn(f.loop, 100);
}

/* Nothing is said to be stored any more, the answers leave, then it ends. */
static void
test_broken(void **state)
{
	int status;
	pid_t pid;

	(void)state;
	make_store();
	if ((pid = fork()) == 0)
		broken_desk();
	assert_int_equal(waitpid(pid, &status, 0), pid);
	remove_store();
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 1);
}

/* Once it ends, what still comes is refused, not lost. */
static void
test_late(void **state)
{
	struct act *a = act_new(act_row, act_done, NULL);

	(void)state;
	writer_end(f.w);
	a->number = 1;
	writer_put(f.w, a);
	await(1);
	assert_int_equal(f.errs[0], ERR_BUSY);
	assert_int_equal(writer_depth(f.w), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(test_batch, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(test_halfway, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(test_constraint, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(test_refused, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(test_late, set_up, tear_down),
	    cmocka_unit_test(test_broken),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
