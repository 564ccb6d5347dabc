/*
 * Pages for people in browsers: customers who follow a link, agents who look
 * at a picture or choose a file. Plain HTML that works without script, in the
 * reader's language (ja or en), small and large screens, and nothing from
 * elsewhere: the headers say so.
 */
#ifndef MADOD_PAGE_H
#define MADOD_PAGE_H

#include "api.h"

/* The headers of all that browsers get here: no script, no frames, no
 * referrer, no sniffing, not kept. */
void page_headers(struct call *c);
/* A page that says why there is nothing: 404, 410 and the like. */
void page_error(struct call *c, int status);
/* Answer with a file of the desk, by range if asked so. */
void file_reply(
    struct call *c, const char *path, const char *type, const char *name);

#endif
