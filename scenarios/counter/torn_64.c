/*
 * Torn access: a 64-bit tick counter is advanced as two 32-bit halves, as code
 * for small machines does it, and read as one 64-bit word.  A reader that comes
 * between the two halves sees a value that never was.  Right with one atomic
 * 64-bit word.
 */
#include <snag/scenario.h>

#include <stdatomic.h>

enum { READS = 4 };

#define BEFORE UINT64_C(0x00000000ffffffff) /* the next tick carries over */
#define AFTER UINT64_C(0x0000000100000000)

/* Little-endian: the low half comes first. */
union ticks {
	uint64_t whole;
	struct {
		uint32_t low, high;
	};
};

struct split_clock {
	union ticks now;
	atomic_bool torn; /* did any reader see what never was? */
};

struct whole_clock {
	_Atomic uint64_t now;
	atomic_bool torn;
};

static void note(uint64_t seen, atomic_bool *torn)
{
	if (seen != BEFORE && seen != AFTER)
		atomic_store_explicit(torn, true, memory_order_relaxed);
}

/* Broken: two halves. */

static bool setup_split(struct snag_run *run, void *state)
{
	struct split_clock *clock = state;

	(void)run;
	clock->now.whole = BEFORE;
	return true;
}

static void tick_by_halves(struct snag_self *self, void *state)
{
	union ticks *now = &((struct split_clock *)state)->now;

	(void)self;
	now->low++;
	if (now->low == 0)
		now->high++;
}

__attribute__((noinline)) static uint64_t read_whole(const union ticks *now)
{
	return now->whole;
}

static void watch_split(struct snag_self *self, void *state)
{
	struct split_clock *clock = state;

	for (int i = 0; i < READS; i++) {
		note(read_whole(&clock->now), &clock->torn);
		snag_point(self);
	}
}

static void check_split(struct snag_run *run, void *state)
{
	struct split_clock *clock = state;

	snag_outcome(run, atomic_load(&clock->torn) ? "torn" : "whole");
}

/* Repaired: one atomic word. */

static bool setup_whole(struct snag_run *run, void *state)
{
	struct whole_clock *clock = state;

	(void)run;
	atomic_init(&clock->now, BEFORE);
	return true;
}

static void tick_whole(struct snag_self *self, void *state)
{
	struct whole_clock *clock = state;

	(void)self;
	atomic_fetch_add_explicit(&clock->now, 1, memory_order_relaxed);
}

static void watch_whole(struct snag_self *self, void *state)
{
	struct whole_clock *clock = state;

	for (int i = 0; i < READS; i++) {
		note(atomic_load_explicit(&clock->now, memory_order_relaxed),
		     &clock->torn);
		snag_point(self);
	}
}

static void check_whole(struct snag_run *run, void *state)
{
	struct whole_clock *clock = state;

	snag_outcome(run, atomic_load(&clock->torn) ? "torn" : "whole");
}

SNAG_SCENARIO(counter, torn_64) = {
	.summary = "a 64-bit clock is advanced in two 32-bit halves",
	.refs = {"C11 5.1.2.4p25", "CWE-366"},
	.tags = "counter torn halves",
	.practice = SNAG_ATOMICS,
	.lesson = "The clock stands at 0x00000000ffffffff, and one tick must "
		  "make it 0x0000000100000000. tick_by_halves first stores the "
		  "low half and then carries into the high one. A reader "
		  "between these two lines loads 0: a time that never was, "
		  "four thousand million ticks in the past. The compiler does "
		  "the same unasked where a machine has no 64-bit store, and "
		  "may do so anywhere for a plain variable. counter/whole_64 "
		  "makes the clock one atomic word, which is written and read "
		  "in one piece on every machine.",
	.in_python =
		"A single reference is never torn. Two attributes that belong "
		"together (t.seconds, t.nanos) are: keep one tuple and "
		"replace it whole, t.now = (seconds, nanos).",
	.expect = SNAG_BROKEN,
	.state_size = sizeof(struct split_clock),
	.setup = setup_split,
	.roles = {{"ticker", tick_by_halves, 1}, {"watcher", watch_split, 0}},
	.check = check_split,
	.reports = {{.kind = SNAG_DATA_RACE,
		     .cause = "torn-access",
		     .grade = SNAG_REQUIRED,
		     .between = {"tick_by_halves", "read_whole"},
		     .why = "four of the eight bytes being read are written"}},
	.outcomes = {{.when = "whole",
		      .grade = SNAG_ALLOWED,
		      .why = "nobody read between the two halves"},
		     {.when = "torn",
		      .grade = SNAG_ALLOWED,
		      .why = "a reader saw the new low and the old high half"}},
};

SNAG_SCENARIO(counter, whole_64) = {
	.summary = "a 64-bit clock is one atomic word",
	.repairs = "counter/torn_64",
	.refs = {"C11 7.17.7"},
	.tags = "counter torn atomics",
	.practice = SNAG_ATOMICS,
	.lesson = "An atomic object has one modification order, and a load "
		  "returns one value of it, whole. tick_whole goes from "
		  "0x00000000ffffffff to 0x0000000100000000 in one step; "
		  "there is nothing in between to be seen. Where the machine "
		  "cannot do that for 64 bits, the compiler calls a library "
		  "routine that takes a lock, and the promise still holds.",
	.in_python = "t.now = (seconds, nanos): one store of one immutable "
		     "tuple; readers take `seconds, nanos = t.now`.",
	.expect = SNAG_CLEAN,
	.state_size = sizeof(struct whole_clock),
	.setup = setup_whole,
	.roles = {{"ticker", tick_whole, 1}, {"watcher", watch_whole, 0}},
	.check = check_whole,
	.outcomes = {{.when = "whole",
		      .grade = SNAG_REQUIRED,
		      .why = "an atomic word is read in one piece"},
		     {.when = "torn",
		      .grade = SNAG_FORBIDDEN,
		      .why = "an atomic word would have been divided"}},
};
