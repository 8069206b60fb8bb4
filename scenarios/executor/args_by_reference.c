/*
 * A loop hands an executor one task for each row of a picture.  Broken: every
 * task is given the address of the same local variable, which has moved on by
 * the time that a worker reads it.  Right: every task is given an argument of
 * its own, which nobody changes while the task may run.
 */
#include "pool.h"
#include <snag/scenario.h>
#include <stdatomic.h>

enum { ROWS = 8 };

struct picture;

struct stripe {
	struct picture *picture;
	unsigned row;
};

struct picture {
	struct pool pool;
	struct task tasks[ROWS];
	struct stripe stripes[ROWS];
	atomic_uint painted[ROWS + 1]; /* how often; the last: past the end */
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

static void work(struct snag_self *self, void *state)
{
	struct picture *picture = state;

	(void)self;
	pool_work(&picture->pool);
}

static void paint(struct picture *picture, unsigned row)
{
	atomic_fetch_add_explicit(&picture->painted[row], 1,
				  memory_order_relaxed);
}

static void paint_current_stripe(void *arg)
{
	const struct stripe *stripe = arg;

	paint(stripe->picture, stripe->row);
}

static void submit_by_reference(struct snag_self *self, void *state)
{
	struct picture *picture = state;
	struct stripe stripe = {.picture = picture};

	(void)self;
	for (stripe.row = 0; stripe.row < ROWS; stripe.row++) {
		struct task *task = &picture->tasks[stripe.row];

		*task = (struct task){paint_current_stripe, &stripe, NULL};
		pool_submit(&picture->pool, task);
	}
	pool_shutdown(&picture->pool);
}

static void paint_own_stripe(void *arg)
{
	const struct stripe *stripe = arg;

	paint(stripe->picture, stripe->row);
}

static void submit_map(struct snag_self *self, void *state)
{
	struct picture *picture = state;

	(void)self;
	for (unsigned row = 0; row < ROWS; row++) {
		struct task *task = &picture->tasks[row];
		struct stripe *stripe = &picture->stripes[row];

		*stripe = (struct stripe){picture, row};
		*task = (struct task){paint_own_stripe, stripe, NULL};
		pool_submit(&picture->pool, task);
	}
	pool_shutdown(&picture->pool);
}

static void check(struct snag_run *run, void *state)
{
	struct picture *picture = state;
	const char *outcome = "each-once";

	for (unsigned row = 0; row < ROWS; row++)
		if (atomic_load(&picture->painted[row]) != 1)
			outcome = "skipped";
	snag_outcome(run, "%s", outcome);
}

SNAG_SCENARIO(executor, args_by_reference) = {
	.summary = "tasks are given the address of the loop's own variable",
	.refs = {"CWE-362", "SEI CERT CON34-C"},
	.tags = "executor arguments stack",
	.practice = SNAG_EXECUTOR,
	.lesson = "submit_by_reference has one variable, stripe, on its stack; "
		  "every task is given the address of it, and the loop goes on "
		  "to the next row while the workers still have to start.  A "
		  "worker in paint_current_stripe then reads stripe->row while "
		  "stripe.row++ writes it: a data race on another thread's "
		  "stack.  Rows are painted twice, others never, and some "
		  "tasks paint past the last row.  Were the function to return "
		  "without waiting for the tasks, they would read a frame that "
		  "no longer exists.  The repair is to give each task an "
		  "argument of its own that lives until the task has run, or "
		  "to pass the value itself.",
	.in_python =
		"for row in rows: pool.submit(lambda: paint(row)) - all the "
		"lambdas share one variable row and read it late.  "
		"pool.submit(paint, row) binds the value now.",
	.expect = SNAG_BROKEN,
	.state_size = sizeof(struct picture),
	.setup = setup,
	.roles = {{"client", submit_by_reference, 1}, {"worker", work, 0}},
	.check = check,
	.teardown = teardown,
	.reports = {{
		.kind = SNAG_DATA_RACE,
		.cause = "escaped-stack",
		.grade = SNAG_REQUIRED,
		.between = {"submit_by_reference", "paint_current_stripe"},
		.why = "the loop moves on while a task reads its variable",
	}},
	.outcomes =
		{
			{.when = "skipped",
			 .grade = SNAG_ALLOWED,
			 .why = "a task saw a later row, so that one went "
				"unpainted"},
			{.when = "each-once",
			 .grade = SNAG_ALLOWED,
			 .why = "every task happened to read before the loop "
				"moved"},
		},
};

SNAG_SCENARIO(executor, pool_map) = {
	.summary = "a pool maps a function over rows, each with its argument",
	.repairs = "executor/args_by_reference",
	.tags = "executor arguments map",
	.practice = SNAG_EXECUTOR,
	.lesson = "Each task is given its own element of stripes, filled in "
		  "before the task is handed in and not touched again.  The "
		  "mutex of the pool orders the two sides: what the client "
		  "wrote before pool_submit happens-before what the worker "
		  "reads after taking the task.  The stripes live in the "
		  "picture and not in a stack frame, and pool_shutdown returns "
		  "only when every task has run, so that nobody can be left "
		  "with a pointer to something dead.  The code of the tasks "
		  "itself needs no locks: that is what an executor is for.",
	.in_python =
		"pool.map(paint, range(rows)): the executor keeps one "
		"argument for each call, and list(...) of it waits for all.",
	.expect = SNAG_CLEAN,
	.state_size = sizeof(struct picture),
	.setup = setup,
	.roles = {{"client", submit_map, 1}, {"worker", work, 0}},
	.check = check,
	.teardown = teardown,
	.outcomes =
		{
			{.when = "each-once",
			 .grade = SNAG_ALLOWED,
			 .why = "every task has a row of its own"},
			{.when = "skipped",
			 .grade = SNAG_FORBIDDEN,
			 .why = "a task would have to read another's argument"},
		},
};
