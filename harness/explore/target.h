/*
 * target.h - the places in the code that a report named, and what was seen
 * there: struct snag_confirm says what a meeting is.
 */
#ifndef SNAG_EXPLORE_TARGET_H
#define SNAG_EXPLORE_TARGET_H

#include "explore/event.h"

/* Places in the program's image; 0: none.  Those beyond SNAG_TARGETS are
 * passed over. */
void target_set(const struct snag_target *targets, uint32_t count);
bool target_is_on(void);
/* The side of the target that the event is at; -1: none. */
int target_of(const struct event *event);

/* meeting.c, all into explore_shared->confirm.  Before an iteration; the event
 * happens now; it is over; nobody can go on, and explore_shared->stuck says
 * so. */
void target_begin_iteration(void);
void target_perform(unsigned thread, const struct event *event);
void target_settle(unsigned thread, const struct event *event);
void target_stuck(void);
/* It came to the outcome of that index.  True: no iteration with a meeting has
 * come to it before. */
bool target_end_iteration(uint32_t outcome);

#endif
