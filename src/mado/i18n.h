/*
 * The language of the screens: gettext, from the first string on. _() for a
 * text that is shown, N_() for one in a table that is shown later by _().
 */
#ifndef MADO_I18N_H
#define MADO_I18N_H

#include <libintl.h>

#define _(s)  gettext(s)
#define N_(s) (s)

/*
 * Set the locale and the catalogue. language: madorc's "ja", or NULL for
 * LANGUAGE and LANG. Where the system lacks that locale, or the locale is
 * not UTF-8, C.UTF-8 carries it. May be called again once madorc is read.
 */
void i18n_init(const char *language);
/* The locale that the environment asked for at the start; "" for none. */
const char *i18n_asked(void);

#endif
