/*
 * collect.h - what a batch left in its table and its text, into the result.
 *
 * The table is hostile: a program with a wild pointer may have written it.
 * Every count and index is checked; what makes no sense is dropped and counted.
 */
#ifndef SNAG_CAMPAIGN_COLLECT_H
#define SNAG_CAMPAIGN_COLLECT_H

#include "campaign/state.h"

/* Takes in an ended batch (or, is_lost, one whose host died), and says what
 * became of the worker's cell.  True when something new was seen. */
bool collect_batch(struct campaign *campaign, struct worker *worker,
		   bool is_lost);
/* The stacks of a batch that will not go on, before it is ended. */
void collect_stacks(struct campaign *campaign, struct worker *worker,
		    enum ended_by why);

#endif
