/* The subcommands that ask LINE or set something up there, and need no desk:
 * admin_qr.c, admin_richmenu.c. */
#ifndef MADOD_ADMIN_LINE_H
#define MADOD_ADMIN_LINE_H

#include "config.h"

/* The channel of that name, or for NULL the only one; NULL and e else. */
const struct config_line *admin_line(
    const struct config *c, const char *name, struct err *e);

int admin_qr(const struct config *c, int argc, char **argv, struct err *e);
/* The keys of an areas file, for the manual. */
void admin_richmenu_rows(void);
int admin_richmenu_set(
    const struct config *c, int argc, char **argv, struct err *e);
int admin_richmenu_show(
    const struct config *c, int argc, char **argv, struct err *e);
int admin_richmenu_rm(
    const struct config *c, int argc, char **argv, struct err *e);

#endif
