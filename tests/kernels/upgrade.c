/*
 * A readers-writer lock of a mutex and a condition, whose readers can become
 * its writer.
 *
 * Broken: the upgrade waits until all other readers have left.  Two readers
 * that upgrade wait for each other.  Right: the second one is refused, and must
 * leave and come again.
 */
#include "kernels.h"

#include <pthread.h>

struct upgradable {
	pthread_mutex_t lock;
	pthread_cond_t left;
	int readers;
	bool is_upgrading;
	int value;
};

static bool setup(struct snag_run *run, void *state)
{
	struct upgradable *u = state;

	(void)run;
	pthread_mutex_init(&u->lock, NULL);
	pthread_cond_init(&u->left, NULL);
	return true;
}

static void teardown(void *state)
{
	struct upgradable *u = state;

	pthread_cond_destroy(&u->left);
	pthread_mutex_destroy(&u->lock);
}

/* No new reader while one upgrades. */
static void enter(struct upgradable *u)
{
	pthread_mutex_lock(&u->lock);
	while (u->is_upgrading)
		pthread_cond_wait(&u->left, &u->lock);
	u->readers++;
	pthread_mutex_unlock(&u->lock);
}

static void leave(struct upgradable *u)
{
	pthread_mutex_lock(&u->lock);
	u->readers--;
	pthread_cond_broadcast(&u->left);
	pthread_mutex_unlock(&u->lock);
}

static void add_alone(struct upgradable *u)
{
	while (u->readers > 1)
		pthread_cond_wait(&u->left, &u->lock);
	u->value++;
	u->is_upgrading = false;
}

static void add_waiting(struct snag_self *self, void *state)
{
	struct upgradable *u = state;

	(void)self;
	enter(u);
	pthread_mutex_lock(&u->lock);
	u->is_upgrading = true;
	add_alone(u);
	pthread_mutex_unlock(&u->lock);
	leave(u);
}

static bool try_add(struct upgradable *u)
{
	bool is_mine;

	pthread_mutex_lock(&u->lock);
	is_mine = !u->is_upgrading;
	if (is_mine) {
		u->is_upgrading = true;
		add_alone(u);
	}
	pthread_mutex_unlock(&u->lock);
	return is_mine;
}

static void add_refusable(struct snag_self *self, void *state)
{
	struct upgradable *u = state;
	bool is_added;

	(void)self;
	do {
		enter(u);
		is_added = try_add(u);
		leave(u);
	} while (!is_added);
}

static void check(struct snag_run *run, void *state)
{
	const struct upgradable *u = state;

	snag_outcome(run, u->value == 2 ? "exact" : "lost");
}

SNAG_SCENARIO(kernels, upgrade_deadlock) = {
	.summary = "two readers each wait for the other to leave",
	.refs = {"CWE-833"},
	.tags = "kernel rwlock deadlock condition",
	.practice = SNAG_LOCKING,
	.lesson = "add_waiting becomes the writer when all other readers have "
		  "left. A second reader that wants the same stays a reader "
		  "while it waits, so neither leaves. At most one reader may "
		  "wait to upgrade; refuse the next, which must leave.",
	.expect = SNAG_BLIND,
	.state_size = sizeof(struct upgradable),
	.setup = setup,
	.roles = {{"upgrader", add_waiting, 2}},
	.check = check,
	.teardown = teardown,
	.outcomes = {KERNEL_BUG("@deadlock", "deadlock",
				"both were readers when both upgraded"),
		     KERNEL_FINE("exact", "one had left before")},
};

SNAG_SCENARIO(kernels, upgrade_refused) = {
	.summary = "the second reader to upgrade is refused",
	.repairs = "kernels/upgrade_deadlock",
	.tags = "kernel rwlock deadlock condition",
	.practice = SNAG_LOCKING,
	.lesson = "Whoever finds an upgrade under way leaves, which is what "
		  "the other one waits for, and comes again.",
	.expect = SNAG_CLEAN,
	.state_size = sizeof(struct upgradable),
	.setup = setup,
	.roles = {{"upgrader", add_refusable, 2}},
	.check = check,
	.teardown = teardown,
	.outcomes = {KERNEL_ALWAYS("exact", "one waits at a time")},
};
