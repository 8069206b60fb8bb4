#include "campaign/epoch.h"

enum { FIRST_END = 16, GROWTH = 4, LONGEST = 65536 };

uint64_t epoch_end(uint64_t iteration)
{
	uint64_t end = FIRST_END;

	if (iteration >= UINT64_MAX - LONGEST)
		return UINT64_MAX;
	if (iteration >= LONGEST)
		return (iteration / LONGEST + 1) * LONGEST;
	while (iteration >= end)
		end *= GROWTH;
	return end;
}
