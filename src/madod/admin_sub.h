/* What the rows of admin.c's table run: admin_*.c, one file a subject. argv
 * is what follows the subcommand's name. Each returns 0, or -1 and e. */
#ifndef MADOD_ADMIN_SUB_H
#define MADOD_ADMIN_SUB_H

#include "admin_desk.h"

typedef int admin_sub(struct admin *d, int argc, char **argv, struct err *e);

/* admin_user.c */
admin_sub admin_user_add, admin_user_list, admin_user_passwd, admin_user_role,
    admin_user_disable, admin_user_enable, admin_sign_out;
admin_sub admin_user_invite;
/* Make a code for that account, good for hours (NULL: two days); lent until
 * the next call. */
int admin_invite(struct admin *d, const char *name, const char *hours,
    const char **code, struct err *e);
/* What the colleague types; url NULL: as the config has it. Caller frees with
 * x_free(). */
char *admin_join_line(
    const struct config *c, const char *url, const char *code);
/* admin_learn.c */
admin_sub admin_faq_review;
/* admin_backup.c */
admin_sub admin_backup, admin_restore;
int admin_restore_alone(
    const struct config *c, int argc, char **argv, struct err *e);
/* admin_check.c */
admin_sub admin_check, admin_doctor;

#endif
