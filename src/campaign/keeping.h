/*
 * keeping.h - the schedules of first sights.
 *
 * Of each finding the one of the first run, and of that the lowest iteration,
 * that showed it; of each outcome of a run that of its lowest iteration; of
 * what a finding did when it was steered into, that which confirm chose.
 * Which batch came back first decides nothing.  What is too much to keep is
 * counted, and said in a note.
 */
#ifndef SNAG_CAMPAIGN_KEEPING_H
#define SNAG_CAMPAIGN_KEEPING_H

#include <snag/wire_explore.h>
#include <stdbool.h>

#include "base/arena.h"

struct campaign;

struct keeping_one {
	const char *name; /* fingerprint, or outcome */
	bool is_outcome;
	/* Of a finding: not its first sight, but of that outcome when it was
	 * steered into; or NULL. */
	const char *effect;
	size_t cell;
	uint64_t iteration; /* from 0 */
	const char *strategy;
	struct snag_turn *turns;
	uint32_t count, room;
	bool is_cut;
};

struct keeping {
	struct keeping_one *ones;
	size_t count;
	uint64_t turns; /* of them all */
	uint64_t dropped;
};

/* Of the campaign's cell; turns are copied if they are an earlier sight. */
void keeping_add(struct campaign *campaign, const struct keeping_one *one);
/* Writes them to files below the folder, and into what they are of. */
void keeping_settle(struct campaign *campaign, const char *folder);

#endif
