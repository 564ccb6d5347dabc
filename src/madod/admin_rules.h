/*
 * The subcommands of rules.conf: is a file right, does it do what cases say,
 * what would it have done. They only read, so they need no desk, and a madod
 * that runs is not disturbed.
 */
#ifndef MADOD_ADMIN_RULES_H
#define MADOD_ADMIN_RULES_H

#include "config.h"

int admin_rules_check(
    const struct config *c, int argc, char **argv, struct err *e);
int admin_rules_test(
    const struct config *c, int argc, char **argv, struct err *e);
int admin_rules_replay(
    const struct config *c, int argc, char **argv, struct err *e);

#endif
