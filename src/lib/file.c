/*
 * Files written whole or not at all, and directories (both in buf.h). Called
 * by whoever keeps a small file: keys, drafts, configuration, media.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <mado/buf.h>
#include <mado/err.h>
#include <mado/mem.h>

enum { TMP_TRIES = 100 };

static int
fail(struct err *e, const char *path)
{
	return err_set(e,
	    errno == ENOSPC || errno == EDQUOT ? ERR_BUSY : ERR_FAILED,
	    "%s: %s", path, strerror(errno));
}

/* A fresh file beside path, its mode by umask; its name in *tmp. */
static int
tmp_open(const char *path, int mode, char **tmp)
{
	static atomic_uint counter;
	int fd;

	for (int i = 0; i < TMP_TRIES; i++) {
		*tmp = x_sprintf("%s.%d.%u.tmp", path, (int)getpid(),
		    atomic_fetch_add(&counter, 1));
		fd = open(*tmp, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC,
		    (mode_t)mode);
		if (fd != -1 || errno != EEXIST)
			return fd;
		x_free(*tmp); /* left behind by a process that died */
		*tmp = NULL;
	}
	return -1;
}

static int
write_all(int fd, const char *p, size_t n)
{
	ssize_t w;

	while (n > 0) {
		w = write(fd, p, n);
		if (w < 0 && errno == EINTR)
			continue;
		if (w < 0)
			return -1;
		p += w;
		n -= (size_t)w;
	}
	return fsync(fd);
}

/* The rename itself must survive a power cut. */
static int
dir_sync(const char *path)
{
	const char *slash = strrchr(path, '/');
	char *dir = slash == NULL ? x_strdup(".")
	    : slash == path       ? x_strdup("/")
				  : x_strndup(path, (size_t)(slash - path));
	int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC), r = -1;

	x_free(dir);
	if (fd == -1)
		return -1;
	r = fsync(fd);
	close(fd);
	return r;
}

int
file_write(const char *path, const void *p, size_t n, int mode, struct err *e)
{
	char *tmp = NULL;
	int fd = tmp_open(path, mode, &tmp), r = -1;

	if (fd == -1) {
		fail(e, path);
		goto out;
	}
	r = write_all(fd, p, n);
	if (close(fd) == -1)
		r = -1;
	if (r == 0)
		r = rename(tmp, path);
	if (r == -1) {
		fail(e, path);
		unlink(tmp);
		goto out;
	}
	r = dir_sync(path) == 0 ? 0 : fail(e, path);
out:
	x_free(tmp);
	return r;
}

int
file_sync(const char *path, struct err *e)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC), r;

	if (fd == -1)
		return fail(e, path);
	r = fsync(fd) == 0 && dir_sync(path) == 0 ? 0 : fail(e, path);
	close(fd);
	return r;
}

static int
dir_make(const char *path, int mode, struct err *e)
{
	struct stat st;

	if (mkdir(path, (mode_t)mode) == 0)
		return 0;
	if (errno == EEXIST && stat(path, &st) == 0) {
		if (S_ISDIR(st.st_mode))
			return 0;
		errno = ENOTDIR;
	}
	return fail(e, path);
}

int
file_mkdirs(const char *path, int mode, struct err *e)
{
	char *copy = x_strdup(path);
	int r = 0;

	for (char *p = copy; *p != '\0' && r == 0; p++) {
		if (p == copy || *p != '/' || p[-1] == '/')
			continue;
		*p = '\0';
		r = dir_make(copy, mode, e);
		*p = '/';
	}
	if (r == 0)
		r = dir_make(copy, mode, e);
	x_free(copy);
	return r;
}

void
file_keep_stdio(void)
{
	int fd;

	/* the lowest number that is free, each the wrong way round: EBADF, as
	 * for what is closed */
	do
		fd = open("/dev/null",
		    fcntl(STDIN_FILENO, F_GETFD) == -1 ? O_WRONLY : O_RDONLY);
	while (fd != -1 && fd <= STDERR_FILENO);
	if (fd > STDERR_FILENO)
		close(fd);
}
