#include "strategy/pos.h"

void pos_begin(struct pos *pos, uint64_t seed)
{
	pos->random = seed;
	pos->known = 0;
}

void pos_meet(struct pos *pos, const struct strategy_view *view)
{
	for (; pos->known < view->thread_count; pos->known++)
		pos->priority[pos->known] = 0;
}

void pos_perform(struct pos *pos, const struct strategy_view *view,
		 unsigned thread)
{
	const struct event *e = &view->pending[thread];

	pos->priority[thread] = 0;
	if (!e->address)
		return;
	for (unsigned i = 0; i < view->runnable_count; i++) {
		unsigned t = view->runnable[i];

		if (event_conflicts(e, &view->pending[t]))
			pos->priority[t] = 0;
	}
}

static void begin(void *state, uint64_t seed)
{
	pos_begin(state, seed);
}

static unsigned next(void *state, const struct strategy_view *view)
{
	struct pos *pos = state;
	uint64_t highest = 0;
	unsigned best = 0;

	pos_meet(pos, view);
	pos_be_fair(pos, view);
	for (unsigned i = 0; i < view->runnable_count; i++) {
		uint64_t *priority = &pos->priority[view->runnable[i]];

		if (!*priority)
			*priority = pos_draw(pos);
		if (*priority > highest) {
			highest = *priority;
			best = i;
		}
	}
	return best;
}

static void event(void *state, const struct strategy_view *view,
		  unsigned thread)
{
	pos_meet(state, view);
	pos_perform(state, view, thread);
}

const struct strategy strategy_pos = {
	.name = "pos",
	.paper = "Yuan, Yang, Gu: Partial order aware concurrency sampling, "
		 "CAV 2018",
	.state_bytes = sizeof(struct pos),
	.begin = begin,
	.next = next,
	.event = event,
};
