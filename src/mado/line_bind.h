/* readline's functions and names. Between line.c and line_bind.c. */
#ifndef MADO_LINE_BIND_H
#define MADO_LINE_BIND_H

#include "ui.h"

/* Make every command of the inbox a readline function, mado-NAME. */
void line_bind_commands(struct ui *u);
/* After the inputrc has been read: our moves wherever readline's are bound. */
void line_bind_replace(void);
void line_bind_free(void);
/* line.c: a bound command is to run. */
void line_bind_run(struct ui *u, const char *command);

#endif
