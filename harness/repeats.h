/*
 * repeats.h - races that this process has reported before.
 *
 * ThreadSanitizer makes a whole report, with its symbols, locations and
 * threads, before it asks the hook.  Just before, it compares the race's two
 * stacks with those reported so far (suppress_equal_stacks=1), by a hash that
 * it gets from here: where nothing of the report is wanted but that it was
 * made, the stacks are said to be equal, and it is counted.  Under explore
 * alone, which makes as many reports as schedules; else no two are equal.
 */
#ifndef SNAG_REPEATS_H
#define SNAG_REPEATS_H

#include <stdint.h>

/* The race of which the hook is told; 0: it cannot be known again.  Asked once
 * a report. */
uint64_t repeats_take(void);
/* It has that signature, no more of its texts are wanted, and the memory is on
 * the heap: from now hook_count_repeat() is called for it. */
void repeats_learn(uint64_t race, uint32_t signature);

#endif
