/*
 * Chance that can be repeated: one stream of numbers per use, all from
 * --seed. Ids and tokens do not come from here (they must differ between
 * runs), only faults, pauses and choices.
 */
#ifndef MADOSIM_RNG_H
#define MADOSIM_RNG_H

#include <stdint.h>

struct rng {
	uint64_t state;
};

/* Streams of different names are independent of each other. */
void rng_init(struct rng *r, uint64_t seed, const char *stream);
uint64_t rng_next(struct rng *r);
/* 0 <= x < 1 */
double rng_unit(struct rng *r);
/* min <= x <= max; min when max is less. */
int64_t rng_range(struct rng *r, int64_t min, int64_t max);

#endif
