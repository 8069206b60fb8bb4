#include "virtual/clock.h"

#include "explore/world.h"

enum { A_SECOND = 1000 * 1000 * 1000 };

/* 2026-01-01; clocks that count from the start of the machine: 1,000 s. */
static uint64_t base_of(clockid_t clock)
{
	switch (clock) {
	case CLOCK_REALTIME:
	case CLOCK_REALTIME_COARSE:
	case CLOCK_TAI:
		return UINT64_C(1767225600) * A_SECOND;
	default:
		return UINT64_C(1000) * A_SECOND;
	}
}

struct timespec clock_virtual(clockid_t clock)
{
	uint64_t now = base_of(clock) + world.now_ns;

	return (struct timespec){.tv_sec = (time_t)(now / A_SECOND),
				 .tv_nsec = (long)(now % A_SECOND)};
}

uint64_t clock_deadline(clockid_t clock, const struct timespec *until)
{
	uint64_t at;

	if (until->tv_sec < 0)
		return 1;
	if (until->tv_sec > (time_t)(INT64_MAX / A_SECOND))
		return UINT64_MAX - 1;
	at = (uint64_t)until->tv_sec * A_SECOND + (uint64_t)until->tv_nsec;
	return at <= base_of(clock) ? 1 : at - base_of(clock) + 1;
}
