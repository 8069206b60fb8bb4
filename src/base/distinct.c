#include "base/distinct.h"

#include <math.h>

enum { MOST = 64 };

#define LIMIT 0x1p63 /* that fits */

uint64_t distinct_estimate(const uint8_t *registers, size_t count)
{
	const double m = (double)count;
	const double alpha = 0.7213 / (1 + 1.079 / m);
	double sum = 0, estimate;
	size_t empty = 0;

	for (size_t i = 0; i < count; i++) {
		uint8_t rank = registers[i] < MOST ? registers[i] : MOST;

		sum += ldexp(1, -(int)rank);
		empty += !rank;
	}
	if (!count || empty == count)
		return 0;
	estimate = alpha * m * m / sum;
	if (empty && estimate <= 2.5 * m)
		estimate = m * log(m / (double)empty);
	/* Registers that no set of that size has: somebody wrote there. */
	return estimate < LIMIT ? (uint64_t)(estimate + 0.5) : UINT64_MAX;
}

void distinct_unite(uint8_t *into, const uint8_t *from, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (from[i] > into[i])
			into[i] = from[i];
}
