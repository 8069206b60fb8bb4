/*
 * Two workers compute in rounds: each writes its own cell and then reads the
 * other's.
 *
 * Broken: one barrier a round, after the writes; a fast worker begins the next
 * round while the slow one still reads.  Right: one after the reads as well.
 */
#include "kernels.h"

#include <pthread.h>

enum { WORKERS = 2, ROUNDS = 2 };

struct grid {
	pthread_barrier_t barrier;
	atomic_int cell[WORKERS];
	int seen[WORKERS][ROUNDS];
};

static bool setup(struct snag_run *run, void *state)
{
	struct grid *grid = state;

	(void)run;
	pthread_barrier_init(&grid->barrier, NULL, WORKERS);
	return true;
}

static void teardown(void *state)
{
	struct grid *grid = state;

	pthread_barrier_destroy(&grid->barrier);
}

static void compute(struct grid *grid, unsigned own, bool waits_twice)
{
	for (int round = 0; round < ROUNDS; round++) {
		kernel_store(&grid->cell[own], round + 1);
		pthread_barrier_wait(&grid->barrier);
		grid->seen[own][round] =
			kernel_load(&grid->cell[WORKERS - 1 - own]);
		if (waits_twice)
			pthread_barrier_wait(&grid->barrier);
	}
}

static void compute_one_barrier(struct snag_self *self, void *state)
{
	compute(state, snag_index(self), false);
}

static void compute_two_barriers(struct snag_self *self, void *state)
{
	compute(state, snag_index(self), true);
}

static void check(struct snag_run *run, void *state)
{
	const struct grid *grid = state;
	bool is_mixed = false;

	for (int i = 0; i < WORKERS; i++)
		for (int round = 0; round < ROUNDS; round++)
			is_mixed |= grid->seen[i][round] != round + 1;
	snag_outcome(run, is_mixed ? "mixed" : "in-step");
}

SNAG_SCENARIO(kernels, one_barrier) = {
	.summary = "a worker begins the next round while another reads",
	.tags = "kernel barrier",
	.practice = SNAG_PARTITION,
	.lesson = "The barrier keeps the reads of a round behind its writes. "
		  "Nothing keeps the writes of the next round behind the "
		  "reads. A cell that is written again needs a second barrier, "
		  "or a second grid to write to.",
	.expect = SNAG_BLIND,
	.state_size = sizeof(struct grid),
	.setup = setup,
	.roles = {{"worker", compute_one_barrier, WORKERS}},
	.check = check,
	.teardown = teardown,
	.outcomes = {KERNEL_BUG("mixed", "order-violation",
				"a read saw the next round's value"),
		     KERNEL_FINE("in-step", "both read in time")},
};

SNAG_SCENARIO(kernels, two_barriers) = {
	.summary = "a barrier after the writes and one after the reads",
	.repairs = "kernels/one_barrier",
	.tags = "kernel barrier",
	.practice = SNAG_PARTITION,
	.lesson = "Nobody writes again until all have read.",
	.expect = SNAG_CLEAN,
	.state_size = sizeof(struct grid),
	.setup = setup,
	.roles = {{"worker", compute_two_barriers, WORKERS}},
	.check = check,
	.teardown = teardown,
	.outcomes = {KERNEL_ALWAYS("in-step", "rounds do not overlap")},
};
