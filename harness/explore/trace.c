/*
 * Every event of an iteration, written down for a person (snag replay
 * --trace).
 */
#include "explore/trace.h"

#include <string.h>

#include "explore/world_part.h"

static bool is_on;
static uint64_t last_of[WORLD_MAX_NUMBERS]; /* by thread: index plus one */

void trace_init(bool wanted)
{
	is_on = wanted;
}

bool trace_is_on(void)
{
	return is_on;
}

void trace_begin(void)
{
	explore_shared->trace_count = 0;
	for (unsigned i = 0; is_on && i < WORLD_MAX_NUMBERS; i++)
		last_of[i] = 0;
}

static struct snag_trace_event *push(unsigned thread, const struct event *e)
{
	uint64_t n = explore_shared->trace_count++;
	struct snag_trace_event *out;

	if (n >= SNAG_TRACE_EVENTS)
		return NULL;
	out = &explore_shared->trace[n];
	*out = (struct snag_trace_event){.pc = e->pc,
					 .address = e->address,
					 .size = e->size,
					 .thread = (uint16_t)thread,
					 .kind = e->kind};
	return out;
}

static void note_name(unsigned thread)
{
	if (thread < SNAG_TRACE_NAMES)
		memcpy(explore_shared->trace_names[thread],
		       world_thread(thread)->name, SNAG_THREAD_NAME);
}

void trace_event(unsigned thread, const struct event *e, bool is_choice)
{
	struct snag_trace_event *out = push(thread, e);

	if (e->kind == SNAG_EVENT_BEGIN)
		note_name(thread);
	if (!out)
		return;
	out->is_choice = is_choice;
	last_of[thread] = explore_shared->trace_count;
}

void trace_wait(unsigned thread, const struct event *e)
{
	struct snag_trace_event *out = push(thread, e);

	if (out)
		out->is_blocked = 1;
}

void trace_settle(unsigned thread, uint64_t value)
{
	uint64_t n = last_of[thread];

	if (!n)
		return;
	explore_shared->trace[n - 1].value = value;
	explore_shared->trace[n - 1].has_value = 1;
}

void trace_report(unsigned thread, uint32_t signature)
{
	uint64_t n = last_of[thread];

	if (!n)
		return;
	explore_shared->trace[n - 1].is_reported = 1;
	explore_shared->trace[n - 1].signature = signature;
}
