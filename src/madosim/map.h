/*
 * A map from strings to pointers, for the simulator's tables of tokens,
 * chats and messages. Zero-initialise to begin: struct map m = { 0 };
 */
#ifndef MADOSIM_MAP_H
#define MADOSIM_MAP_H

#include <stdbool.h>
#include <stddef.h>

struct map_node;
struct map {
	struct map_node **slots;
	size_t cap;
	size_t n;
};

/* Lends the value, NULL when the key is not there. */
void *map_get(const struct map *m, const char *key);
/* Keep value (not NULL) under a copy of key. Returns what was there before,
 * or NULL. */
void *map_put(struct map *m, const char *key, void *value);
/* Forget the entries for which drop() is true; drop() frees their values. */
void map_prune(struct map *m, bool (*drop)(void *value, void *arg), void *arg);
/* Free the map, and each value by fn unless it is NULL. */
void map_free(struct map *m, void (*fn)(void *value));

#endif
