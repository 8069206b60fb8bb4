/*
 * Fork and join: half of a sum is computed by a task on another thread, the
 * other half by the caller, who adds the two.  Broken: the caller reads the
 * task's result as soon as its own half is done.  Right: it asks the future,
 * which waits for the task.
 */
#include <pthread.h>
#include <snag/scenario.h>
#include <stdlib.h>

enum { MEASURES = 64 };

/* A running task and, once it is done, what it came to. */
struct future {
	pthread_t thread;
	const unsigned *values;
	size_t count;
	uint64_t sum;
};

struct series {
	unsigned values[MEASURES];
	uint64_t total[SNAG_MAX_THREADS]; /* one for each client */
};

static bool setup(struct snag_run *run, void *state)
{
	struct series *series = state;

	(void)run;
	for (unsigned i = 0; i < MEASURES; i++)
		series->values[i] = i + 1;
	return true;
}

static uint64_t sum_of(const unsigned *values, size_t count)
{
	uint64_t sum = 0;

	for (size_t i = 0; i < count; i++)
		sum += values[i];
	return sum;
}

static void *run_task(void *arg)
{
	struct future *future = arg;

	future->sum = sum_of(future->values, future->count);
	return NULL;
}

static void future_start(struct future *future, const unsigned *values,
			 size_t count)
{
	*future = (struct future){.values = values, .count = count};
	if (pthread_create(&future->thread, NULL, run_task, future) != 0)
		abort();
}

static void future_wait(struct future *future)
{
	pthread_join(future->thread, NULL);
}

static uint64_t future_get(struct future *future)
{
	future_wait(future);
	return future->sum;
}

static void add_halves_at_once(struct snag_self *self, void *state)
{
	struct series *series = state;
	struct future *right = malloc(sizeof(*right));
	uint64_t left;

	if (right == NULL)
		abort();
	future_start(right, series->values + MEASURES / 2, MEASURES / 2);
	left = sum_of(series->values, MEASURES / 2);
	series->total[snag_index(self)] = left + right->sum;
	future_wait(right);
	free(right);
}

static void add_halves_when_done(struct snag_self *self, void *state)
{
	struct series *series = state;
	struct future *right = malloc(sizeof(*right));
	uint64_t left;

	if (right == NULL)
		abort();
	future_start(right, series->values + MEASURES / 2, MEASURES / 2);
	left = sum_of(series->values, MEASURES / 2);
	series->total[snag_index(self)] = left + future_get(right);
	free(right);
}

static void check(struct snag_run *run, void *state)
{
	const struct series *series = state;
	const char *outcome = "exact";

	for (unsigned i = 0; i < snag_role_threads(run, 0); i++)
		if (series->total[i] != MEASURES * (MEASURES + 1) / 2)
			outcome = "half";
	snag_outcome(run, "%s", outcome);
}

SNAG_SCENARIO(executor, result_before_done) = {
	.summary = "the caller reads a task's result without waiting for it",
	.refs = {"CWE-362", "POSIX.1-2017 XSH pthread_join"},
	.tags = "executor future join",
	.practice = SNAG_EXECUTOR,
	.lesson = "add_halves_at_once starts a task for the right half, adds "
		  "up the left half itself and then reads right->sum, while "
		  "run_task may still have to store it.  Starting a thread "
		  "orders what came before it, but nothing orders what the new "
		  "thread does before a later line of its creator: that the "
		  "creator was busy in between proves nothing.  The read races "
		  "with the store, and the total mostly lacks the right half.  "
		  "The wait further down comes too late.  The repair is never "
		  "to read a result but through the future: future_get waits "
		  "for the task (here by pthread_join), which makes all that "
		  "it wrote visible, and only then reads.",
	.in_python =
		"future.result() waits; a list that the task fills in "
		"(pool.submit(work, out); total = left + out[0]) does not, "
		"and out[0] may not be there yet.",
	.expect = SNAG_BROKEN,
	.state_size = sizeof(struct series),
	.setup = setup,
	.roles = {{"client", add_halves_at_once, 0}},
	.check = check,
	.reports = {{
		.kind = SNAG_DATA_RACE,
		.cause = "missing-join",
		.grade = SNAG_REQUIRED,
		.between = {"add_halves_at_once", "run_task"},
		.why = "the result is read before the task's thread is joined",
	}},
	.outcomes =
		{
			{.when = "half",
			 .grade = SNAG_ALLOWED,
			 .why = "the task had not stored its half of the sum "
				"yet"},
			{.when = "exact",
			 .grade = SNAG_ALLOWED,
			 .why = "every task happened to be faster than its "
				"caller"},
		},
};

SNAG_SCENARIO(executor, result_when_done) = {
	.summary = "the caller takes a task's result from its future",
	.repairs = "executor/result_before_done",
	.refs = {"POSIX.1-2017 XSH pthread_join"},
	.tags = "executor future join",
	.practice = SNAG_EXECUTOR,
	.lesson = "The only way to the result is future_get, which joins the "
		  "thread before it reads future->sum.  Everything that a "
		  "thread did happens-before the return of the pthread_join "
		  "that waits for it, so the read needs no lock and no atomic. "
		  " The two halves still run at the same time: the caller "
		  "waits only where it needs the other half.  The future is "
		  "freed after the join, when no one else can reach it.",
	.in_python =
		"right = pool.submit(sum, half); total = sum(other_half) + "
		"right.result()",
	.expect = SNAG_CLEAN,
	.state_size = sizeof(struct series),
	.setup = setup,
	.roles = {{"client", add_halves_when_done, 0}},
	.check = check,
	.outcomes =
		{
			{.when = "exact",
			 .grade = SNAG_ALLOWED,
			 .why = "both halves were finished when they were "
				"added"},
			{.when = "half",
			 .grade = SNAG_FORBIDDEN,
			 .why = "the join orders the task before the read"},
		},
};
