/*
 * Locks that threads take in different orders.
 *
 * Broken: two locks in two orders, and three in a circle.  Right: one order.
 * And two orders that cannot meet, since both are taken under a third lock:
 * ThreadSanitizer reports them all the same.
 */
#include "kernels.h"

#include <pthread.h>

enum { MAX_LOCKS = 3 };

struct locks {
	pthread_mutex_t lock[MAX_LOCKS];
	pthread_mutex_t gate;
	atomic_int turns;
};

static bool setup(struct snag_run *run, void *state)
{
	struct locks *locks = state;

	(void)run;
	for (int i = 0; i < MAX_LOCKS; i++)
		pthread_mutex_init(&locks->lock[i], NULL);
	pthread_mutex_init(&locks->gate, NULL);
	return true;
}

static void teardown(void *state)
{
	struct locks *locks = state;

	pthread_mutex_destroy(&locks->gate);
	for (int i = 0; i < MAX_LOCKS; i++)
		pthread_mutex_destroy(&locks->lock[i]);
}

static void take_two(struct locks *locks, unsigned first, unsigned second)
{
	pthread_mutex_lock(&locks->lock[first]);
	pthread_mutex_lock(&locks->lock[second]);
	atomic_fetch_add(&locks->turns, 1);
	pthread_mutex_unlock(&locks->lock[second]);
	pthread_mutex_unlock(&locks->lock[first]);
}

/* Thread I takes its own lock and then the next one's. */
static void take_in_circle(struct snag_self *self, void *state)
{
	unsigned own = snag_index(self);

	take_two(state, own, (own + 1) % snag_threads(self));
}

static void take_in_order(struct snag_self *self, void *state)
{
	unsigned own = snag_index(self);
	unsigned next = (own + 1) % snag_threads(self);

	take_two(state, own < next ? own : next, own < next ? next : own);
}

/* Written out, so that it is a finding of its own. */
static void take_behind_gate(struct snag_self *self, void *state)
{
	struct locks *locks = state;
	unsigned own = snag_index(self);
	unsigned next = (own + 1) % snag_threads(self);

	pthread_mutex_lock(&locks->gate);
	pthread_mutex_lock(&locks->lock[own]);
	pthread_mutex_lock(&locks->lock[next]);
	atomic_fetch_add(&locks->turns, 1);
	pthread_mutex_unlock(&locks->lock[next]);
	pthread_mutex_unlock(&locks->lock[own]);
	pthread_mutex_unlock(&locks->gate);
}

static void check(struct snag_run *run, void *state)
{
	const struct locks *locks = state;
	bool is_done = locks->turns == (int)snag_role_threads(run, 0);

	snag_outcome(run, is_done ? "done" : "not-done");
}

#define DEADLOCK(name_, threads_, tags_)                                       \
	SNAG_SCENARIO(kernels, name_) = {                                      \
		.summary = #threads_ " threads take " #threads_                \
				     " locks in a circle",                     \
		.refs = {"CWE-833"},                                           \
		.tags = "kernel lock deadlock " tags_,                         \
		.practice = SNAG_LOCKING,                                      \
		.lesson = "Each thread takes its own lock and then the next "  \
			  "one's. When all have their own, all wait. Number "  \
			  "the locks, and take the smaller number first.",     \
		.expect = SNAG_BROKEN,                                         \
		.state_size = sizeof(struct locks),                            \
		.setup = setup,                                                \
		.roles = {{"taker", take_in_circle, threads_}},                \
		.check = check,                                                \
		.teardown = teardown,                                          \
		.reports = {{.kind = SNAG_LOCK_INVERSION,                      \
			     .cause = "lock-order",                            \
			     .grade = SNAG_ALLOWED,                            \
			     .why = "the orders form a circle"}},              \
		.outcomes =                                                    \
			{                                                      \
				KERNEL_BUG("@deadlock", "deadlock",            \
					   "all have one lock and wait for "   \
					   "another"),                         \
				KERNEL_FINE("done",                            \
					    "they did not all start at once"), \
			},                                                     \
	}

DEADLOCK(deadlock_2, 2, "exhaustible");
DEADLOCK(deadlock_3, 3, "");

SNAG_SCENARIO(kernels, locks_in_order) = {
	.summary = "three threads take three locks in one order",
	.repairs = "kernels/deadlock_3",
	.tags = "kernel lock deadlock",
	.practice = SNAG_LOCKING,
	.lesson = "Whoever waits for a lock has only smaller ones, so the one "
		  "with the greatest waits for nobody.",
	.expect = SNAG_CLEAN,
	.state_size = sizeof(struct locks),
	.setup = setup,
	.roles = {{"taker", take_in_order, 3}},
	.check = check,
	.teardown = teardown,
	.outcomes = {KERNEL_ALWAYS("done", "one order has no circle")},
};

SNAG_SCENARIO(kernels, inversion_behind_gate) = {
	.summary = "two orders of two locks, always under a third",
	.tags = "kernel lock deadlock exhaustible",
	.practice = SNAG_LOCKING,
	.lesson = "The two orders cannot meet: whoever takes either lock has "
		  "the gate. ThreadSanitizer sees orders and not gates, so it "
		  "reports an inversion; no schedule deadlocks. It is a debt "
		  "all the same, due when somebody forgets the gate.",
	.expect = SNAG_BROKEN,
	.state_size = sizeof(struct locks),
	.setup = setup,
	.roles = {{"taker", take_behind_gate, 2}},
	.check = check,
	.teardown = teardown,
	.reports = {{.kind = SNAG_LOCK_INVERSION,
		     .cause = "lock-order",
		     .grade = SNAG_REQUIRED,
		     .why = "ThreadSanitizer knows nothing of the gate"}},
	.outcomes = {KERNEL_ALWAYS("done", "one thread at a time"),
		     {.when = "@deadlock",
		      .grade = SNAG_FORBIDDEN,
		      .why = "the gate lets one thread in"}},
};
