/*
 * An executor refuses tasks once it is shut down.  Broken: submitting looks
 * whether it is shut before it takes the lock, so that a task can slip in
 * after the last worker has gone.  Right: looking and adding are one step,
 * under the lock that shutting down takes too.
 */
#include <pthread.h>
#include <snag/scenario.h>

enum { JOBS = 8 }; /* that each client wants to hand in */

struct job {
	struct job *next;
	bool is_accepted; /* what its client was told */
	bool has_run;
};

struct executor {
	pthread_mutex_t lock;
	struct job *waiting;
	bool is_shut;
	struct job jobs[SNAG_MAX_THREADS][JOBS]; /* of each client */
};

static bool setup(struct snag_run *run, void *state)
{
	struct executor *executor = state;

	(void)run;
	pthread_mutex_init(&executor->lock, NULL);
	return true;
}

static void teardown(void *state)
{
	struct executor *executor = state;

	pthread_mutex_destroy(&executor->lock);
}

static void push(struct executor *executor, struct job *job)
{
	job->next = executor->waiting;
	executor->waiting = job;
}

static bool submit_unlocked_check(struct executor *executor, struct job *job)
{
	if (executor->is_shut)
		return false;
	pthread_mutex_lock(&executor->lock);
	push(executor, job);
	pthread_mutex_unlock(&executor->lock);
	return true;
}

static bool submit_locked_check(struct executor *executor, struct job *job)
{
	bool is_accepted;

	pthread_mutex_lock(&executor->lock);
	is_accepted = !executor->is_shut;
	if (is_accepted)
		push(executor, job);
	pthread_mutex_unlock(&executor->lock);
	return is_accepted;
}

static void send_unlocked_check(struct snag_self *self, void *state)
{
	struct executor *executor = state;
	struct job *jobs = executor->jobs[snag_index(self)];

	for (unsigned i = 0; i < JOBS; i++) {
		jobs[i].is_accepted = submit_unlocked_check(executor, &jobs[i]);
		snag_point(self);
	}
}

static void send_locked_check(struct snag_self *self, void *state)
{
	struct executor *executor = state;
	struct job *jobs = executor->jobs[snag_index(self)];

	for (unsigned i = 0; i < JOBS; i++) {
		jobs[i].is_accepted = submit_locked_check(executor, &jobs[i]);
		snag_point(self);
	}
}

static void begin_shutdown(struct executor *executor)
{
	pthread_mutex_lock(&executor->lock);
	executor->is_shut = true;
	pthread_mutex_unlock(&executor->lock);
}

static struct job *take(struct executor *executor)
{
	struct job *job;

	pthread_mutex_lock(&executor->lock);
	job = executor->waiting;
	if (job != NULL)
		executor->waiting = job->next;
	pthread_mutex_unlock(&executor->lock);
	return job;
}

/* The owner closes the executor and runs what is still waiting. */
static void shut_down(struct snag_self *self, void *state)
{
	struct executor *executor = state;
	struct job *job;

	(void)self;
	begin_shutdown(executor);
	while ((job = take(executor)) != NULL)
		job->has_run = true;
}

static void check(struct snag_run *run, void *state)
{
	const struct executor *executor = state;
	const char *outcome = "all-run";

	for (unsigned i = 0; i < snag_role_threads(run, 1); i++) {
		for (unsigned j = 0; j < JOBS; j++) {
			const struct job *job = &executor->jobs[i][j];

			if (job->is_accepted && !job->has_run) {
				snag_outcome(run, "stranded");
				return;
			}
			if (!job->is_accepted)
				outcome = "refused";
		}
	}
	snag_outcome(run, "%s", outcome);
}

SNAG_SCENARIO(executor, submit_after_shutdown) = {
	.summary = "a task is accepted by an executor that has shut down",
	.refs = {"CWE-362", "CWE-367"},
	.tags = "executor shutdown",
	.practice = SNAG_EXECUTOR,
	.lesson = "submit_unlocked_check reads is_shut without the lock, while "
		  "begin_shutdown writes it with the lock: a lock that only "
		  "one side takes orders nothing, so this is a data race.  "
		  "Worse, the answer is out of date as soon as it is read.  "
		  "The owner can shut the executor, run what is waiting and "
		  "leave, all between the test and pthread_mutex_lock; the "
		  "task then goes into a list that nobody will ever look at, "
		  "and its client waits for ever.  The repair is to test and "
		  "add inside one critical section: a client that comes before "
		  "the shutdown is served, one that comes after is told.",
	.in_python =
		"ThreadPoolExecutor.submit tests its shutdown flag under the "
		"lock that shutdown() takes, and raises RuntimeError after "
		"it.  A home-made `if not closed: queue.put(task)` can strand "
		"the task; queue.Queue.shutdown() (3.13) does not.",
	.expect = SNAG_BROKEN,
	.state_size = sizeof(struct executor),
	.setup = setup,
	.roles = {{"owner", shut_down, 1}, {"client", send_unlocked_check, 0}},
	.check = check,
	.teardown = teardown,
	.reports = {{
		.kind = SNAG_DATA_RACE,
		.cause = "missing-lock",
		.grade = SNAG_REQUIRED,
		.between = {"submit_unlocked_check", "begin_shutdown"},
		.why = "is_shut is written with the lock and read without",
	}},
	.outcomes =
		{
			{.when = "all-run",
			 .grade = SNAG_ALLOWED,
			 .why = "every task came before the shutdown"},
			{.when = "refused",
			 .grade = SNAG_ALLOWED,
			 .why = "a client came after the shutdown and was told "
				"so"},
			{.when = "stranded",
			 .grade = SNAG_ALLOWED,
			 .why = "a task was accepted after the last look at "
				"the list"},
		},
};

SNAG_SCENARIO(executor, submit_or_refuse) = {
	.summary = "an executor accepts or refuses a task in one step",
	.repairs = "executor/submit_after_shutdown",
	.tags = "executor shutdown",
	.practice = SNAG_EXECUTOR,
	.lesson = "submit_locked_check tests is_shut and adds the task inside "
		  "one critical section, and begin_shutdown changes is_shut "
		  "under the same lock.  The lock puts every submission either "
		  "before the shutdown, and then the owner finds the task in "
		  "the list when it looks afterwards, or after it, and then "
		  "the client is refused and knows.  There is no third case.  "
		  "Refusing is part of the interface: an executor that can be "
		  "shut down needs a submit that can say no.",
	.in_python =
		"with lock: if closed: raise RuntimeError(...); "
		"tasks.append(task) - or use ThreadPoolExecutor, which does "
		"just that.",
	.expect = SNAG_CLEAN,
	.state_size = sizeof(struct executor),
	.setup = setup,
	.roles = {{"owner", shut_down, 1}, {"client", send_locked_check, 0}},
	.check = check,
	.teardown = teardown,
	.outcomes =
		{
			{.when = "all-run",
			 .grade = SNAG_ALLOWED,
			 .why = "every task came before the shutdown"},
			{.when = "refused",
			 .grade = SNAG_ALLOWED,
			 .why = "a client came after the shutdown and was told "
				"so"},
			{.when = "stranded",
			 .grade = SNAG_FORBIDDEN,
			 .why = "what is accepted is in the list before the "
				"last look"},
		},
};
