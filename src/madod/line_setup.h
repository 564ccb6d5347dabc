/*
 * What the machine's admin asks of LINE and sets up there (the webhook
 * endpoint, rich menus), one call after another, each waited for: for
 * subcommands, with or without a desk. Nothing that customers are sent goes
 * this way: that is the outbox's.
 */
#ifndef MADOD_LINE_SETUP_H
#define MADOD_LINE_SETUP_H

#include <cjson/cJSON.h>

#include "config.h"

struct line_setup;

/* Lends l. Caller frees with line_setup_free(). */
struct line_setup *line_setup_new(const struct config_line *l);
void line_setup_free(struct line_setup *s);
/*
 * Call method and path with body (JSON, NULL: none). json gets the answer,
 * NULL when it is not asked for; the caller's to cJSON_Delete(). Returns 0, or
 * -1 with ERR_AUTH (LINE refuses the token), ERR_NOTFOUND, ERR_NET (not
 * reached) or ERR_FAILED, each with LINE's words.
 */
int line_setup_call(struct line_setup *s, const char *method, const char *path,
    const cJSON *body, cJSON **json, struct err *e);
/* POST bytes of that content type to LINE's data host; errors as above. */
struct line_bytes {
	const char *type, *p;
	size_t n;
};
int line_setup_put(struct line_setup *s, const char *path,
    const struct line_bytes *b, struct err *e);
/* LINE's clock minus ours at the last answer; 0 when it did not say. */
int64_t line_setup_clock_ms(const struct line_setup *s);

#endif
