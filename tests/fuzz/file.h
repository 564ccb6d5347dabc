/* For targets that read a file: the bytes as one that is only in memory. */
#ifndef TESTS_FUZZ_FILE_H
#define TESTS_FUZZ_FILE_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

/* Its path is put into path[32]; close what is returned. */
static int
fuzz_file(const uint8_t *p, size_t n, char path[32])
{
	int fd = memfd_create("fuzz", 0);

	if (fd == -1 || write(fd, p, n) != (ssize_t)n)
		abort();
	snprintf(path, 32, "/proc/self/fd/%d", fd);
	return fd;
}

#endif
