/* The account's rich menus: menu.c. Zero-initialise to begin. */
#ifndef MADOSIM_MENU_H
#define MADOSIM_MENU_H

#include <cjson/cJSON.h>

struct menu;
struct menus {
	struct menu *first; /* the newest */
	struct menu *shown; /* everybody's, NULL: none */
	int n;
};

void menus_free(struct menus *all);
/* Lends the areas of the one that is shown; NULL: none is. */
const cJSON *menus_areas(const struct menus *all);

#endif
