/* The listeners of a desk: serve_listen.c. */
#ifndef MADOD_SERVE_LISTEN_H
#define MADOD_SERVE_LISTEN_H

#include "madod.h"

/*
 * Make m->httpd, m->tls and m->url: state_dir/madod.sock for the machine's
 * admin and, when `public`, the config's addresses. Returns 0, or -1 and e;
 * what was made stays m's.
 */
int serve_listeners(struct madod *m, bool public, struct err *e);

#endif
