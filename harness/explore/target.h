/*
 * target.h - the places in the code that a report named, and what was seen
 * there.
 */
#ifndef SNAG_EXPLORE_TARGET_H
#define SNAG_EXPLORE_TARGET_H

#include "explore/event.h"

/* "1a2b,3c4d": offsets in the program's image, in hexadecimal, of calls (an
 * event's pc is where they return to).  False: that is none. */
bool target_set(const char *text);
/* Is any set? */
bool target_is_on(void);
/* The index of the target that the event is at; -1: none. */
int target_of(const struct event *event);

/* Before an iteration; and: the thread's event is over, and left this. */
void target_begin_iteration(void);
void target_settle(unsigned thread, const struct event *event, uint64_t value);

#endif
