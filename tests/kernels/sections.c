/*
 * Read in one critical section, written back in the next: of a mutex, and of a
 * readers-writer lock that is "upgraded" so.
 *
 * Broken: what was read is old when it is written back.  Right: one section; or
 * read again after the upgrade.
 */
#include "kernels.h"

#include <pthread.h>

struct counter {
	pthread_mutex_t lock;
	pthread_rwlock_t rwlock;
	int value;
};

static bool setup(struct snag_run *run, void *state)
{
	struct counter *counter = state;

	(void)run;
	pthread_mutex_init(&counter->lock, NULL);
	pthread_rwlock_init(&counter->rwlock, NULL);
	return true;
}

static void teardown(void *state)
{
	struct counter *counter = state;

	pthread_rwlock_destroy(&counter->rwlock);
	pthread_mutex_destroy(&counter->lock);
}

static void add_in_two(struct snag_self *self, void *state)
{
	struct counter *counter = state;
	int value;

	(void)self;
	pthread_mutex_lock(&counter->lock);
	value = counter->value;
	pthread_mutex_unlock(&counter->lock);
	pthread_mutex_lock(&counter->lock);
	counter->value = value + 1;
	pthread_mutex_unlock(&counter->lock);
}

static void add_in_one(struct snag_self *self, void *state)
{
	struct counter *counter = state;

	(void)self;
	pthread_mutex_lock(&counter->lock);
	counter->value++;
	pthread_mutex_unlock(&counter->lock);
}

static void add_upgraded_stale(struct snag_self *self, void *state)
{
	struct counter *counter = state;
	int value;

	(void)self;
	pthread_rwlock_rdlock(&counter->rwlock);
	value = counter->value;
	pthread_rwlock_unlock(&counter->rwlock);
	pthread_rwlock_wrlock(&counter->rwlock);
	counter->value = value + 1;
	pthread_rwlock_unlock(&counter->rwlock);
}

static void add_upgraded_fresh(struct snag_self *self, void *state)
{
	struct counter *counter = state;
	bool is_full;

	(void)self;
	pthread_rwlock_rdlock(&counter->rwlock);
	is_full = counter->value > 100;
	pthread_rwlock_unlock(&counter->rwlock);
	if (is_full)
		return;
	pthread_rwlock_wrlock(&counter->rwlock);
	counter->value++;
	pthread_rwlock_unlock(&counter->rwlock);
}

static void check(struct snag_run *run, void *state)
{
	const struct counter *counter = state;
	bool is_exact = counter->value == (int)snag_role_threads(run, 0);

	snag_outcome(run, is_exact ? "exact" : "lost");
}

#define COUNTER                                                         \
	.practice = SNAG_LOCKING, .state_size = sizeof(struct counter), \
	.setup = setup, .check = check, .teardown = teardown
#define LOST                                      \
	KERNEL_BUG("lost", "atomicity-violation", \
		   "both read before one wrote, each under the lock")

SNAG_SCENARIO(kernels, split_increment) = {
	.summary = "an increment under two critical sections",
	COUNTER,
	.tags = "kernel lock counter exhaustible",
	.refs = {"CWE-362"},
	.lesson = "add_in_two never touches the value without the lock, so "
		  "there is no data race; but it gives the lock away between "
		  "its read and its write. The lock must be held over both.",
	.expect = SNAG_BLIND,
	.roles = {{"adder", add_in_two, 2}},
	.outcomes = {LOST, KERNEL_FINE("exact", "one came after the other")},
};

SNAG_SCENARIO(kernels, whole_increment) = {
	.summary = "an increment under one critical section",
	.repairs = "kernels/split_increment",
	COUNTER,
	.tags = "kernel lock counter exhaustible",
	.lesson = "Read and write are one critical section.",
	.expect = SNAG_CLEAN,
	.roles = {{"adder", add_in_one, 2}},
	.outcomes = {KERNEL_ALWAYS("exact", "no increment is lost")},
};

SNAG_SCENARIO(kernels, upgrade_stale) = {
	.summary = "readers become writers with what they have read before",
	COUNTER,
	.tags = "kernel rwlock counter exhaustible",
	.refs = {"CWE-362", "POSIX pthread_rwlock_wrlock()"},
	.lesson = "A reader cannot become a writer; it gives the lock away "
		  "and takes it anew. Another writer may come in between, and "
		  "what was read before is old. Read again under the write "
		  "lock.",
	.expect = SNAG_BLIND,
	.roles = {{"adder", add_upgraded_stale, 2}},
	.outcomes = {LOST, KERNEL_FINE("exact", "one came after the other")},
};

SNAG_SCENARIO(kernels, upgrade_fresh) = {
	.summary = "readers become writers and read again",
	.repairs = "kernels/upgrade_stale",
	COUNTER,
	.tags = "kernel rwlock counter exhaustible",
	.lesson = "What was read before the upgrade is a hint; what counts is "
		  "read under the write lock.",
	.expect = SNAG_CLEAN,
	.roles = {{"adder", add_upgraded_fresh, 2}},
	.outcomes = {KERNEL_ALWAYS("exact", "no increment is lost")},
};
