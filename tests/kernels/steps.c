/*
 * A reader that must run exactly once after each write of another thread; and
 * a race that is only to be seen in some orders.
 */
#include "kernels.h"

enum { MAX_STEPS = 8 };

struct stairs {
	atomic_int step;
	int seen[MAX_STEPS];
};

static void climb(struct stairs *stairs, int steps)
{
	for (int i = 1; i <= steps; i++)
		kernel_store(&stairs->step, i);
}

static void watch(struct stairs *stairs, int steps)
{
	for (int i = 0; i < steps - 1; i++)
		stairs->seen[i] = kernel_load(&stairs->step);
}

/* Has each step but the last been seen, in turn? */
static void check_steps(struct snag_run *run, const struct stairs *stairs,
			int steps)
{
	char text[MAX_STEPS + 1] = "";

	for (int i = 0; i < steps - 1; i++)
		text[i] = (char)('0' + stairs->seen[i]);
	snag_outcome(run, "saw %s", text);
}

#define STEPS(count_, seen_, tags_)                                            \
	static void climb_##count_(struct snag_self *self, void *state)        \
	{                                                                      \
		(void)self;                                                    \
		climb(state, count_);                                          \
	}                                                                      \
	static void watch_##count_(struct snag_self *self, void *state)        \
	{                                                                      \
		(void)self;                                                    \
		watch(state, count_);                                          \
	}                                                                      \
	static void check_##count_(struct snag_run *run, void *state)          \
	{                                                                      \
		check_steps(run, state, count_);                               \
	}                                                                      \
	SNAG_SCENARIO(kernels, steps_##count_) = {                             \
		.summary = "a reader once between each of " #count_ " writes", \
		.tags = "kernel atomics " tags_,                               \
		.practice = SNAG_ATOMICS,                                      \
		.lesson = "The reader believes that it misses steps, since "   \
			  "the writer is faster; only if the two take turns "  \
			  "all the way does it see every one. Most schedules " \
			  "leave a thread alone for longer.",                  \
		.expect = SNAG_BLIND,                                          \
		.state_size = sizeof(struct stairs),                           \
		.roles = {{"climber", climb_##count_, 1},                      \
			  {"watcher", watch_##count_, 1}},                     \
		.check = check_##count_,                                       \
		.outcomes =                                                    \
			{                                                      \
				KERNEL_BUG("saw " seen_, NULL,                 \
					   "the two took turns all the way"),  \
				KERNEL_FINE("*",                               \
					    "one of them ran on for a while"), \
			},                                                     \
	}

STEPS(4, "123", "exhaustible");
STEPS(8, "1234567", "");

/* ---- atomic, plain, atomic ---- */

struct mixed {
	atomic_int guard;
	int plain;
};

static void add_between_atomics(struct snag_self *self, void *state)
{
	struct mixed *mixed = state;

	(void)self;
	atomic_fetch_add(&mixed->guard, 1);
	mixed->plain++;
	atomic_fetch_add(&mixed->guard, 1);
}

static void add_atomically(struct snag_self *self, void *state)
{
	struct mixed *mixed = state;

	(void)self;
	atomic_fetch_add(&mixed->guard, 1);
	__atomic_fetch_add(&mixed->plain, 1, __ATOMIC_RELAXED);
	atomic_fetch_add(&mixed->guard, 1);
}

static void check_mixed(struct snag_run *run, void *state)
{
	const struct mixed *mixed = state;

	snag_outcome(run, mixed->plain == 2 ? "both" : "lost");
}

SNAG_SCENARIO(kernels, atomic_plain_atomic) = {
	.summary = "a plain increment between two atomic ones",
	.tags = "kernel atomics counter exhaustible",
	.practice = SNAG_ATOMICS,
	.lesson = "Nothing keeps the two plain increments apart. But when one "
		  "thread has done all of its steps before the other begins, "
		  "the atomic ones order them, and ThreadSanitizer finds "
		  "nothing wrong with that run: it judges what happened, not "
		  "what may. On real threads that is nearly always so.",
	.expect = SNAG_BROKEN,
	.state_size = sizeof(struct mixed),
	.roles = {{"adder", add_between_atomics, 2}},
	.check = check_mixed,
	.reports = {{.kind = SNAG_DATA_RACE,
		     .cause = "lost-update",
		     .grade = SNAG_REQUIRED,
		     .between = {"add_between_atomics", "add_between_atomics"},
		     .why = "both were past their first atomic increment",
		     .engines = SNAG_EXPLORE}},
	.outcomes = {KERNEL_BUG("lost", "lost-update",
				"both read before one wrote"),
		     KERNEL_FINE("both", "one came after the other")},
};

SNAG_SCENARIO(kernels, atomic_throughout) = {
	.summary = "three atomic increments",
	.repairs = "kernels/atomic_plain_atomic",
	.tags = "kernel atomics counter exhaustible",
	.practice = SNAG_ATOMICS,
	.lesson = "The increment itself is one step.",
	.expect = SNAG_CLEAN,
	.state_size = sizeof(struct mixed),
	.roles = {{"adder", add_atomically, 2}},
	.check = check_mixed,
	.outcomes = {KERNEL_ALWAYS("both", "no increment is lost")},
};
