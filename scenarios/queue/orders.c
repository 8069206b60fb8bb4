/*
 * Bounded, blocking queues in two other orders, last-in first-out and most
 * urgent first.  The monitor is that of queue/fifo; only how an item is stored
 * and chosen differs, and that code never knows of threads.
 */
#include <snag/scenario.h>

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

enum { SLOTS = 4, ITEMS = 3, PRODUCER = 0 };

/* Called with the lock held; `length` does not count the item. */
struct order {
	void (*insert)(unsigned *slot, size_t length, unsigned item);
	unsigned (*extract)(unsigned *slot, size_t length);
};

struct queue {
	pthread_mutex_t lock;
	pthread_cond_t not_empty, not_full;
	const struct order *order;
	unsigned slot[SLOTS];
	size_t length;
	unsigned producers; /* that have not left yet */
};

struct work {
	struct queue queue;
	unsigned items;
	atomic_uint *taken; /* of each item: how often it came out */
};

/* Last in, first out: a stack. */

static void push(unsigned *slot, size_t length, unsigned item)
{
	slot[length] = item;
}

static unsigned pop(unsigned *slot, size_t length)
{
	return slot[length];
}

/* Smallest first: a binary heap. */

static void sift_up(unsigned *slot, size_t length, unsigned item)
{
	size_t at = length;

	while (at > 0 && slot[(at - 1) / 2] > item) {
		slot[at] = slot[(at - 1) / 2];
		at = (at - 1) / 2;
	}
	slot[at] = item;
}

static unsigned sift_down(unsigned *slot, size_t length)
{
	unsigned first = slot[0], last = slot[length];
	size_t at = 0, child;

	while ((child = 2 * at + 1) < length) {
		if (child + 1 < length && slot[child + 1] < slot[child])
			child++;
		if (slot[child] >= last)
			break;
		slot[at] = slot[child];
		at = child;
	}
	slot[at] = last;
	return first;
}

/* The monitor. */

static void put(struct queue *queue, unsigned item)
{
	pthread_mutex_lock(&queue->lock);
	while (queue->length == SLOTS)
		pthread_cond_wait(&queue->not_full, &queue->lock);
	queue->order->insert(queue->slot, queue->length++, item);
	pthread_cond_signal(&queue->not_empty);
	pthread_mutex_unlock(&queue->lock);
}

/* False: the queue is empty and every producer has left. */
static bool get(struct queue *queue, unsigned *item)
{
	bool found;

	pthread_mutex_lock(&queue->lock);
	while (queue->length == 0 && queue->producers > 0)
		pthread_cond_wait(&queue->not_empty, &queue->lock);
	found = queue->length > 0;
	if (found) {
		*item = queue->order->extract(queue->slot, --queue->length);
		pthread_cond_signal(&queue->not_full);
	}
	pthread_mutex_unlock(&queue->lock);
	return found;
}

static void leave(struct queue *queue)
{
	pthread_mutex_lock(&queue->lock);
	if (--queue->producers == 0)
		pthread_cond_broadcast(&queue->not_empty);
	pthread_mutex_unlock(&queue->lock);
}

/* The scenarios. */

static bool setup(struct snag_run *run, struct work *work,
		  const struct order *order)
{
	work->items = ITEMS * snag_role_threads(run, PRODUCER);
	work->taken = calloc(work->items, sizeof(*work->taken));
	if (!work->taken)
		abort();
	pthread_mutex_init(&work->queue.lock, NULL);
	pthread_cond_init(&work->queue.not_empty, NULL);
	pthread_cond_init(&work->queue.not_full, NULL);
	work->queue.order = order;
	work->queue.producers = snag_role_threads(run, PRODUCER);
	return true;
}

static bool setup_lifo(struct snag_run *run, void *state)
{
	static const struct order lifo = {push, pop};

	return setup(run, state, &lifo);
}

static bool setup_priority(struct snag_run *run, void *state)
{
	static const struct order smallest_first = {sift_up, sift_down};

	return setup(run, state, &smallest_first);
}

static void produce(struct snag_self *self, void *state)
{
	struct work *work = state;
	unsigned first = snag_index(self) * ITEMS;

	for (unsigned i = 0; i < ITEMS; i++)
		put(&work->queue, first + i);
	leave(&work->queue);
}

static void consume(struct snag_self *self, void *state)
{
	struct work *work = state;
	unsigned item;

	(void)self;
	while (get(&work->queue, &item))
		atomic_fetch_add_explicit(&work->taken[item], 1,
					  memory_order_relaxed);
}

static void check(struct snag_run *run, void *state)
{
	struct work *work = state;
	bool lost = false, doubled = false;

	for (unsigned i = 0; i < work->items; i++) {
		unsigned times = atomic_load(&work->taken[i]);

		lost = lost || times == 0;
		doubled = doubled || times > 1;
	}
	snag_outcome(run, doubled ? "doubled" : lost ? "lost" : "exact");
}

static void teardown(void *state)
{
	struct work *work = state;

	pthread_cond_destroy(&work->queue.not_full);
	pthread_cond_destroy(&work->queue.not_empty);
	pthread_mutex_destroy(&work->queue.lock);
	free(work->taken);
}

SNAG_SCENARIO(queue, lifo) = {
	.summary = "a bounded, blocking last-in first-out queue",
	.repairs = "queue/fifo_unlocked",
	.refs = {"Hoare, Monitors, CACM 17(10), 1974"},
	.tags = "queue stack monitor condition",
	.practice = SNAG_THREAD_SAFE_COLLECTION,
	.lesson =
		"A stack is the simplest thing to store items in, and it too "
		"must test, store and count in one step: push and pop run "
		"with the lock of put and get held, and know nothing of "
		"threads. The newest item comes out first, while its data is "
		"still in the cache, which suits a pool of buffers. It is not "
		"fair: under a steady load the oldest item may wait for ever.",
	.in_python = "queue.LifoQueue(maxsize=4).",
	.expect = SNAG_CLEAN,
	.state_size = sizeof(struct work),
	.setup = setup_lifo,
	.roles = {{"producer", produce, 0}, {"consumer", consume, 0}},
	.min_threads = 2,
	.check = check,
	.teardown = teardown,
	.outcomes = {{.when = "exact",
		      .grade = SNAG_REQUIRED,
		      .why = "every item came out once"},
		     {.when = "lost",
		      .grade = SNAG_FORBIDDEN,
		      .why = "the lock would have let two producers in"},
		     {.when = "doubled",
		      .grade = SNAG_FORBIDDEN,
		      .why = "the lock would have let two consumers in"}},
};

SNAG_SCENARIO(queue, priority) = {
	.summary = "a bounded, blocking queue, most urgent item first",
	.repairs = "queue/fifo_unlocked",
	.refs = {"Hoare, Monitors, CACM 17(10), 1974"},
	.tags = "queue heap monitor condition",
	.practice = SNAG_THREAD_SAFE_COLLECTION,
	.lesson =
		"A heap moves several items in each insert and each extract, "
		"so a thread that looked at it halfway would find the wrong "
		"item, or one twice. It never can: sift_up and sift_down run "
		"with the lock of put and get held. The smallest item "
		"present comes out first. That is a promise about one get and "
		"not about the whole run: a consumer may have left with a "
		"larger item just before a smaller one was put.",
	.in_python = "queue.PriorityQueue(maxsize=4). It waits while it is "
		     "empty or full, which heapq on a shared list does not.",
	.expect = SNAG_CLEAN,
	.state_size = sizeof(struct work),
	.setup = setup_priority,
	.roles = {{"producer", produce, 0}, {"consumer", consume, 0}},
	.min_threads = 2,
	.check = check,
	.teardown = teardown,
	.outcomes = {{.when = "exact",
		      .grade = SNAG_REQUIRED,
		      .why = "every item came out once"},
		     {.when = "lost",
		      .grade = SNAG_FORBIDDEN,
		      .why = "the lock would have let two producers in"},
		     {.when = "doubled",
		      .grade = SNAG_FORBIDDEN,
		      .why = "the lock would have let two consumers in"}},
};
