/*
 * The files of an HTML form (multipart/form-data, RFC 7578) in a file that
 * holds the whole body: where each begins and ends. Nothing is copied.
 */
#ifndef MADOD_MULTIPART_H
#define MADOD_MULTIPART_H

#include <stdint.h>

#include <mado/err.h>
#include <mado/mem.h>

enum { MULTIPART_MAX = 8 };

struct multipart_file {
	const char *name; /* as the browser gave it, without folders */
	int64_t at, n;
};

/* Fill out with at most MULTIPART_MAX files that are not empty; how many, or
 * -1 with ERR_INVALID. type is the request's content type. */
int multipart_read(int fd, int64_t size, const char *type,
    struct multipart_file *out, struct arena *a, struct err *e);

#endif
