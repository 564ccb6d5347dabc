/* Between line.c, which has readline, and line_kind.c. */
#ifndef MADO_LINE_IMPL_H
#define MADO_LINE_IMPL_H

#include "ui.h"

/* Begin with nothing: no text, no history, nothing to undo. */
void line_forget(void);
/* After readline's text was replaced: where the caret stands. */
void line_set_point(struct ui *u, const char *text, size_t caret);
/* The text is another one: draw it, keep it. */
void line_changed(struct ui *u);
/* Enter. */
void line_run(struct ui *u);
void line_kind_start(struct ui *u);
void line_kind_stop(struct ui *u);

#endif
