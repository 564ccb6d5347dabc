/*
 * Starting a program: signals as they are by default, no file of ours open, a
 * session apart where it is not to have the terminal.
 */
#include "child.h"

#include <fcntl.h>
#include <signal.h>
#include <stddef.h>
#include <unistd.h>

enum { FDS_MAX = 256 };

static void
default_signals(void)
{
	static const int all[] = {
	    SIGINT, SIGQUIT, SIGPIPE, SIGTSTP, SIGCHLD, SIGTERM, SIGHUP};
	sigset_t none;

	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
		signal(all[i], SIG_DFL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
}

static void
take_fd(int fd, int at, int null)
{
	dup2(fd == 0 ? null : fd, at);
}

static void
set_apart(const struct child *c)
{
	int null = open("/dev/null", O_RDWR);

	setsid();
	take_fd(c->in, 0, null);
	take_fd(c->out, 1, null);
	take_fd(c->out, 2, null);
}

pid_t
child_start(const struct child *c)
{
	pid_t pid = fork();

	if (pid != 0)
		return pid;
	default_signals();
	if (!c->with_tty)
		set_apart(c);
	for (int fd = 3; fd < FDS_MAX; fd++)
		close(fd);
	alarm(c->alarm_s); /* goes through exec */
	execl("/bin/sh", "sh", "-c", c->command, "sh", c->arg, (char *)NULL);
	_exit(127);
}
