/*
 * reads_from.h - which read may see which write, by positions of code.
 *
 * Two threads at one address make candidates: the read of one with each write
 * there, and with INIT, what stood there before.  Taking a lock reads what the
 * last unlock wrote; signals are written, waits read them.
 */
#ifndef SNAG_STRATEGY_READS_FROM_H
#define SNAG_STRATEGY_READS_FROM_H

#include "strategy/members.h"
#include "strategy/table.h"

enum { READS_FROM_SIDE = 6, READS_FROM_INIT = 0 };

struct reads_from_pair {
	uint64_t read, write; /* code; write: or READS_FROM_INIT */
	uint32_t tries;       /* how often it was asked for */
	bool is_seen;
	uint32_t next_of_read; /* pair with the same read, plus 1 */
};

/* One address, in one iteration. */
struct reads_from_place {
	uint64_t last_write;
	uint16_t owner;
	bool is_shared;
	uint8_t read_count, write_count;
	uint64_t reads[READS_FROM_SIDE], writes[READS_FROM_SIDE];
};

/* Zeroed, it is empty; call reads_from_begin() all the same. */
struct reads_from {
	struct table by_code; /* pairs, of the whole batch */
	struct table by_read;
	uint32_t pair_heads[TABLE_MAX]; /* by by_read: pair, plus 1 */
	struct reads_from_pair pairs[TABLE_MAX];
	struct table by_address; /* of this iteration */
	struct reads_from_place places[TABLE_MAX];
	bool is_learning;
	uint32_t fresh; /* pairs seen for the first time in this iteration */
};

#define READS_FROM_KIND(kind) (UINT64_C(1) << SNAG_EVENT_##kind)

static inline bool reads_from_is_read(const struct event *e)
{
	const uint64_t reads =
		READS_FROM_KIND(READ) | READS_FROM_KIND(ATOMIC_LOAD) |
		READS_FROM_KIND(READ_WRITE) | READS_FROM_KIND(ATOMIC_UPDATE) |
		READS_FROM_KIND(LOCK) | READS_FROM_KIND(TRYLOCK) |
		READS_FROM_KIND(READ_LOCK) | READS_FROM_KIND(TRY_READ_LOCK) |
		READS_FROM_KIND(WAIT) | READS_FROM_KIND(SEM_WAIT) |
		READS_FROM_KIND(ONCE);

	return e->address && reads >> e->kind & 1;
}

static inline bool reads_from_is_write(const struct event *e)
{
	const uint64_t writes =
		READS_FROM_KIND(WRITE) | READS_FROM_KIND(READ_WRITE) |
		READS_FROM_KIND(ATOMIC_STORE) | READS_FROM_KIND(ATOMIC_UPDATE) |
		READS_FROM_KIND(FREE) | READS_FROM_KIND(LOCK) |
		READS_FROM_KIND(TRYLOCK) | READS_FROM_KIND(UNLOCK) |
		READS_FROM_KIND(SIGNAL) | READS_FROM_KIND(BROADCAST) |
		READS_FROM_KIND(SEM_POST) | READS_FROM_KIND(ONCE);

	return e->address && writes >> e->kind & 1;
}

/* An iteration begins.  Unless it learns, only writes are followed, and no
 * pair is found. */
void reads_from_begin(struct reads_from *rf, bool is_learning);
void reads_from_event(struct reads_from *rf, const struct event *e,
		      unsigned thread);
void reads_from_saw(struct reads_from *rf, unsigned pair);

/* What a read there would see now. */
uint64_t reads_from_last(struct reads_from *rf, uint64_t address);

/* The first pair of that read, plus 1; 0: none. */
uint32_t reads_from_first(struct reads_from *rf, uint64_t read);

#endif
