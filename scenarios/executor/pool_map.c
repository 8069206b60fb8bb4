/*
 * An executor maps a function over the rows of a picture: a client hands in
 * one task for each row, each with an argument of its own, and waits until all
 * have run.  The tasks share nothing, so their code needs no lock.
 */
#include "pool.h"
#include <snag/scenario.h>

enum { ROWS = 8, COLUMNS = 4, STEP = 10 };

struct row {
	int pixels[COLUMNS];
};

struct picture {
	struct pool pool;
	struct task tasks[ROWS];
	struct row rows[ROWS];
};

static bool setup(struct snag_run *run, void *state)
{
	struct picture *picture = state;

	(void)run;
	pool_init(&picture->pool);
	return true;
}

static void teardown(void *state)
{
	struct picture *picture = state;

	pool_destroy(&picture->pool);
}

static void brighten(void *arg)
{
	struct row *row = arg;

	for (unsigned i = 0; i < COLUMNS; i++)
		row->pixels[i] += STEP;
}

static void map_over_rows(struct snag_self *self, void *state)
{
	struct picture *picture = state;

	(void)self;
	for (unsigned i = 0; i < ROWS; i++) {
		struct task *task = &picture->tasks[i];

		*task = (struct task){brighten, &picture->rows[i], NULL};
		pool_submit(&picture->pool, task);
	}
	pool_shutdown(&picture->pool);
}

static void work(struct snag_self *self, void *state)
{
	struct picture *picture = state;

	(void)self;
	pool_work(&picture->pool);
}

static void check(struct snag_run *run, void *state)
{
	const struct picture *picture = state;
	const char *outcome = "exact";

	for (unsigned i = 0; i < ROWS; i++)
		for (unsigned j = 0; j < COLUMNS; j++)
			if (picture->rows[i].pixels[j] != STEP)
				outcome = "wrong";
	snag_outcome(run, "%s", outcome);
}

SNAG_SCENARIO(executor, pool_map) = {
	.summary = "a pool maps a function over rows, one task for each",
	.repairs = "executor/args_by_reference",
	.tags = "executor arguments map",
	.practice = SNAG_EXECUTOR,
	.lesson = "Each task is given the row that it is to change, a "
		  "different one for each, and never the address of a variable "
		  "that the loop uses.  The mutex of the pool orders the two "
		  "sides: what the client wrote before pool_submit "
		  "happens-before what the worker does after taking the task, "
		  "and what the worker did happens-before the return of "
		  "pool_shutdown, which waits until every task has run.  "
		  "brighten itself knows nothing of threads.  All "
		  "synchronisation is in the executor, written once, and that "
		  "is what an executor is for.",
	.in_python =
		"with ThreadPoolExecutor() as pool: list(pool.map(brighten, "
		"rows)) - the list() waits for all and raises what a task "
		"raised.",
	.expect = SNAG_CLEAN,
	.state_size = sizeof(struct picture),
	.setup = setup,
	.roles = {{"client", map_over_rows, 1}, {"worker", work, 0}},
	.check = check,
	.teardown = teardown,
	.outcomes =
		{
			{.when = "exact",
			 .grade = SNAG_ALLOWED,
			 .why = "every row was changed by exactly one task"},
			{.when = "wrong",
			 .grade = SNAG_FORBIDDEN,
			 .why = "a task would have to get another's row"},
		},
};
