#include "internal.h"

uint64_t random_next(uint64_t *state)
{
	uint64_t z = *state += 0x9e3779b97f4a7c15U;

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9U;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebU;
	return z ^ (z >> 31);
}

uint64_t random_mix(uint64_t a, uint64_t b)
{
	uint64_t state = a;
	uint64_t first = random_next(&state);

	state = first ^ b;
	return random_next(&state);
}
