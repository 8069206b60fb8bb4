/*
 * Futures on a pool: a client hands in tasks, goes on with other work, and
 * waits for each result where it needs it.  The result and the word that it is
 * there change together, under the future's own lock.
 */
#include "pool.h"
#include <snag/scenario.h>

enum { FUTURES = 6 };

struct future {
	struct task task;
	unsigned n;
	pthread_mutex_t lock;
	pthread_cond_t changed;
	bool is_done;
	uint64_t value; /* once is_done */
};

struct job {
	struct pool pool;
	struct future futures[FUTURES];
	uint64_t total;
};

static bool setup(struct snag_run *run, void *state)
{
	struct job *job = state;

	(void)run;
	pool_init(&job->pool);
	for (unsigned i = 0; i < FUTURES; i++) {
		pthread_mutex_init(&job->futures[i].lock, NULL);
		pthread_cond_init(&job->futures[i].changed, NULL);
	}
	return true;
}

static void teardown(void *state)
{
	struct job *job = state;

	for (unsigned i = 0; i < FUTURES; i++) {
		pthread_cond_destroy(&job->futures[i].changed);
		pthread_mutex_destroy(&job->futures[i].lock);
	}
	pool_destroy(&job->pool);
}

static uint64_t factorial(unsigned n)
{
	uint64_t product = 1;

	while (n > 1)
		product *= n--;
	return product;
}

static void future_run(void *arg)
{
	struct future *future = arg;
	uint64_t value = factorial(future->n);

	pthread_mutex_lock(&future->lock);
	future->value = value;
	future->is_done = true;
	pthread_cond_signal(&future->changed);
	pthread_mutex_unlock(&future->lock);
}

static uint64_t future_get(struct future *future)
{
	uint64_t value;

	pthread_mutex_lock(&future->lock);
	while (!future->is_done)
		pthread_cond_wait(&future->changed, &future->lock);
	value = future->value;
	pthread_mutex_unlock(&future->lock);
	return value;
}

static void add_factorials(struct snag_self *self, void *state)
{
	struct job *job = state;

	(void)self;
	for (unsigned i = 0; i < FUTURES; i++) {
		struct future *future = &job->futures[i];

		future->n = i;
		future->task = (struct task){future_run, future, NULL};
		pool_submit(&job->pool, &future->task);
	}
	for (unsigned i = 0; i < FUTURES; i++)
		job->total += future_get(&job->futures[i]);
	pool_shutdown(&job->pool);
}

static void work(struct snag_self *self, void *state)
{
	struct job *job = state;

	(void)self;
	pool_work(&job->pool);
}

static void check(struct snag_run *run, void *state)
{
	const struct job *job = state;
	uint64_t expected = 0;

	for (unsigned i = 0; i < FUTURES; i++)
		expected += factorial(i);
	snag_outcome(run, job->total == expected ? "exact" : "wrong");
}

SNAG_SCENARIO(executor, pool_futures) = {
	.summary = "results come back from a pool through futures",
	.repairs = "executor/result_before_done",
	.refs = {"Baker and Hewitt, The Incremental Garbage Collection of "
		 "Processes, 1977"},
	.tags = "executor future condition-variable",
	.practice = SNAG_EXECUTOR,
	.lesson = "A future is a place for one result and a way to wait for "
		  "it.  The worker stores value and is_done together under the "
		  "future's lock and signals; the client waits, under the same "
		  "lock, in a loop that tests is_done, and can therefore see "
		  "neither a result that is not there nor miss one that came "
		  "early.  The lock also makes what the task wrote before it "
		  "visible to the client.  The argument travels the other way "
		  "through the lock of the pool.  Tasks and client share "
		  "nothing else, so that none of the code that does the work "
		  "needs a lock.",
	.in_python = "futures = [pool.submit(factorial, n) for n in range(6)]; "
		     "total = sum(f.result() for f in futures)",
	.expect = SNAG_CLEAN,
	.state_size = sizeof(struct job),
	.setup = setup,
	.roles = {{"client", add_factorials, 1}, {"worker", work, 0}},
	.check = check,
	.teardown = teardown,
	.outcomes =
		{
			{.when = "exact",
			 .grade = SNAG_ALLOWED,
			 .why = "every result was waited for before it was "
				"added"},
			{.when = "wrong",
			 .grade = SNAG_FORBIDDEN,
			 .why = "a result would have to be read before it is "
				"done"},
		},
};
