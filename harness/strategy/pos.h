/*
 * pos.h - a priority for each pending event, for strategies that build on it.
 *
 * A priority of 0 is not drawn yet: the thread's pending event is new, or
 * must compete again.
 */
#ifndef SNAG_STRATEGY_POS_H
#define SNAG_STRATEGY_POS_H

#include "strategy/members.h"

struct pos {
	uint64_t random;
	unsigned known;
	uint64_t priority[STRATEGY_THREADS];
};

void pos_begin(struct pos *pos, uint64_t seed);
/* To be called first of all by `next` and `event`: new threads. */
void pos_meet(struct pos *pos, const struct strategy_view *view);
/* To be called next by `next`: a thread that waits lets everybody compete
 * again. Whoever drew least would else be passed over, by threads that wait for
 * it in loops, for as long as it takes until they draw less. */
static inline void pos_be_fair(struct pos *pos,
			       const struct strategy_view *view)
{
	if (!view->is_last_waiting)
		return;
	for (unsigned i = 0; i < view->runnable_count; i++)
		pos->priority[view->runnable[i]] = 0;
}
/* The thread performs its event: those that conflict with it draw again. */
void pos_perform(struct pos *pos, const struct strategy_view *view,
		 unsigned thread);

static inline uint64_t pos_draw(struct pos *pos)
{
	return strategy_random(&pos->random) | 1;
}

#endif
