#include <stddef.h>
#include <time.h>

#include "noise.h"
#include "raw.h"

enum { PROCESSORS = 4096, BITS = 8 * sizeof(unsigned long) };

typedef unsigned long mask[PROCESSORS / BITS];

static void spin(uint64_t turns)
{
	for (uint64_t i = 0; i < turns; i++)
		__asm__ volatile("" ::: "memory");
}

/* Not by SYS_nanosleep: that is how ThreadSanitizer's own thread is known. */
static void doze(uint64_t ns)
{
	struct timespec t = {0, (long)ns};

	raw_call(SYS_clock_nanosleep, CLOCK_MONOTONIC, 0, (long)&t, 0);
}

static bool has(const unsigned long *set, size_t i)
{
	return set[i / BITS] >> (i % BITS) & 1;
}

static bool pick(const unsigned long *set, size_t end, uint64_t n, size_t *out)
{
	uint64_t count = 0;

	for (size_t i = 0; i < end; i++)
		count += has(set, i);
	if (count < 2)
		return false;
	n %= count;
	for (size_t i = 0; i < end; i++) {
		if (!has(set, i) || n-- > 0)
			continue;
		*out = i;
		return true;
	}
	return false;
}

/* An initialiser would become a call of memset(). */
static void clear(unsigned long *set)
{
	for (size_t i = 0; i < PROCESSORS / BITS; i++)
		set[i] = 0;
}

/* To one of the processors that it may use, and then free again. */
static void move(uint64_t n)
{
	mask all, one;
	size_t to;
	long bytes;

	clear(all);
	clear(one);
	bytes = raw_call(SYS_sched_getaffinity, 0, sizeof(all), (long)all, 0);
	if (bytes <= 0 || !pick(all, (size_t)bytes * 8, n, &to))
		return; /* it has but one, or more than we count */
	one[to / BITS] |= 1UL << (to % BITS);
	raw_call(SYS_sched_setaffinity, 0, bytes, (long)one, 0);
	raw_call(SYS_sched_setaffinity, 0, bytes, (long)all, 0);
}

void deed_do(enum deed deed, uint64_t amount)
{
	switch (deed) {
	case DEED_NONE:
		break;
	case DEED_YIELD:
		raw_call(SYS_sched_yield, 0, 0, 0, 0);
		break;
	case DEED_SPIN:
		spin(amount);
		break;
	case DEED_SLEEP:
		doze(amount);
		break;
	case DEED_MOVE:
		move(amount);
		break;
	}
}
