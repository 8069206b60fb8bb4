/*
 * Waiting without a loop: a consumer tests once that there is a job, waits
 * when there is none, and takes one when it wakes up.  But to be woken is not
 * to be served: another consumer may have taken the job before.  Right with
 * `while` instead of `if`.
 */
#include <snag/scenario.h>

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

enum { CONSUMER = 1 };

struct jobs {
	pthread_mutex_t lock;
	pthread_cond_t not_empty;
	unsigned total;     /* one for each consumer */
	unsigned *job;      /* their numbers, from 1; 0: not put yet */
	unsigned put, got;  /* counts */
	atomic_bool missed; /* did anyone get what was not there? */
};

static bool setup(struct snag_run *run, void *state)
{
	struct jobs *jobs = state;

	pthread_mutex_init(&jobs->lock, NULL);
	pthread_cond_init(&jobs->not_empty, NULL);
	jobs->total = snag_role_threads(run, CONSUMER);
	jobs->job = calloc(jobs->total, sizeof(*jobs->job));
	if (!jobs->job)
		abort();
	return true;
}

/* Wakes all who wait: always allowed, when those look before they take. */
static void put_job(struct jobs *jobs, unsigned job)
{
	pthread_mutex_lock(&jobs->lock);
	jobs->job[jobs->put++] = job;
	pthread_cond_broadcast(&jobs->not_empty);
	pthread_mutex_unlock(&jobs->lock);
}

static void produce(struct snag_self *self, void *state)
{
	struct jobs *jobs = state;

	for (unsigned i = 1; i <= jobs->total; i++) {
		snag_point(self);
		put_job(jobs, i);
	}
}

static void do_job(struct jobs *jobs, unsigned job)
{
	if (job == 0)
		atomic_store_explicit(&jobs->missed, true,
				      memory_order_relaxed);
}

/* Broken: tests once. */

static unsigned get_without_loop(struct jobs *jobs)
{
	unsigned job;

	pthread_mutex_lock(&jobs->lock);
	if (jobs->got == jobs->put)
		pthread_cond_wait(&jobs->not_empty, &jobs->lock);
	job = jobs->job[jobs->got++];
	pthread_mutex_unlock(&jobs->lock);
	return job;
}

static void consume_without_loop(struct snag_self *self, void *state)
{
	(void)self;
	do_job(state, get_without_loop(state));
}

/* Repaired: tests again after each wait. */

static unsigned get_in_loop(struct jobs *jobs)
{
	unsigned job;

	pthread_mutex_lock(&jobs->lock);
	while (jobs->got == jobs->put)
		pthread_cond_wait(&jobs->not_empty, &jobs->lock);
	job = jobs->job[jobs->got++];
	pthread_mutex_unlock(&jobs->lock);
	return job;
}

static void consume_in_loop(struct snag_self *self, void *state)
{
	(void)self;
	do_job(state, get_in_loop(state));
}

static void check(struct snag_run *run, void *state)
{
	struct jobs *jobs = state;

	snag_outcome(run, atomic_load(&jobs->missed) ? "empty-handed" : "each");
}

static void teardown(void *state)
{
	struct jobs *jobs = state;

	free(jobs->job);
	pthread_cond_destroy(&jobs->not_empty);
	pthread_mutex_destroy(&jobs->lock);
}

SNAG_SCENARIO(queue, wait_without_loop) = {
	.summary = "a consumer waits with `if` and takes what is not there",
	.refs = {"POSIX pthread_cond_wait()", "CERT C CON36-C"},
	.tags = "queue condition monitor",
	.practice = SNAG_THREAD_SAFE_COLLECTION,
	.lesson =
		"get_without_loop tests under the lock that there is a job, "
		"and takes one under the lock. In between, pthread_cond_wait "
		"gives the lock up, so the test and the taking are not one "
		"step. Two consumers wait, one job is put and both are woken: "
		"the first takes the job, the second takes the slot behind "
		"it, where nothing is yet. pthread_cond_signal would only "
		"make this rarer: a third consumer may come in first, and "
		"POSIX lets a wait end for no reason at all. Every access "
		"holds the lock, so there is no data race and "
		"ThreadSanitizer is silent. queue/wait_in_loop tests again "
		"each time it has the lock back.",
	.in_python = "threading.Condition is the same: never `if not jobs: "
		     "cond.wait()`, but `while not jobs: cond.wait()` or "
		     "cond.wait_for(lambda: jobs).",
	.expect = SNAG_BLIND,
	.state_size = sizeof(struct jobs),
	.setup = setup,
	.roles = {{"producer", produce, 1},
		  {"consumer", consume_without_loop, 0}},
	.min_threads = 2,
	.check = check,
	.teardown = teardown,
	.outcomes = {{.when = "empty-handed",
		      .grade = SNAG_REQUIRED,
		      .why = "a consumer was woken and another had the job",
		      .cause = "atomicity-violation"},
		     {.when = "each",
		      .grade = SNAG_ALLOWED,
		      .why = "nobody was woken in vain this time"}},
};

SNAG_SCENARIO(queue, wait_in_loop) = {
	.summary = "a consumer waits with `while` until there is a job",
	.repairs = "queue/wait_without_loop",
	.refs = {"POSIX pthread_cond_wait()", "CERT C CON36-C"},
	.tags = "queue condition monitor",
	.practice = SNAG_THREAD_SAFE_COLLECTION,
	.lesson = "The loop in get_in_loop ends only with a test that was made "
		  "while holding the lock, and the lock is then kept until the "
		  "job is taken: test and taking are one step. To be woken "
		  "means no more than `look again`, so it does no harm when "
		  "too many are woken, when another consumer was faster or "
		  "when a wait ends without a reason.",
	.in_python = "with cond: cond.wait_for(lambda: jobs); job = "
		     "jobs.popleft()",
	.expect = SNAG_CLEAN,
	.state_size = sizeof(struct jobs),
	.setup = setup,
	.roles = {{"producer", produce, 1}, {"consumer", consume_in_loop, 0}},
	.min_threads = 2,
	.check = check,
	.teardown = teardown,
	.outcomes = {{.when = "each",
		      .grade = SNAG_REQUIRED,
		      .why = "every consumer got a job"},
		     {.when = "empty-handed",
		      .grade = SNAG_FORBIDDEN,
		      .why = "the test would not have held until the taking"}},
};
