/*
 * Wakeups that go to the wrong thread, or to nobody.
 *
 * Broken: one condition variable for producers and consumers of a buffer, so
 * that a signal meant for one wakes the other; and a flag that is tested
 * outside of the lock under which its change is announced.  Right: a condition
 * for each, and the test under the lock.
 */
#include "kernels.h"

#include <pthread.h>

enum { ITEMS = 2 };

/* A buffer of one item. */
struct buffer {
	pthread_mutex_t lock;
	pthread_cond_t changed, filled; /* filled: of the repair alone */
	bool is_full;
};

struct gate {
	pthread_mutex_t lock;
	pthread_cond_t opened;
	atomic_int is_open;
};

static bool setup_buffer(struct snag_run *run, void *state)
{
	struct buffer *buffer = state;

	(void)run;
	pthread_mutex_init(&buffer->lock, NULL);
	pthread_cond_init(&buffer->changed, NULL);
	pthread_cond_init(&buffer->filled, NULL);
	return true;
}

static void teardown_buffer(void *state)
{
	struct buffer *buffer = state;

	pthread_cond_destroy(&buffer->filled);
	pthread_cond_destroy(&buffer->changed);
	pthread_mutex_destroy(&buffer->lock);
}

/* Waits on mine until the buffer is as wanted, changes it, signals theirs. */
static void turn_over(struct buffer *buffer, bool wanted, pthread_cond_t *mine,
		      pthread_cond_t *theirs)
{
	pthread_mutex_lock(&buffer->lock);
	while (buffer->is_full != wanted)
		pthread_cond_wait(mine, &buffer->lock);
	buffer->is_full = !wanted;
	pthread_cond_signal(theirs);
	pthread_mutex_unlock(&buffer->lock);
}

static void produce_one_condition(struct snag_self *self, void *state)
{
	struct buffer *b = state;

	(void)self;
	for (int i = 0; i < ITEMS; i++)
		turn_over(b, false, &b->changed, &b->changed);
}

static void consume_one_condition(struct snag_self *self, void *state)
{
	struct buffer *b = state;

	(void)self;
	turn_over(b, true, &b->changed, &b->changed);
}

static void produce_two_conditions(struct snag_self *self, void *state)
{
	struct buffer *b = state;

	(void)self;
	for (int i = 0; i < ITEMS; i++)
		turn_over(b, false, &b->changed, &b->filled);
}

static void consume_two_conditions(struct snag_self *self, void *state)
{
	struct buffer *b = state;

	(void)self;
	turn_over(b, true, &b->filled, &b->changed);
}

static void check_buffer(struct snag_run *run, void *state)
{
	const struct buffer *buffer = state;

	snag_outcome(run, buffer->is_full ? "left" : "passed");
}

/* ---- the gate ---- */

static bool setup_gate(struct snag_run *run, void *state)
{
	struct gate *gate = state;

	(void)run;
	pthread_mutex_init(&gate->lock, NULL);
	pthread_cond_init(&gate->opened, NULL);
	return true;
}

static void teardown_gate(void *state)
{
	struct gate *gate = state;

	pthread_cond_destroy(&gate->opened);
	pthread_mutex_destroy(&gate->lock);
}

static void open_gate(struct snag_self *self, void *state)
{
	struct gate *gate = state;

	(void)self;
	pthread_mutex_lock(&gate->lock);
	kernel_store(&gate->is_open, 1);
	pthread_cond_signal(&gate->opened);
	pthread_mutex_unlock(&gate->lock);
}

static void wait_tested_outside(struct snag_self *self, void *state)
{
	struct gate *gate = state;

	(void)self;
	if (kernel_load(&gate->is_open))
		return;
	pthread_mutex_lock(&gate->lock);
	pthread_cond_wait(&gate->opened, &gate->lock);
	pthread_mutex_unlock(&gate->lock);
}

static void wait_tested_inside(struct snag_self *self, void *state)
{
	struct gate *gate = state;

	(void)self;
	pthread_mutex_lock(&gate->lock);
	while (!kernel_load(&gate->is_open))
		pthread_cond_wait(&gate->opened, &gate->lock);
	pthread_mutex_unlock(&gate->lock);
}

static void check_gate(struct snag_run *run, void *state)
{
	(void)state;
	snag_outcome(run, "passed");
}

SNAG_SCENARIO(kernels, one_condition) = {
	.summary = "producers and consumers wait on one condition",
	.refs = {"CWE-833", "POSIX pthread_cond_signal()"},
	.tags = "kernel condition queue",
	.practice = SNAG_THREAD_SAFE_COLLECTION,
	.lesson = "Two consumers wait, and then the producer, for which the "
		  "buffer is full. The consumer that was woken takes the item "
		  "and signals: that the buffer is empty is news for the "
		  "producer, but the signal wakes the other consumer, which "
		  "finds nothing and sleeps on. Now all sleep. One signal goes "
		  "to one waiter, whoever it is: use a condition for each kind "
		  "of waiter, or broadcast.",
	.expect = SNAG_BLIND,
	.state_size = sizeof(struct buffer),
	.setup = setup_buffer,
	.roles = {{"producer", produce_one_condition, 1},
		  {"consumer", consume_one_condition, ITEMS}},
	.check = check_buffer,
	.teardown = teardown_buffer,
	.outcomes = {KERNEL_BUG("@deadlock", "order-violation",
				"a consumer got the producer's signal"),
		     KERNEL_FINE("passed", "no signal went astray")},
};

SNAG_SCENARIO(kernels, two_conditions) = {
	.summary = "producers and consumers wait on conditions of their own",
	.repairs = "kernels/one_condition",
	.tags = "kernel condition queue",
	.practice = SNAG_THREAD_SAFE_COLLECTION,
	.lesson = "A signal for producers can only wake a producer.",
	.expect = SNAG_CLEAN,
	.state_size = sizeof(struct buffer),
	.setup = setup_buffer,
	.roles = {{"producer", produce_two_conditions, 1},
		  {"consumer", consume_two_conditions, ITEMS}},
	.check = check_buffer,
	.teardown = teardown_buffer,
	.outcomes = {KERNEL_ALWAYS("passed", "signals reach whom they mean")},
};

SNAG_SCENARIO(kernels, lost_wakeup) = {
	.summary = "a flag is tested before the lock is taken",
	.refs = {"CWE-833", "POSIX pthread_cond_wait()"},
	.tags = "kernel condition exhaustible",
	.practice = SNAG_LOCKING,
	.lesson = "wait_tested_outside finds the gate closed and then takes "
		  "the lock to sleep. open_gate, with the lock, can open it "
		  "and signal in between: nobody sleeps yet, and conditions "
		  "remember nothing. Test under the lock that the opener "
		  "takes, in a loop.",
	.expect = SNAG_BLIND,
	.state_size = sizeof(struct gate),
	.setup = setup_gate,
	.roles = {{"waiter", wait_tested_outside, 1}, {"opener", open_gate, 1}},
	.check = check_gate,
	.teardown = teardown_gate,
	.outcomes = {KERNEL_BUG("@deadlock", "order-violation",
				"the signal fell between test and sleep"),
		     KERNEL_FINE("passed", "the signal was early, or late")},
};

SNAG_SCENARIO(kernels, wakeup_tested) = {
	.summary = "a flag is tested under the lock, in a loop",
	.repairs = "kernels/lost_wakeup",
	.tags = "kernel condition exhaustible",
	.practice = SNAG_LOCKING,
	.lesson = "From its test until it sleeps the waiter has the lock, so "
		  "the opener comes before the test or after.",
	.expect = SNAG_CLEAN,
	.state_size = sizeof(struct gate),
	.setup = setup_gate,
	.roles = {{"waiter", wait_tested_inside, 1}, {"opener", open_gate, 1}},
	.check = check_gate,
	.teardown = teardown_gate,
	.outcomes = {KERNEL_ALWAYS("passed", "no signal is lost")},
};
