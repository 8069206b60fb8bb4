/*
 * Steers two places of the code into each other: a thread that is about to do
 * what stands at a target is held back until another is about to do what
 * conflicts with it, and then either goes first (Sen: Race directed random
 * testing, PLDI 2008).  Of locks, threads are held back at the second lock of
 * a cycle until all that it takes are there (Joshi et al.: A randomized
 * dynamic program analysis technique for detecting real deadlocks, PLDI 2009).
 * A quarter of the iterations goes without, and where nobody else can run, one
 * is let go.
 */
#include "explore/target.h"
#include "strategy/members.h"

struct target {
	uint64_t random;
	bool is_free;                       /* this iteration goes without */
	bool is_released[STRATEGY_THREADS]; /* until its event is over */
	unsigned released_count;
	uint16_t released[STRATEGY_THREADS];
};

static bool target_init(void *state, const char *argument)
{
	(void)state;
	return !argument;
}

static void forget_released(struct target *t)
{
	while (t->released_count)
		t->is_released[t->released[--t->released_count]] = false;
}

static void target_begin(void *state, uint64_t seed)
{
	struct target *t = state;

	t->random = seed;
	t->is_free = strategy_below(&t->random, 4) == 0;
	forget_released(t);
}

static bool is_held(const struct target *t, const struct strategy_view *view,
		    unsigned thread)
{
	return !t->is_free && !t->is_released[thread] &&
	       target_of(&view->pending[thread]) >= 0;
}

static bool is_lock(const struct event *e)
{
	return e->kind == SNAG_EVENT_LOCK || e->kind == SNAG_EVENT_READ_LOCK;
}

/* Two that are held, and whose order matters.  Locks that both can have close
 * no cycle yet: those who take the others are waited for. */
static bool do_meet(const struct event *a, const struct event *b)
{
	return !is_lock(a) && !is_lock(b) && event_conflicts(a, b);
}

static void release(struct target *t, unsigned thread)
{
	t->is_released[thread] = true;
	t->released[t->released_count++] = (uint16_t)thread;
}

/* -1: nobody meets. */
static int pick_meeting(struct target *t, const struct strategy_view *view)
{
	for (unsigned i = 0; i < view->runnable_count; i++) {
		unsigned a = view->runnable[i];

		for (unsigned k = 0; is_held(t, view, a) && k < i; k++) {
			unsigned b = view->runnable[k];

			if (!is_held(t, view, b) ||
			    !do_meet(&view->pending[a], &view->pending[b]))
				continue;
			release(t, a);
			release(t, b);
			return (int)(strategy_below(&t->random, 2) ? i : k);
		}
	}
	return -1;
}

static unsigned target_next(void *state, const struct strategy_view *view)
{
	struct target *t = state;
	unsigned free_count = 0, chosen;
	int meeting;

	/* The other half of a meeting goes at once. */
	for (unsigned i = 0; i < view->runnable_count; i++)
		if (t->is_released[view->runnable[i]])
			return i;
	meeting = pick_meeting(t, view);
	if (meeting >= 0)
		return (unsigned)meeting;
	for (unsigned i = 0; i < view->runnable_count; i++)
		free_count += !is_held(t, view, view->runnable[i]);
	if (!free_count) {
		chosen = strategy_below(&t->random, view->runnable_count);
		release(t, view->runnable[chosen]);
		return chosen;
	}
	chosen = strategy_below(&t->random, free_count);
	for (unsigned i = 0; i < view->runnable_count; i++)
		if (!is_held(t, view, view->runnable[i]) && !chosen--)
			return i;
	return 0;
}

static void target_event(void *state, const struct strategy_view *view,
			 unsigned thread)
{
	struct target *t = state;

	(void)view;
	if (!t->is_released[thread])
		return;
	t->is_released[thread] = false;
	for (unsigned i = 0; i < t->released_count; i++)
		if (t->released[i] == thread)
			t->released[i] = t->released[--t->released_count];
}

const struct strategy strategy_target = {
	.name = "target",
	.paper = "Sen, PLDI 2008; Joshi et al., PLDI 2009",
	.state_bytes = sizeof(struct target),
	.init = target_init,
	.begin = target_begin,
	.next = target_next,
	.event = target_event,
};
