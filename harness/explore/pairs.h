/* pairs.h - reads-from pairs: see pairs.c. */
#ifndef SNAG_EXPLORE_PAIRS_H
#define SNAG_EXPLORE_PAIRS_H

#include "explore/event.h"

/* Before an iteration, the in_batch-th of its batch.  They are noted in the
 * first ones and then in a share, or always where they are wanted. */
void pairs_begin(uint64_t in_batch, bool wanted);
bool pairs_are_on(void);
/* A memory event that happens now. */
void pairs_note(const struct event *event);

#endif
