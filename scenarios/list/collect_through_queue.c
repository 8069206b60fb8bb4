/*
 * One owner for the list: producers put what they have into a bounded queue,
 * and a single collector takes it out and extends a list that nobody else can
 * reach.  The list may grow and move with plain realloc and without a lock.
 * The broken twin is shared_extend.c.
 */
#include <snag/scenario.h>

#include <pthread.h>
#include <stdlib.h>

enum { ITEMS = 3, QUEUE_SLOTS = 4 };

struct queue {
	pthread_mutex_t lock;
	pthread_cond_t not_empty, not_full;
	unsigned slot[QUEUE_SLOTS];
	size_t put, got;    /* counts; the slots are used in turn */
	unsigned producers; /* that have not left yet */
};

struct list {
	unsigned *items;
	size_t length, capacity;
};

struct collection {
	struct queue queue; /* everybody's */
	struct list list;   /* the collector's */
};

static void queue_put(struct queue *queue, unsigned item)
{
	pthread_mutex_lock(&queue->lock);
	while (queue->put - queue->got == QUEUE_SLOTS)
		pthread_cond_wait(&queue->not_full, &queue->lock);
	queue->slot[queue->put++ % QUEUE_SLOTS] = item;
	pthread_cond_signal(&queue->not_empty);
	pthread_mutex_unlock(&queue->lock);
}

static void queue_leave(struct queue *queue)
{
	pthread_mutex_lock(&queue->lock);
	if (--queue->producers == 0)
		pthread_cond_broadcast(&queue->not_empty);
	pthread_mutex_unlock(&queue->lock);
}

/* False: the queue is empty and every producer has left. */
static bool queue_get(struct queue *queue, unsigned *item)
{
	bool found;

	pthread_mutex_lock(&queue->lock);
	while (queue->put == queue->got && queue->producers > 0)
		pthread_cond_wait(&queue->not_empty, &queue->lock);
	found = queue->put != queue->got;
	if (found) {
		*item = queue->slot[queue->got++ % QUEUE_SLOTS];
		pthread_cond_signal(&queue->not_full);
	}
	pthread_mutex_unlock(&queue->lock);
	return found;
}

static void append(struct list *list, unsigned item)
{
	if (list->length == list->capacity) {
		list->capacity = 2 * list->capacity + 1;
		list->items = realloc(list->items,
				      list->capacity * sizeof(*list->items));
		if (!list->items)
			abort();
	}
	list->items[list->length++] = item;
}

static bool setup(struct snag_run *run, void *state)
{
	struct collection *all = state;

	pthread_mutex_init(&all->queue.lock, NULL);
	pthread_cond_init(&all->queue.not_empty, NULL);
	pthread_cond_init(&all->queue.not_full, NULL);
	all->queue.producers = snag_role_threads(run, 1);
	return true;
}

static void collect(struct snag_self *self, void *state)
{
	struct collection *all = state;
	unsigned item;

	(void)self;
	while (queue_get(&all->queue, &item))
		append(&all->list, item);
}

static void produce(struct snag_self *self, void *state)
{
	struct collection *all = state;

	for (unsigned i = 0; i < ITEMS; i++)
		queue_put(&all->queue, snag_index(self) * ITEMS + i);
	queue_leave(&all->queue);
}

static void check(struct snag_run *run, void *state)
{
	const struct list *list = &((struct collection *)state)->list;
	size_t expected = (size_t)snag_role_threads(run, 1) * ITEMS;
	size_t sum = 0;

	for (size_t i = 0; i < list->length; i++)
		sum += list->items[i];
	if (list->length == expected && sum == expected * (expected - 1) / 2)
		snag_outcome(run, "exact");
	else
		snag_outcome(run, "lost");
}

static void teardown(void *state)
{
	struct collection *all = state;

	free(all->list.items);
	pthread_cond_destroy(&all->queue.not_full);
	pthread_cond_destroy(&all->queue.not_empty);
	pthread_mutex_destroy(&all->queue.lock);
}

SNAG_SCENARIO(list, collect_through_queue) = {
	.summary = "producers feed a queue; one collector owns the list",
	.repairs = "list/shared_extend",
	.tags = "list container queue",
	.practice = SNAG_MESSAGE_PASSING,
	.lesson =
		"Only the collector touches the list, so append() may move "
		"the items with realloc whenever it likes: there is nobody "
		"whose pointer could go stale. The threads meet in the queue "
		"alone, which is small, never moves and holds its lock for a "
		"few instructions. An item belongs to the producer until it "
		"is put and to the collector once it is got, and the queue's "
		"lock orders the two. The queue is bounded, so fast producers "
		"wait instead of filling the memory.",
	.in_python = "Workers do q.put(item) on a queue.Queue(maxsize=4); one "
		     "thread does items.append(q.get()).",
	.expect = SNAG_CLEAN,
	.state_size = sizeof(struct collection),
	.setup = setup,
	.roles = {{"collector", collect, 1}, {"producer", produce, 0}},
	.check = check,
	.teardown = teardown,
	.outcomes = {{.when = "exact",
		      .grade = SNAG_REQUIRED,
		      .why = "every item went through the queue once"},
		     {.when = "lost",
		      .grade = SNAG_FORBIDDEN,
		      .why = "the queue would have lost or doubled an item"}},
};
