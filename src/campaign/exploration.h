/*
 * exploration.h - what the batches of one cell of explore came to.
 *
 * Sets and counts do not depend on the order in which batches come back: what
 * is known after so many iterations is kept for each epoch by itself, and put
 * together at the end.
 */
#ifndef SNAG_CAMPAIGN_EXPLORATION_H
#define SNAG_CAMPAIGN_EXPLORATION_H

#include <snag/wire_explore.h>

#include "base/arena.h"
#include "model/explored.h"

enum { EXPLORATION_EPOCHS = 24 }; /* the last one has all that come later */

struct exploration {
	struct explored sum;
	uint64_t uncontrolled[SNAG_UNCONTROLLED_KINDS];
	struct exploration_epoch {
		uint64_t iterations;
		uint8_t pairs[SNAG_PAIR_BITS / 8];
		uint8_t distinct[SNAG_DISTINCT_REGISTERS];
	} *epochs[EXPLORATION_EPOCHS]; /* NULL: nothing of it ran */
};

/* Takes a batch that began with that iteration and ran so many; false when
 * what it left cannot be true, and nothing is taken. */
bool exploration_take(struct exploration *exploration, struct arena *arena,
		      const struct snag_explore *from, uint64_t first,
		      uint64_t ran);
/* The sum of all; the arena's. */
struct explored *exploration_settle(const struct exploration *exploration,
				    struct arena *arena);

#endif
