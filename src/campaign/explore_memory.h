/*
 * explore_memory.h - the memory file that an exploring batch writes to.
 *
 * Megabytes, of which a batch touches little: what nobody wrote costs nothing,
 * and a reset clears no more than the counts that say how much is there.  As
 * with the table, what is read from it may be anything: counts are to be
 * bounded by whoever uses them.
 */
#ifndef SNAG_CAMPAIGN_EXPLORE_MEMORY_H
#define SNAG_CAMPAIGN_EXPLORE_MEMORY_H

#include <snag/wire_explore.h>

#include "base/err.h"

/* *fd is -1 and *memory NULL on failure. */
bool explore_memory_make(int *fd, struct snag_explore **memory,
			 struct err *err);
void explore_memory_free(int *fd, struct snag_explore **memory);
/* Nothing is known yet of the batch that is ordered. */
void explore_memory_reset(struct snag_explore *memory);

#endif
