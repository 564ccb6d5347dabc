/*
 * A changed value in an INI file that a person keeps: comments, order and what
 * else stands there stay as they are. See conf.h for the syntax.
 */
#ifndef MADO_CONF_EDIT_H
#define MADO_CONF_EDIT_H

#include <mado/buf.h>

/*
 * Set key of [section] or [section label] (label "" for none) in text: its
 * first line there is replaced and further ones are left out; without one it
 * is added at the section's end, and the section at the text's. value NULL:
 * the key's lines are taken out.
 */
struct conf_change {
	const char *section, *label, *key, *value;
};
void conf_edit(struct buf *text, const struct conf_change *c);

#endif
