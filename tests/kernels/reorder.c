/*
 * Setters write a and then b; a checker reads a and then b.
 *
 * Broken: after the first write to a and before any write to b, the checker
 * must read both.  Any setter that runs in between closes the gap for good, so
 * the more there are, the fewer orders show it.  Right: b is written first.
 */
#include "kernels.h"

struct pair {
	atomic_int a, b;
	int seen_a, seen_b; /* by the checker */
};

static void set_a_first(struct snag_self *self, void *state)
{
	struct pair *pair = state;

	(void)self;
	kernel_store(&pair->a, 1);
	kernel_store(&pair->b, -1);
}

/* Whoever sees a has what was written before it. */
static void set_b_first(struct snag_self *self, void *state)
{
	struct pair *pair = state;

	(void)self;
	kernel_store(&pair->b, -1);
	atomic_store_explicit(&pair->a, 1, memory_order_release);
}

static void look(struct snag_self *self, void *state)
{
	struct pair *pair = state;

	(void)self;
	pair->seen_a = atomic_load_explicit(&pair->a, memory_order_acquire);
	pair->seen_b = kernel_load(&pair->b);
}

static void check(struct snag_run *run, void *state)
{
	const struct pair *pair = state;
	bool is_half = pair->seen_a == 1 && pair->seen_b == 0;

	snag_outcome(run, is_half ? "half" : "whole");
}

#define REORDER(threads_, tags_)                                              \
	SNAG_SCENARIO(kernels, reorder_##threads_) = {                        \
		.summary = "a checker between two writes of " #threads_       \
			   " setters",                                        \
		.tags = "kernel atomics " tags_,                              \
		.practice = SNAG_ATOMICS,                                     \
		.lesson =                                                     \
			"set_a_first makes the pair valid in two steps, and " \
			"look may come in between. Each access is atomic; "   \
			"the pair is not. The state lasts only from the "     \
			"first write to a until the first write to b, "       \
			"whoever does it. Write what is announced before "    \
			"the announcement, with release, and read it after, " \
			"with acquire.",                                      \
		.expect = SNAG_BLIND,                                         \
		.state_size = sizeof(struct pair),                            \
		.roles = {{"setter", set_a_first, threads_},                  \
			  {"checker", look, 1}},                              \
		.check = check,                                               \
		.outcomes =                                                   \
			{                                                     \
				KERNEL_BUG("half", "atomicity-violation",     \
					   "the checker saw a written and b " \
					   "not"),                            \
				KERNEL_FINE("whole",                          \
					    "no read fell in the gap"),       \
			},                                                    \
	}

REORDER(1, "exhaustible");
REORDER(3, "");
REORDER(10, "");
REORDER(50, "");
REORDER(100, "");

SNAG_SCENARIO(kernels, reorder_published) = {
	.summary = "a checker beside setters that announce last",
	.repairs = "kernels/reorder_10",
	.tags = "kernel atomics",
	.practice = SNAG_ATOMICS,
	.lesson = "b is written before a, and read after it: a checker that "
		  "sees a has that setter's b, in every order.",
	.expect = SNAG_CLEAN,
	.state_size = sizeof(struct pair),
	.roles = {{"setter", set_b_first, 10}, {"checker", look, 1}},
	.check = check,
	.outcomes = {KERNEL_ALWAYS("whole", "a is written after b")},
};
