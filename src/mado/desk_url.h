/* A desk's address, checked. Used by desk_madod.c and by login. */
#ifndef MADO_DESK_URL_H
#define MADO_DESK_URL_H

#include <stdbool.h>

#include <mado/err.h>

struct desk_url {
	char *base;      /* "https://host:port", no slash at the end */
	char *unix_path; /* connect here instead; else NULL */
};

/* 0, or -1 with ERR_INVALID; then nothing is to be freed. Else caller frees
 * with desk_url_free(). */
int desk_url_parse(struct desk_url *u, const char *url, struct err *e);
void desk_url_free(struct desk_url *u);

#endif
