/* trace.h - the events of an iteration, for a person: see trace.c. */
#ifndef SNAG_EXPLORE_TRACE_H
#define SNAG_EXPLORE_TRACE_H

#include "explore/event.h"

void trace_init(bool wanted);
bool trace_is_on(void);
void trace_begin(void);
/* What a thread does now; what it would do and cannot; what was in the memory
 * after its last event; that a report was made in it. */
void trace_event(unsigned thread, const struct event *event, bool is_choice);
void trace_wait(unsigned thread, const struct event *event);
void trace_settle(unsigned thread, uint64_t value);
void trace_report(unsigned thread, uint32_t signature);

#endif
