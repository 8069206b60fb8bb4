/*
 * Initialisation in two stages, each under the lock, and the lock given away
 * in between.
 *
 * Broken: a reader that takes the lock between the first writer's first stage
 * and anybody's second one, and again to read on, has the first value and not
 * the second.  Right: both stages under the lock at once.
 */
#include "kernels.h"

#include <pthread.h>

struct data {
	pthread_mutex_t lock;
	int first, second;
	bool is_half; /* a reader saw one stage alone */
};

static bool setup(struct snag_run *run, void *state)
{
	struct data *data = state;

	(void)run;
	pthread_mutex_init(&data->lock, NULL);
	return true;
}

static void teardown(void *state)
{
	struct data *data = state;

	pthread_mutex_destroy(&data->lock);
}

static void init_in_two(struct snag_self *self, void *state)
{
	struct data *data = state;

	(void)self;
	pthread_mutex_lock(&data->lock);
	data->first = 1;
	pthread_mutex_unlock(&data->lock);
	pthread_mutex_lock(&data->lock);
	data->second = data->first + 1;
	pthread_mutex_unlock(&data->lock);
}

static void init_at_once(struct snag_self *self, void *state)
{
	struct data *data = state;

	(void)self;
	pthread_mutex_lock(&data->lock);
	data->first = 1;
	data->second = data->first + 1;
	pthread_mutex_unlock(&data->lock);
}

static void read_both(struct snag_self *self, void *state)
{
	struct data *data = state;
	int first;

	(void)self;
	pthread_mutex_lock(&data->lock);
	first = data->first;
	pthread_mutex_unlock(&data->lock);
	if (!first)
		return;
	pthread_mutex_lock(&data->lock);
	data->is_half = data->second != first + 1;
	pthread_mutex_unlock(&data->lock);
}

static void check(struct snag_run *run, void *state)
{
	const struct data *data = state;

	snag_outcome(run, data->is_half ? "half" : "whole");
}

#define TWOSTAGE(threads_, writers_, tags_)                                    \
	SNAG_SCENARIO(kernels, twostage_##threads_) = {                        \
		.summary = "two-stage initialisation, " #threads_ " threads",  \
		.tags = "kernel lock " tags_,                                  \
		.practice = SNAG_LOCKING,                                      \
		.lesson = "init_in_two holds the lock for each of its stages " \
			  "and not over both. No access is without the lock, " \
			  "so there is no data race; but the lock promises "   \
			  "that whoever has it finds the data whole, and "     \
			  "that is broken between the stages. Keep the lock "  \
			  "until what it guards is whole again.",              \
		.expect = SNAG_BLIND,                                          \
		.state_size = sizeof(struct data),                             \
		.setup = setup,                                                \
		.roles = {{"writer", init_in_two, writers_},                   \
			  {"reader", read_both, 1}},                           \
		.check = check,                                                \
		.teardown = teardown,                                          \
		.outcomes =                                                    \
			{                                                      \
				KERNEL_BUG(                                    \
					"half", "atomicity-violation",         \
					"the reader came between the stages"), \
				KERNEL_FINE(                                   \
					"whole",                               \
					"the reader came before or after"),    \
			},                                                     \
	}

TWOSTAGE(2, 1, "exhaustible");
TWOSTAGE(20, 19, "");
TWOSTAGE(100, 99, "");

SNAG_SCENARIO(kernels, twostage_whole) = {
	.summary = "initialisation in one critical section",
	.repairs = "kernels/twostage_20",
	.tags = "kernel lock",
	.practice = SNAG_LOCKING,
	.lesson = "Both values are written before the lock is given away, so "
		  "nobody can have the lock and see one of them alone.",
	.expect = SNAG_CLEAN,
	.state_size = sizeof(struct data),
	.setup = setup,
	.roles = {{"writer", init_at_once, 19}, {"reader", read_both, 1}},
	.check = check,
	.teardown = teardown,
	.outcomes = {KERNEL_ALWAYS("whole", "one critical section, one step")},
};
