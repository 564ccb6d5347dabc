/* The store's tables: ordered migrations, a backup before each. */
#ifndef MADOD_SCHEMA_H
#define MADOD_SCHEMA_H

#include <mado/sql.h>

/*
 * Bring the database at path to the newest version, making it when absent;
 * an older one is first copied to PATH.before-vN, or PATH.before-vN.2 and so on
 * where that is there. ERR_FAILED when the file is newer than this program.
 */
int schema_migrate(const char *path, struct err *e);
/* The same for a file that is a copy itself: nothing more is kept. */
int schema_migrate_copy(const char *path, struct err *e);

#endif
