/*
 * What may stand in place of the word before the caret of the ":" line.
 */
#ifndef MADO_COMPLETE_CMD_H
#define MADO_COMPLETE_CMD_H

#include "ui.h"

struct completion;

/* Fill *c (its arena is set, the rest is zero) for a line of commands. */
void complete_command(
    struct ui *u, struct completion *c, const char *text, size_t caret);

#endif
