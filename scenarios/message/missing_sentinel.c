/*
 * Missing sentinel: workers take tasks from a queue until they find a sentinel
 * that says "no more", and the feeder forgets the sentinels on its error path.
 * Everybody then waits for ever for a message that nobody will send.  Right
 * with one sentinel for each worker on every way out.
 */
#include <snag/scenario.h>

#include <pthread.h>

enum { TASKS = 4, SLOTS = 4, SENTINEL = 0, WORKER = 1 };

/* Once in so many runs a task is bad. */
enum { BAD_ONE_IN = 64 };

struct queue {
	pthread_mutex_t lock;
	pthread_cond_t not_empty, not_full;
	unsigned slot[SLOTS];
	size_t put, got; /* counts; the slots are used in turn */
};

/* Tasks are numbers from 1; the result of each is its square. */
struct plant {
	struct queue tasks, results;
	unsigned workers;
	unsigned fed; /* the feeder's: the sum of what it expects back */
	unsigned sum; /* the collector's */
};

static void queue_init(struct queue *queue)
{
	pthread_mutex_init(&queue->lock, NULL);
	pthread_cond_init(&queue->not_empty, NULL);
	pthread_cond_init(&queue->not_full, NULL);
}

static void queue_release(struct queue *queue)
{
	pthread_cond_destroy(&queue->not_full);
	pthread_cond_destroy(&queue->not_empty);
	pthread_mutex_destroy(&queue->lock);
}

static void queue_put(struct queue *queue, unsigned item)
{
	pthread_mutex_lock(&queue->lock);
	while (queue->put - queue->got == SLOTS)
		pthread_cond_wait(&queue->not_full, &queue->lock);
	queue->slot[queue->put++ % SLOTS] = item;
	pthread_cond_signal(&queue->not_empty);
	pthread_mutex_unlock(&queue->lock);
}

static unsigned queue_get(struct queue *queue)
{
	unsigned item;

	pthread_mutex_lock(&queue->lock);
	while (queue->put == queue->got)
		pthread_cond_wait(&queue->not_empty, &queue->lock);
	item = queue->slot[queue->got++ % SLOTS];
	pthread_cond_signal(&queue->not_full);
	pthread_mutex_unlock(&queue->lock);
	return item;
}

static bool setup(struct snag_run *run, void *state)
{
	struct plant *plant = state;

	queue_init(&plant->tasks);
	queue_init(&plant->results);
	plant->workers = snag_role_threads(run, WORKER);
	return true;
}

/* Tasks in, results out, until there are no more tasks; the sentinel is
 * passed on, so that the collector knows when it has all results. */
static void work(struct snag_self *self, void *state)
{
	struct plant *plant = state;
	unsigned task;

	(void)self;
	while ((task = queue_get(&plant->tasks)) != SENTINEL)
		queue_put(&plant->results, task * task);
	queue_put(&plant->results, SENTINEL);
}

static void collect(struct snag_self *self, void *state)
{
	struct plant *plant = state;
	unsigned working = plant->workers, result;

	(void)self;
	while (working > 0) {
		result = queue_get(&plant->results);
		if (result == SENTINEL)
			working--;
		plant->sum += result;
	}
}

/* False: the task is bad. */
static bool feed_task(struct snag_self *self, struct plant *plant,
		      unsigned task)
{
	if (snag_random(self, BAD_ONE_IN * TASKS) == 0)
		return false;
	queue_put(&plant->tasks, task);
	plant->fed += task * task;
	return true;
}

/* Broken: the early return goes past the sentinels. */

static void feed_and_give_up(struct snag_self *self, void *state)
{
	struct plant *plant = state;

	for (unsigned task = 1; task <= TASKS; task++)
		if (!feed_task(self, plant, task))
			return;
	for (unsigned i = 0; i < plant->workers; i++)
		queue_put(&plant->tasks, SENTINEL);
}

/* Repaired: every way leads to the sentinels. */

static void feed_and_finish(struct snag_self *self, void *state)
{
	struct plant *plant = state;

	for (unsigned task = 1; task <= TASKS; task++)
		if (!feed_task(self, plant, task))
			break;
	for (unsigned i = 0; i < plant->workers; i++)
		queue_put(&plant->tasks, SENTINEL);
}

static void check(struct snag_run *run, void *state)
{
	struct plant *plant = state;

	snag_outcome(run, plant->sum == plant->fed ? "exact" : "lost");
}

static void teardown(void *state)
{
	struct plant *plant = state;

	queue_release(&plant->results);
	queue_release(&plant->tasks);
}

SNAG_SCENARIO(message, missing_sentinel) = {
	.summary = "on an error the feeder forgets to tell its workers",
	.refs = {"CWE-833"},
	.tags = "message queue sentinel deadlock",
	.practice = SNAG_MESSAGE_PASSING,
	.lesson =
		"A worker in queue_get cannot know that nothing will come any "
		"more: somebody must say so. feed_and_give_up does, with one "
		"sentinel for each worker, but returns before it when a task "
		"is bad. The workers then sleep in pthread_cond_wait for "
		"ever, and the collector with them, since it waits for the "
		"workers' sentinels. No access is a data race, so "
		"ThreadSanitizer is silent; the program just stands still. "
		"Here a task is bad in one run of sixty-four. The same hang "
		"comes from sending one sentinel to several workers, or from "
		"a worker that dies without passing its own on. "
		"message/sentinel_workers leads every way out past the "
		"sentinels.",
	.in_python =
		"q.get() waits for ever, too. Put one None for each worker in "
		"a `finally:`, or call q.shutdown() (Python 3.13), which wakes "
		"all that wait.",
	.expect = SNAG_BLIND,
	.state_size = sizeof(struct plant),
	.setup = setup,
	.roles = {{"feeder", feed_and_give_up, 1},
		  {"worker", work, 0},
		  {"collector", collect, 1}},
	.check = check,
	.teardown = teardown,
	.outcomes = {{.when = "@deadlock",
		      .grade = SNAG_REQUIRED,
		      .why = "all wait for sentinels that nobody sends",
		      .cause = "order-violation"},
		     {.when = "exact",
		      .grade = SNAG_ALLOWED,
		      .why = "no task was bad, so the sentinels were sent"}},
};

SNAG_SCENARIO(message, sentinel_workers) = {
	.summary = "tasks in, results out, one sentinel for each worker",
	.repairs = "message/missing_sentinel",
	.tags = "message queue sentinel workers",
	.practice = SNAG_MESSAGE_PASSING,
	.lesson = "The feeder sends the tasks and then, whatever happened, one "
		  "sentinel for each worker. Because the queue is first-in "
		  "first-out, every task is taken before the first sentinel, "
		  "and because a worker stops at its first sentinel, each gets "
		  "exactly one. A worker passes its sentinel on, and the "
		  "collector is done when it has counted as many as there are "
		  "workers. Nobody shares anything but the two queues, and "
		  "nobody waits for something that will not come.",
	.in_python = "for _ in workers: tasks.put(None), in a `finally:`; "
		     "each worker ends on None and puts a None into results.",
	.expect = SNAG_CLEAN,
	.state_size = sizeof(struct plant),
	.setup = setup,
	.roles = {{"feeder", feed_and_finish, 1},
		  {"worker", work, 0},
		  {"collector", collect, 1}},
	.check = check,
	.teardown = teardown,
	.outcomes = {{.when = "exact",
		      .grade = SNAG_REQUIRED,
		      .why = "every task came back as one result"},
		     {.when = "lost",
		      .grade = SNAG_FORBIDDEN,
		      .why = "a result would have come after the sentinels"},
		     {.when = "@deadlock",
		      .grade = SNAG_FORBIDDEN,
		      .why = "a worker would have got no sentinel"}},
};
