/*
 * Lost update: several threads count in one plain variable.  `value++` is a
 * load, an addition and a store; two threads that load the same value store
 * the same sum, and one of the two increments is gone.  Right with a mutex
 * around the three steps, or with an atomic that makes them one step.
 */
#include <snag/scenario.h>

#include <pthread.h>
#include <stdatomic.h>

enum { BUMPS = 4 }; /* by each thread */

struct counter {
	pthread_mutex_t lock;
	unsigned value;
};

struct atomic_counter {
	atomic_uint value;
};

static void name_outcome(struct snag_run *run, unsigned value)
{
	unsigned expected = BUMPS * snag_role_threads(run, 0);

	snag_outcome(run, value == expected ? "exact" : "lost");
}

/* Broken. */

__attribute__((noinline)) static void bump_unlocked(struct counter *counter)
{
	counter->value++;
}

static void count_unlocked(struct snag_self *self, void *state)
{
	(void)self;
	for (int i = 0; i < BUMPS; i++)
		bump_unlocked(state);
}

static void check_plain(struct snag_run *run, void *state)
{
	struct counter *counter = state;

	name_outcome(run, counter->value);
}

/* Repaired with a mutex. */

static bool setup_mutex(struct snag_run *run, void *state)
{
	struct counter *counter = state;

	(void)run;
	pthread_mutex_init(&counter->lock, NULL);
	return true;
}

static void bump_locked(struct counter *counter)
{
	pthread_mutex_lock(&counter->lock);
	counter->value++;
	pthread_mutex_unlock(&counter->lock);
}

static void count_locked(struct snag_self *self, void *state)
{
	(void)self;
	for (int i = 0; i < BUMPS; i++)
		bump_locked(state);
}

static void teardown_mutex(void *state)
{
	struct counter *counter = state;

	pthread_mutex_destroy(&counter->lock);
}

/* Repaired with an atomic. */

static void bump_atomic(struct atomic_counter *counter)
{
	atomic_fetch_add_explicit(&counter->value, 1, memory_order_relaxed);
}

static void count_atomic(struct snag_self *self, void *state)
{
	(void)self;
	for (int i = 0; i < BUMPS; i++)
		bump_atomic(state);
}

static void check_atomic(struct snag_run *run, void *state)
{
	struct atomic_counter *counter = state;

	name_outcome(run, atomic_load(&counter->value));
}

SNAG_SCENARIO(counter, lost_update) = {
	.summary = "several threads increment one plain counter",
	.refs = {"CWE-362", "C11 5.1.2.4p25", "CERT C CON43-C"},
	.tags = "counter increment",
	.practice = SNAG_ATOMICS,
	.lesson =
		"counter->value++ in bump_unlocked looks like one step and is "
		"three: load, add, store. When two threads load the same "
		"value, both store that value plus one, and one increment is "
		"lost. It is a data race too, so C gives the program no "
		"meaning at all: the compiler may keep the value in a "
		"register or add four at once. counter/counter_mutex makes "
		"the three steps one critical section: whoever comes second "
		"loads what the first has stored. counter/counter_atomic "
		"makes them one indivisible instruction; relaxed order is "
		"enough, since the number orders no other data and the total "
		"is read only after every thread has ended.",
	.in_python =
		"stats.hits += 1 is a load, an add and a store in Python too, "
		"and no lock covers all three: it loses updates. Write "
		"`with lock: stats.hits += 1`.",
	.expect = SNAG_BROKEN,
	.state_size = sizeof(struct counter),
	.roles = {{"counter", count_unlocked, 0}},
	.min_threads = 2,
	.check = check_plain,
	.reports = {{.kind = SNAG_DATA_RACE,
		     .cause = "lost-update",
		     .grade = SNAG_REQUIRED,
		     .between = {"bump_unlocked", "bump_unlocked"},
		     .why = "two threads increment the same plain variable"}},
	.outcomes = {{.when = "exact",
		      .grade = SNAG_ALLOWED,
		      .why = "no two increments overlapped this time"},
		     {.when = "lost",
		      .grade = SNAG_ALLOWED,
		      .why = "two threads loaded the same value"}},
};

SNAG_SCENARIO(counter, counter_mutex) = {
	.summary = "several threads increment one counter under a mutex",
	.repairs = "counter/lost_update",
	.refs = {"C11 5.1.2.4p25"},
	.tags = "counter increment mutex",
	.practice = SNAG_LOCKING,
	.lesson = "One mutex belongs to the counter, and every access holds "
		  "it. bump_locked loads, adds and stores between lock and "
		  "unlock, so no other thread gets in between, and unlocking "
		  "makes the new value visible to whoever locks next. A mutex "
		  "is the repair to choose when more than one variable must "
		  "change together; for a lone number an atomic is cheaper.",
	.in_python = "lock = threading.Lock(), then `with lock: stats.hits += "
		     "1` in every thread.",
	.expect = SNAG_CLEAN,
	.state_size = sizeof(struct counter),
	.setup = setup_mutex,
	.roles = {{"counter", count_locked, 0}},
	.min_threads = 2,
	.check = check_plain,
	.teardown = teardown_mutex,
	.outcomes = {{.when = "exact",
		      .grade = SNAG_REQUIRED,
		      .why = "every increment is a critical section"},
		     {.when = "lost",
		      .grade = SNAG_FORBIDDEN,
		      .why = "the mutex would have let two threads in"}},
};

SNAG_SCENARIO(counter, counter_atomic) = {
	.summary = "several threads increment one atomic counter",
	.repairs = "counter/lost_update",
	.refs = {"C11 7.17.7.5"},
	.tags = "counter increment atomics",
	.practice = SNAG_ATOMICS,
	.lesson = "atomic_fetch_add loads, adds and stores as one step that "
		  "no other thread can divide, so every increment counts. "
		  "memory_order_relaxed is enough here: the counter is not a "
		  "signal that other data is ready, and the total is read "
		  "after the threads have ended. `atomic_load` followed by "
		  "`atomic_store` would not do: two atomic steps are not one.",
	.in_python = "Python has no atomic integer: use a lock, or one count a "
		     "thread and sum() them after join.",
	.expect = SNAG_CLEAN,
	.state_size = sizeof(struct atomic_counter),
	.roles = {{"counter", count_atomic, 0}},
	.min_threads = 2,
	.check = check_atomic,
	.outcomes = {{.when = "exact",
		      .grade = SNAG_REQUIRED,
		      .why = "every increment is one indivisible step"},
		     {.when = "lost",
		      .grade = SNAG_FORBIDDEN,
		      .why = "an atomic addition would have been divided"}},
};
