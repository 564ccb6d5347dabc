/*
 * The desk's own lines (events, reasons, what stands for a picture) in the
 * language of the screen. What people wrote is never touched.
 */
#ifndef MADO_SAID_H
#define MADO_SAID_H

#include <mado/mem.h>
#include <mado/model.h>

/* A message's text as it is shown: its own, or the desk's line in the
 * screen's language. Valid until the arena is reset. */
const char *said_text(const struct msg *m, struct arena *a);
/* A phrase of the desk ("rule 返品", "taken by sato"); itself when unknown. */
const char *said_phrase(const char *phrase, struct arena *a);

#endif
