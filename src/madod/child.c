/*
 * Starting programs: see child.h. Between fork and exec only what a process
 * with threads may call there (signal-safety(7)).
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "child.h"

enum { TELL_FD = 3, CHILD_FILES = 32, CHILD_NICE = 5 };

static void
limit(int what, int64_t value)
{
	struct rlimit r = {(rlim_t)value, (rlim_t)value};

	if (value > 0)
		setrlimit(what, &r);
}

static void
child_become(const struct child_opts *o, char *const *env, int null, int tell)
{
	sigset_t none;
	int why;

	setpgid(0, 0);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	signal(SIGPIPE, SIG_DFL);
	if (dup2(o->in != -1 ? o->in : null, 0) == -1 ||
	    dup2(o->out != -1 ? o->out : null, 1) == -1 || dup2(null, 2) == -1)
		goto bad;
	/* libraries leave descriptors open across exec */
	if (tell != TELL_FD && dup3(tell, TELL_FD, O_CLOEXEC) == -1)
		goto bad;
	tell = TELL_FD;
	close_range(TELL_FD + 1, ~0U, 0);
	limit(RLIMIT_CPU, o->cpu_s);
#ifndef __SANITIZE_ADDRESS__ /* which reserves terabytes of addresses */
	limit(RLIMIT_AS, o->memory_b);
#endif
	limit(RLIMIT_FSIZE, o->file_b);
	limit(RLIMIT_NOFILE, CHILD_FILES);
	limit(RLIMIT_CORE, 1);
	setpriority(PRIO_PROCESS, 0, CHILD_NICE);
	execve(o->argv[0], (char *const *)o->argv, env);
bad:
	why = errno;
	if (write(tell, &why, sizeof(why)) == -1)
		_exit(126);
	_exit(127);
}

pid_t
child_start(const struct child_opts *o, struct err *e)
{
	static char *const env[] = {(char *)"PATH=/usr/local/bin:/usr/bin:/bin",
	    (char *)"LANG=C.UTF-8", (char *)"HOME=/", NULL};
	int told[2], null, why = 0;
	pid_t pid;

	if (pipe2(told, O_CLOEXEC) == -1)
		return err_set(e, ERR_FAILED, "no pipe: %s", strerror(errno));
	null = open("/dev/null", O_RDWR | O_CLOEXEC);
	pid = fork();
	if (pid == 0)
		child_become(o, env, null, told[1]);
	close(told[1]);
	close(null);
	if (pid == -1)
		why = errno;
	else if (read(told[0], &why, sizeof(why)) != sizeof(why))
		why = 0;
	close(told[0]);
	if (why == 0)
		return pid;
	if (pid != -1)
		waitpid(pid, NULL, 0);
	return err_set(
	    e, ERR_FAILED, "%s does not start: %s", o->argv[0], strerror(why));
}

void
child_kill(pid_t pid)
{
	kill(-pid, SIGKILL);
	kill(pid, SIGKILL); /* it may not have its group yet */
}

const char *
child_verdict(int status)
{
	if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
		return NULL;
	if (WIFEXITED(status))
		return "it ended with an error";
	return WTERMSIG(status) == SIGXCPU ? "it took too much processor time"
					   : "it was killed or crashed";
}

int
child_wait(pid_t pid, int64_t ms, struct err *e)
{
	struct pollfd p = {.fd = pidfd_open(pid, 0), .events = POLLIN};
	const char *why;
	int status = 0;
	bool over;

	over = p.fd != -1 && poll(&p, 1, (int)ms) == 1;
	if (!over)
		child_kill(pid);
	if (p.fd != -1)
		close(p.fd);
	waitpid(pid, &status, 0);
	why = over ? child_verdict(status) : "it took too long";
	return why == NULL ? 0 : err_set(e, ERR_FAILED, "%s", why);
}
