/*
 * minimise.h - the fewest context switches that still show the same.
 *
 * Schedules are tried one after another on one host: without an end, with
 * turns of a thread brought together, in pieces from large to small (Zeller,
 * Hildebrandt: Simplifying and isolating failure-inducing input, 2002).  What
 * comes out cannot be made less by any one such change; it need not be the
 * least there is.
 */
#ifndef SNAG_CAMPAIGN_MINIMISE_H
#define SNAG_CAMPAIGN_MINIMISE_H

#include "campaign/rerun.h"

struct minimise_limits {
	uint64_t time_ms, tries;
};

struct minimised {
	struct schedule_turn *turns; /* the arena's */
	size_t turn_count;
	uint64_t switches_before, switches;
	uint64_t preemptions_before, preemptions;
	uint64_t tries, time_ms;
	bool is_cut; /* a limit was reached */
	/* Steps, from 1, of which the first before the second decides; 0: none
	 * was found, every order of the threads shows it. */
	uint64_t first, second;
};

/* False: the schedule does not show what it was kept for (EXIT_FINDING), or
 * our trouble. */
bool minimise(struct rerun *rerun, const struct schedule *schedule,
	      const struct minimise_limits *limits, struct arena *arena,
	      struct minimised *out, struct err *err);

#endif
