/*
 * A growing byte buffer, always NUL-terminated past its length, so that
 * b.p prints with %s. Zero-initialise to begin: struct buf b = { 0 };
 */
#ifndef MADO_BUF_H
#define MADO_BUF_H

#include <stdbool.h>
#include <stdint.h>
#include <stddef.h>

struct buf {
	char *p; /* NULL until something is added; see buf_str() */
	size_t n;
	size_t cap;
};

/* Make room for n bytes more (and a NUL) and lend where they go; whoever
 * writes there adds to b->n and sets the NUL. */
char *buf_room(struct buf *b, size_t n);
void buf_add(struct buf *b, const void *p, size_t n);
void buf_puts(struct buf *b, const char *s);
void buf_putc(struct buf *b, int c);
void buf_printf(struct buf *b, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));
/* Make it empty, keep the memory. */
void buf_reset(struct buf *b);
/* Free the memory; the buffer may be used again. */
void buf_free(struct buf *b);
/* Lends the text, "" when empty. */
const char *buf_str(const struct buf *b);
/* Takes the text out, "" when empty. Caller frees with x_free(). */
char *buf_take(struct buf *b);
/*
 * Read a whole file of at most max_b bytes.
 * Returns 0, or -1 with ERR_NOTFOUND, ERR_TOOBIG or ERR_FAILED.
 */
struct err;
int buf_read_file(struct buf *b, const char *path, size_t max_b, struct err *e);
/* Read a descriptor to its end, at most max_b bytes; errors as above. */
int buf_read_fd(struct buf *b, int fd, size_t max_b, struct err *e);
/*
 * Write a file so that it is there whole or not at all: a temporary beside
 * it, fsync, rename, fsync of the directory. mode as for open(2), the umask
 * taken off. ERR_BUSY for a full disk, else ERR_FAILED.
 */
int file_write(
    const char *path, const void *p, size_t n, int mode, struct err *e);
/* fsync a file that others wrote, and its directory. */
int file_sync(const char *path, struct err *e);
/* mkdir -p with that mode for what is made. */
int file_mkdirs(const char *path, int mode, struct err *e);
/* First of all in main(): standard input, output and error that the caller has
 * closed are opened on nothing, so that no socket or store of ours gets their
 * numbers. Reading and writing them fails as it would have. */
void file_keep_stdio(void);

#endif
