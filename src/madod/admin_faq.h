/*
 * The subcommands of Auto Reply's memory. They read and write files only
 * (state_dir/faq/CHANNEL.faq, replaced whole), so they need neither a desk nor
 * the writer: a madod that runs is not disturbed by an import's minutes.
 */
#ifndef MADOD_ADMIN_FAQ_H
#define MADOD_ADMIN_FAQ_H

#include "config.h"

int admin_faq_import(
    const struct config *c, int argc, char **argv, struct err *e);
int admin_faq_eval(
    const struct config *c, int argc, char **argv, struct err *e);
/* admin_learn.c */
int admin_faq_gaps(
    const struct config *c, int argc, char **argv, struct err *e);
int admin_faq_lint(
    const struct config *c, int argc, char **argv, struct err *e);

#endif
