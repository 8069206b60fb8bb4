/*
 * explored.h - what a run under explore came to, beside what it showed.
 *
 * Counts are of all its iterations together.  Distinct schedules are an
 * estimate (base/distinct.h); pairs of a write and a read that saw it are
 * counted in 65,536 places, so that many of them are at most that.
 */
#ifndef SNAG_MODEL_EXPLORED_H
#define SNAG_MODEL_EXPLORED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct explored_strategy {
	const char *name;
	uint64_t schedules, new_pairs, news; /* news: of findings, outcomes */
};

/* What the program did and explore does not control, and how often. */
struct explored_uncontrolled {
	const char *name; /* "raw-futex" */
	uint64_t count;
};

/* How much had been seen after so many iterations. */
struct explored_growth {
	uint64_t iterations, schedules, pairs;
};

struct explored {
	uint64_t seed;
	uint64_t distinct, pairs;
	uint64_t steps, switches, preemptions;
	uint64_t most_steps, most_preemptions; /* of one iteration */
	unsigned most_threads;                 /* with main */
	bool is_exhausted;                     /* every schedule was run */
	const char *divergence; /* the first schedule, run twice, differed:
				   where; NULL: it did not */
	struct explored_strategy *strategies;
	size_t strategy_count;
	struct explored_uncontrolled *uncontrolled;
	size_t uncontrolled_count;
	struct explored_growth *growth;
	size_t growth_count;
};

/* The schedule of the iteration that first showed something. */
struct kept {
	const char *file; /* of it, below the result's folder; NULL: none */
	const char *strategy;
	unsigned threads;         /* as asked for */
	uint64_t seed, iteration; /* from 1 */
	bool is_cut;              /* the text, not the file, is its beginning */
};

#endif
