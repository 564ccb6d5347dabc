/*
 * One file that holds a desk: its store, and beside the tables one more with
 * the media and the keys.
 */
#ifndef MADOD_BACKUP_H
#define MADOD_BACKUP_H

#include <mado/sql.h>

/* Copy the store behind db and the files of state_dir into `path`, which must
 * not be there. On a connection that may read while others write. */
int backup_write(
    struct sql *db, const char *state_dir, const char *path, struct err *e);
/*
 * Put a backup, of this madod or an older one, in the place of the store (the
 * old one stays beside it as .replaced): a new epoch, and what was still to be
 * sent is `unconfirmed`, so that nothing is sent a second time. Only while
 * nobody has the store open.
 */
int backup_restore(
    const char *path, const char *store, const char *state_dir, struct err *e);

#endif
