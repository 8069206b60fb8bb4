/*
 * A loop starts one task for each row of a picture.  Broken: every task is
 * given the address of the same local variable, which has moved on by the time
 * that the task reads it.  Right: every task is given an argument of its own,
 * which nobody changes while the task may run.
 */
#include <pthread.h>
#include <snag/scenario.h>
#include <stdatomic.h>
#include <stdlib.h>

enum { ROWS = 4 };

struct picture;

struct stripe {
	unsigned row;
	struct picture *picture;
};

struct picture {
	pthread_t painters[ROWS];
	atomic_uint painted[ROWS + 1]; /* how often; the last: past the end */
};

static void paint(struct picture *picture, unsigned row)
{
	atomic_fetch_add_explicit(&picture->painted[row], 1,
				  memory_order_relaxed);
}

static void *paint_current_stripe(void *arg)
{
	const struct stripe *stripe = arg;

	paint(stripe->picture, stripe->row);
	return NULL;
}

static void *paint_own_stripe(void *arg)
{
	const struct stripe *stripe = arg;

	paint(stripe->picture, stripe->row);
	return NULL;
}

static void start(pthread_t *thread, void *(*task)(void *), void *arg)
{
	if (pthread_create(thread, NULL, task, arg) != 0)
		abort();
}

static void wait_for_all(struct picture *picture)
{
	for (unsigned row = 0; row < ROWS; row++)
		pthread_join(picture->painters[row], NULL);
}

static void start_by_reference(struct snag_self *self, void *state)
{
	struct picture *picture = state;
	struct stripe stripe = {.picture = picture};

	(void)self;
	for (stripe.row = 0; stripe.row < ROWS; stripe.row++)
		start(&picture->painters[stripe.row], paint_current_stripe,
		      &stripe);
	wait_for_all(picture);
}

static void start_with_own(struct snag_self *self, void *state)
{
	struct picture *picture = state;
	struct stripe stripes[ROWS];

	(void)self;
	for (unsigned row = 0; row < ROWS; row++) {
		stripes[row] = (struct stripe){row, picture};
		start(&picture->painters[row], paint_own_stripe, &stripes[row]);
	}
	wait_for_all(picture);
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
	.lesson = "start_by_reference has one variable, stripe, on its stack; "
		  "every task is given the address of it, and the loop goes on "
		  "to the next row while the task still has to start.  The "
		  "task in paint_current_stripe then reads stripe->row while "
		  "the loop's stripe.row++ writes it: a data race on another "
		  "thread's stack.  Some rows are painted twice, others never, "
		  "and a late task paints past the last row.  Were the "
		  "function to return without waiting for its tasks, they "
		  "would read a frame that no longer exists.  The repair is to "
		  "give each task an argument of its own that lives until the "
		  "task has ended, or to pass the value itself.",
	.in_python =
		"for row in rows: pool.submit(lambda: paint(row)) - all the "
		"lambdas share one variable row and read it late.  "
		"pool.submit(paint, row) binds the value now.",
	.expect = SNAG_BROKEN,
	.state_size = sizeof(struct picture),
	.roles = {{"client", start_by_reference, 1}},
	.check = check,
	.reports = {{
		.kind = SNAG_DATA_RACE,
		.cause = "escaped-stack",
		.grade = SNAG_REQUIRED,
		.between = {"start_by_reference", "paint_current_stripe"},
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

SNAG_SCENARIO(executor, args_of_their_own) = {
	.summary = "every task is given an argument of its own",
	.repairs = "executor/args_by_reference",
	.refs = {"SEI CERT CON34-C"},
	.tags = "executor arguments stack",
	.practice = SNAG_EXECUTOR,
	.lesson = "stripes has one element for each task.  It is filled in "
		  "before the task is started, and starting a thread "
		  "happens-before everything that the thread does, so the task "
		  "sees it complete; afterwards only that task reads it.  The "
		  "array is on the stack of start_with_own, which is allowed "
		  "here because the function waits for all its tasks before it "
		  "returns.  A function that does not wait must put the "
		  "arguments on the heap, and the task that reads one frees "
		  "it.",
	.in_python =
		"pool.submit(paint, row), or functools.partial(paint, row): "
		"the value is bound when the task is made.",
	.expect = SNAG_CLEAN,
	.state_size = sizeof(struct picture),
	.roles = {{"client", start_with_own, 1}},
	.check = check,
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
