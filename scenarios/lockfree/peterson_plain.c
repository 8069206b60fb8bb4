/*
 * Peterson's algorithm: mutual exclusion of two threads by two flags and a
 * turn, without any lock.
 *
 * Broken: flags and turn are plain, so processor and compiler may reorder
 * them.  Right: sequentially consistent atomics.
 */
#include <snag/scenario.h>
#include <stdatomic.h>

enum { ROUNDS = 16 };

struct plain_lock {
	bool wants[2];
	unsigned turn;
};

struct atomic_lock {
	atomic_bool wants[2];
	atomic_uint turn;
};

struct counter {
	struct plain_lock plain;
	struct atomic_lock atomic;
	unsigned value; /* guarded by one of the locks */
};

static void enter_plain(struct snag_self *self, struct plain_lock *lock,
			unsigned me)
{
	unsigned other = 1 - me;
	lock->wants[me] = true;
	lock->turn = other;
	while (lock->wants[other] && lock->turn == other)
		snag_point(self);
}

static void leave_plain(struct plain_lock *lock, unsigned me)
{
	lock->wants[me] = false;
}

static void enter_atomic(struct snag_self *self, struct atomic_lock *lock,
			 unsigned me)
{
	unsigned other = 1 - me;
	atomic_store(&lock->wants[me], true);
	atomic_store(&lock->turn, other);
	while (atomic_load(&lock->wants[other]) &&
	       atomic_load(&lock->turn) == other)
		snag_point(self);
}

static void leave_atomic(struct atomic_lock *lock, unsigned me)
{
	atomic_store(&lock->wants[me], false);
}

static void add_one(struct snag_self *self, struct counter *counter)
{
	unsigned before = counter->value;
	snag_point(self);
	counter->value = before + 1;
}

static void count_plain(struct snag_self *self, void *state)
{
	struct counter *counter = state;
	for (int i = 0; i < ROUNDS; i++) {
		enter_plain(self, &counter->plain, snag_index(self));
		add_one(self, counter);
		leave_plain(&counter->plain, snag_index(self));
	}
}

static void count_atomic(struct snag_self *self, void *state)
{
	struct counter *counter = state;
	for (int i = 0; i < ROUNDS; i++) {
		enter_atomic(self, &counter->atomic, snag_index(self));
		add_one(self, counter);
		leave_atomic(&counter->atomic, snag_index(self));
	}
}

static void check(struct snag_run *run, void *state)
{
	struct counter *counter = state;
	snag_outcome(run, counter->value == 2 * ROUNDS ? "exact" : "lost");
}

SNAG_SCENARIO(lockfree, peterson_plain) = {
	.summary = "Peterson's mutual exclusion with plain flags",
	.refs = {"G. L. Peterson, Myths About the Mutual Exclusion Problem, "
		 "Information Processing Letters 12(3), 1981",
		 "C11 5.1.2.4"},
	.tags = "lockfree mutual-exclusion ordering",
	.practice = SNAG_ATOMICS,
	.lesson = "On paper enter_plain is right: each thread says that it "
		  "wants to enter, gives the turn away, and waits while the "
		  "other one wants to and has the turn. The proof assumes that "
		  "accesses take effect in program order, for everybody. Plain "
		  "C promises nothing of the kind, and x86 does not either: "
		  "the load of the other's flag may come before one's own "
		  "store is visible, both threads find the way free, and both "
		  "change the counter. For ThreadSanitizer plain flags order "
		  "nothing, so it reports the counter and the flags. "
		  "Sequentially consistent atomics give the order that the "
		  "proof assumes. In real code, use a mutex.",
	.in_python = "Do not build locks from flags: with lock: is shorter, "
		     "and right.",
	.expect = SNAG_BROKEN,
	.state_size = sizeof(struct counter),
	.roles = {{"counter", count_plain, 2}},
	.check = check,
	.reports = {{.kind = SNAG_DATA_RACE,
		     .cause = "lost-update",
		     .grade = SNAG_REQUIRED,
		     .between = {"add_one", "add_one"},
		     .why = "plain flags keep nobody out of the counter"},
		    {.kind = SNAG_DATA_RACE,
		     .grade = SNAG_ALLOWED,
		     .between = {"enter_plain", "enter_plain"},
		     .why = "flag and turn are read while they are written"},
		    {.kind = SNAG_DATA_RACE,
		     .grade = SNAG_ALLOWED,
		     .between = {"enter_plain", "leave_plain"},
		     .why = "a flag is read while it is taken back"}},
	.outcomes = {{.when = "exact",
		      .grade = SNAG_ALLOWED,
		      .why = "the accesses took effect in program order"},
		     {.when = "lost",
		      .grade = SNAG_ALLOWED,
		      .why = "both threads were inside at once"}},
};

SNAG_SCENARIO(lockfree, peterson_seq_cst) = {
	.summary =
		"Peterson's mutual exclusion with atomics in one total order",
	.repairs = "lockfree/peterson_plain",
	.refs = {"G. L. Peterson, Myths About the Mutual Exclusion Problem, "
		 "Information Processing Letters 12(3), 1981",
		 "C11 7.17.3"},
	.tags = "lockfree mutual-exclusion seq-cst",
	.practice = SNAG_ATOMICS,
	.lesson = "All accesses to the flags and the turn are sequentially "
		  "consistent, so all threads agree on one order of them, "
		  "and the proof holds: whoever sets the turn last waits. "
		  "Acquire and release would not do, since they allow the "
		  "load of the other's flag to come before the store of "
		  "one's own. Leaving is a release and entering an acquire "
		  "as well, so the counter itself may stay plain.",
	.in_python = "with lock:",
	.expect = SNAG_CLEAN,
	.state_size = sizeof(struct counter),
	.roles = {{"counter", count_atomic, 2}},
	.check = check,
	.outcomes = {{.when = "exact",
		      .grade = SNAG_REQUIRED,
		      .why = "one thread at a time"}},
};
