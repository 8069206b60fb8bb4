/*
 * tally.h - what a batch's iterations came to, in shared memory.
 */
#ifndef SNAG_EXPLORE_TALLY_H
#define SNAG_EXPLORE_TALLY_H

#include <stdint.h>

struct strategy_end;

/* By what stands there: the iteration may have been run by a child that is
 * gone. */
void tally_iteration(void);
/* The place of that strategy's counts; where there is none left, the first. */
uint32_t tally_index(const char *strategy);
void tally_strategy(uint32_t index, const struct strategy_end *end);

#endif
