/*
 * oracle.h - does the program use memory that it does not have?
 *
 * Under explore, each heap block of the program is known: where it begins and
 * ends, by which calls it was made and freed.  In most schedules what is freed
 * is kept apart until the iteration ends (or there is too much of it), so that
 * no later block takes its place, and every access is looked up: a use after
 * free, or past the end of a block, ends the iteration with an outcome of its
 * own, "@use-after-free" or "@out-of-bounds".  What is passed to free() is
 * looked at in every schedule: "@double-free", "@invalid-free".
 *
 * Not known: blocks that are larger than ThreadSanitizer's size classes
 * (128 KiB), and what uninstrumented code does with the memory.
 */
#ifndef SNAG_ORACLE_ORACLE_H
#define SNAG_ORACLE_ORACLE_H

#include <stdbool.h>
#include <stdint.h>

struct snag_batch_order;

/* What the check looks at: one byte for eight of the allocator's. */
struct oracle_view {
	uint64_t low, span; /* span 0: nothing is checked now */
	const uint8_t *shadow;
};

extern struct oracle_view oracle_view;

enum { ORACLE_NARROW = 16 }; /* bytes; what is wider is looked at whole */

/* How an access is made. */
enum { ORACLE_READ = 0, ORACLE_WRITE = 1, ORACLE_ATOMIC = 2 };

/* Before the first iteration of a batch.  always: in every schedule. */
void oracle_open(const struct snag_batch_order *order, bool always);
/* Before what the iteration allocates; the seed says whether it is on. */
void oracle_begin(uint64_t seed);
/* Of memory that was made without our knowing nothing can be said: no more is
 * watched in this process. */
void oracle_give_up(void);
/* All threads are settled: gives back what was kept apart. */
void oracle_end(void);

/* The access is not as it should be; returns when it is after all. */
void oracle_look(uint64_t address, uint64_t size, unsigned how,
		 const uint64_t *frame);

/*
 * The calling thread accesses this memory now; frame is one of its stack, with
 * the place of the access as return address.  Does not return when it must
 * not.
 */
static inline void oracle_check(uint64_t address, uint64_t size, unsigned how,
				const uint64_t *frame)
{
	uint64_t at = address - oracle_view.low;

	if (at >= oracle_view.span)
		return;
	if (size > ORACLE_NARROW || oracle_view.shadow[at >> 3] ||
	    oracle_view.shadow[(at + size - 1) >> 3])
		oracle_look(address, size, how, frame);
}

#endif
