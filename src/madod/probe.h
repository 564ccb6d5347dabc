/*
 * What the outside looks like from here: names, ports, certificates, the disk.
 * For init and the doctor; each waits.
 */
#ifndef MADOD_PROBE_H
#define MADOD_PROBE_H

#include <stdbool.h>
#include <stdint.h>

#include <mado/buf.h>
#include <mado/err.h>

/* The host of scheme://host[:port]; the caller's to x_free(). port gets its
 * number, or the scheme's. */
char *probe_host(const char *url, int *port);
/*
 * Where the name leads, in words appended to text. Returns 0, or -1 with
 * ERR_NOTFOUND when it has no address, ERR_CONFLICT when it surely leads to
 * another machine: ours has addresses of the internet, and none of its.
 */
int probe_dns(const char *host, struct buf *text, struct err *e);
/* Does the port take connections from here, in words? */
bool probe_port(const char *host, int port, struct buf *text);
/* Whole days up to then; less than 0 from the first moment after it. */
int64_t probe_days(int64_t until_ms, int64_t now_ms);
/* Days left of the certificate in a PEM file; ERR_* when it cannot be read. */
int probe_cert_days(const char *path, int64_t *days, struct err *e);
/* Bytes left where the folder lies, and how many percent; false: unknown. */
bool probe_disk(const char *dir, int64_t *free_b, int *free_percent);

#endif
