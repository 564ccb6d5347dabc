/*
 * SplitMix64 (public domain algorithm of S. Vigna's): small, and good enough
 * for rolling dice. Called by fault.c, out.c and actor.c.
 */
#include "rng.h"

void
rng_init(struct rng *r, uint64_t seed, const char *stream)
{
	r->state = seed;
	for (; *stream != '\0'; stream++)
		r->state = rng_next(r) ^ (unsigned char)*stream;
}

uint64_t
rng_next(struct rng *r)
{
	uint64_t z = r->state += UINT64_C(0x9e3779b97f4a7c15);

	z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
	return z ^ (z >> 31);
}

double
rng_unit(struct rng *r)
{
	return (double)(rng_next(r) >> 11) / 9007199254740992.0;
}

int64_t
rng_range(struct rng *r, int64_t min, int64_t max)
{
	if (max <= min)
		return min;
	return min + (int64_t)(rng_next(r) % (uint64_t)(max - min + 1));
}
