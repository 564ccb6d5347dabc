/* The store's tables: ordered migrations, a backup before each. */
#ifndef MADOD_SCHEMA_H
#define MADOD_SCHEMA_H

#include <mado/sql.h>

/*
 * Bring the database at path to the newest version, making it when absent;
 * an older one is first copied to PATH.before-vN. ERR_FAILED when the file is
 * newer than this program.
 */
int schema_migrate(const char *path, struct err *e);

#endif
