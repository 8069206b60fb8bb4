/*
 * A work-stealing deque of three tasks: the owner takes at the bottom, a thief
 * steals at the top.
 *
 * Broken: the owner takes the last task without asking whether a thief is at
 * it.  Between the thief's look at bottom and its exchange of top the owner can
 * take the same task; all accesses are sequentially consistent, and it takes no
 * weak memory.  Right: the last task is claimed by the same exchange.
 */
#include "kernels.h"

enum { TASKS = 3 };

struct deque {
	atomic_int top, bottom;
	atomic_int runs[TASKS];
};

static bool fill(struct snag_run *run, void *state)
{
	struct deque *deque = state;

	(void)run;
	atomic_init(&deque->bottom, TASKS);
	return true;
}

static bool claim_top(struct deque *deque, int top)
{
	return atomic_compare_exchange_strong(&deque->top, &top, top + 1);
}

/* A task, or -1. */
static int take(struct deque *deque, bool is_last_claimed)
{
	int bottom = atomic_load(&deque->bottom) - 1, top;

	atomic_store(&deque->bottom, bottom);
	top = atomic_load(&deque->top);
	if (top < bottom)
		return bottom;
	if (top > bottom || (is_last_claimed && !claim_top(deque, top))) {
		atomic_store(&deque->bottom, bottom + 1);
		return -1;
	}
	/* The last one: empty from here on. */
	atomic_store(&deque->bottom, bottom + 1);
	if (!is_last_claimed)
		atomic_store(&deque->top, top + 1);
	return bottom;
}

static int steal(struct deque *deque)
{
	int top = atomic_load(&deque->top);
	int bottom = atomic_load(&deque->bottom);

	return top < bottom && claim_top(deque, top) ? top : -1;
}

static void take_all(struct deque *deque, bool is_last_claimed)
{
	int task;

	while ((task = take(deque, is_last_claimed)) >= 0)
		atomic_fetch_add(&deque->runs[task], 1);
}

static void own_unclaimed(struct snag_self *self, void *state)
{
	(void)self;
	take_all(state, false);
}

static void own_claimed(struct snag_self *self, void *state)
{
	(void)self;
	take_all(state, true);
}

static void rob(struct snag_self *self, void *state)
{
	struct deque *deque = state;

	(void)self;
	for (int i = 0; i < 2; i++) {
		int task = steal(deque);

		if (task >= 0)
			atomic_fetch_add(&deque->runs[task], 1);
	}
}

/* A thief whose exchange failed may leave the rest to the owner, who takes
 * until nothing is left: none is missed. */
static void check(struct snag_run *run, void *state)
{
	struct deque *deque = state;
	const char *outcome = "once";

	for (int i = 0; i < TASKS; i++) {
		if (deque->runs[i] > 1)
			outcome = "twice";
		else if (deque->runs[i] == 0)
			outcome = "missed";
	}
	snag_outcome(run, "%s", outcome);
}

SNAG_SCENARIO(kernels, steal_last) = {
	.summary = "owner and thief both take the last task of a deque",
	.refs = {"D. Chase and Y. Lev, Dynamic Circular Work-Stealing Deque, "
		 "SPAA 2005"},
	.tags = "kernel lockfree deque",
	.practice = SNAG_ATOMICS,
	.lesson = "The owner lowers bottom and then looks at top. If more than "
		  "one task is left, no thief can reach its own; at the last "
		  "one a thief may already have looked at bottom, and only its "
		  "exchange of top is still to come. Owner and thief must then "
		  "claim the task by the same exchange, so that one loses.",
	.expect = SNAG_BLIND,
	.state_size = sizeof(struct deque),
	.setup = fill,
	.roles = {{"owner", own_unclaimed, 1}, {"thief", rob, 1}},
	.check = check,
	.outcomes = {KERNEL_BUG("twice", "atomicity-violation",
				"owner and thief both ran the last task"),
		     KERNEL_FINE("once", "they did not meet at the last one")},
};

SNAG_SCENARIO(kernels, steal_claimed) = {
	.summary = "owner and thief claim the last task by one exchange",
	.repairs = "kernels/steal_last",
	.tags = "kernel lockfree deque",
	.practice = SNAG_ATOMICS,
	.lesson = "Whoever exchanges top has the task; the other one's "
		  "exchange fails.",
	.expect = SNAG_CLEAN,
	.state_size = sizeof(struct deque),
	.setup = fill,
	.roles = {{"owner", own_claimed, 1}, {"thief", rob, 1}},
	.check = check,
	.outcomes = {KERNEL_ALWAYS("once", "one exchange, one winner")},
};
