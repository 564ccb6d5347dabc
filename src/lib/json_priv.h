/* What json.c lends to json_read.c. */
#ifndef JSON_PRIV_H
#define JSON_PRIV_H

#include <mado/json.h>

/* What an absent or null member leaves in its field. */
void json_set_absent(const struct json_field *f, void *at);

#endif
