/*
 * watch.h - is a batch still getting on, and within its bounds?
 *
 * A deadlock is told from a slow run by what the threads do, not by the clock:
 * all of them asleep in a futex without time limit, no processor used and no
 * switch made between two looks.  A hang is an iteration that uses more
 * processor time than its limit, or that sleeps (elsewhere than in a futex)
 * that long without using any.  Memory and processes are polled, since
 * ThreadSanitizer cannot live with RLIMIT_AS.
 */
#ifndef SNAG_CAMPAIGN_WATCH_H
#define SNAG_CAMPAIGN_WATCH_H

#include "campaign/worker.h"

struct watch_limits {
	uint64_t iteration_ms; /* of processor time, one iteration */
	uint64_t rss_bytes;    /* of the batch and its descendants */
	unsigned processes;    /* descendants of a batch           */
};

/* ENDED_BY_ITSELF: nothing is wrong. */
enum ended_by watch_look(struct worker *worker,
			 const struct watch_limits *limits);

#endif
