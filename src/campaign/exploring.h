/*
 * exploring.h - a cell of explore: which iterations come next.
 *
 * They are handed out by epochs (epoch.h).  A batch that stopped for its time
 * leaves the rest of its epoch out; one that an iteration ended leaves a rest
 * that is handed out next.  A systematic strategy goes on where it was,
 * whatever ended its batch.  So the schedule of an iteration depends on its
 * number alone, and of --iterations each is run once, whoever runs them.
 */
#ifndef SNAG_CAMPAIGN_EXPLORING_H
#define SNAG_CAMPAIGN_EXPLORING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"

struct exploring {
	struct exploring_rest {
		uint64_t first, end;
	} *rests; /* of epochs: one a batch in flight at most */
	size_t rest_count, rest_room;
	bool is_one_by_one; /* what one batch tells decides on the next ... */
	int worker;        /* ... and is in the host of this one; -1: of none */
	bool is_exhausted; /* every schedule was run */
};

/* For so many batches in flight at once, of that strategy. */
struct exploring *exploring_new(struct arena *arena, unsigned batches,
				const char *strategy);
/* Is there anything to hand out?  next: of the cell; wanted: iterations in
 * all, UINT64_MAX for no end. */
bool exploring_has_next(const struct exploring *exploring, uint64_t next,
			uint64_t wanted, unsigned batches_in_flight);
/* What is handed out next. */
void exploring_next(const struct exploring *exploring, uint64_t next,
		    uint64_t wanted, uint64_t *first, uint64_t *count);
/* It was handed out: returns the cell's new `next`. */
uint64_t exploring_take(struct exploring *exploring, uint64_t next,
			uint64_t first, uint64_t count);
/* Iterations first to end of a batch were not run, and are to be. */
void exploring_leave(struct exploring *exploring, uint64_t first, uint64_t end);

#endif
