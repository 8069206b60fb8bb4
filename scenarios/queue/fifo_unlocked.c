/*
 * A ring buffer without a lock: put and get each test and change the same
 * indices in several steps, so two producers fill one slot, two consumers take
 * one item, and items vanish.  Right as a monitor: one lock around the whole
 * ring and a condition to wait for on either side.
 */
#include <snag/scenario.h>

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

enum { SLOTS = 4, ITEMS = 3, TRIES = 8, PRODUCER = 0 };

struct fifo {
	unsigned slot[SLOTS];
	size_t put, got; /* counts; the slots are used in turn */
	/* From here on only the monitor. */
	pthread_mutex_t lock;
	pthread_cond_t not_empty, not_full;
	unsigned producers; /* that have not left yet */
};

struct work {
	struct fifo fifo;
	unsigned items;
	atomic_uint *taken;     /* of each item: how often it came out */
	atomic_bool disordered; /* did a later item come out first? */
};

static bool setup(struct snag_run *run, void *state)
{
	struct work *work = state;

	work->items = ITEMS * snag_role_threads(run, PRODUCER);
	work->taken = calloc(work->items, sizeof(*work->taken));
	if (!work->taken)
		abort();
	pthread_mutex_init(&work->fifo.lock, NULL);
	pthread_cond_init(&work->fifo.not_empty, NULL);
	pthread_cond_init(&work->fifo.not_full, NULL);
	work->fifo.producers = snag_role_threads(run, PRODUCER);
	return true;
}

/* The slots in turn. */

__attribute__((noinline)) static size_t next_to_fill(struct fifo *fifo)
{
	return fifo->put++ % SLOTS;
}

__attribute__((noinline)) static size_t next_to_empty(struct fifo *fifo)
{
	return fifo->got++ % SLOTS;
}

static void take(struct work *work, unsigned item)
{
	atomic_fetch_add_explicit(&work->taken[item], 1, memory_order_relaxed);
}

/* Broken: no lock. */

__attribute__((noinline)) static bool put_unlocked(struct fifo *fifo,
						   unsigned item)
{
	if (fifo->put - fifo->got >= SLOTS)
		return false;
	fifo->slot[next_to_fill(fifo)] = item;
	return true;
}

__attribute__((noinline)) static bool get_unlocked(struct fifo *fifo,
						   unsigned *item)
{
	if (fifo->put == fifo->got)
		return false;
	*item = fifo->slot[next_to_empty(fifo)];
	return true;
}

static void produce_unlocked(struct snag_self *self, void *state)
{
	struct work *work = state;
	unsigned first = snag_index(self) * ITEMS;

	for (unsigned i = 0; i < ITEMS; i++)
		for (int tries = 0; tries < TRIES; tries++) {
			if (put_unlocked(&work->fifo, first + i))
				break;
			snag_point(self);
		}
}

static void consume_unlocked(struct snag_self *self, void *state)
{
	struct work *work = state;
	unsigned item;

	for (int tries = 0; tries < TRIES; tries++) {
		if (get_unlocked(&work->fifo, &item))
			take(work, item);
		else
			snag_point(self);
	}
}

/* Repaired: a monitor, bounded and blocking. */

static void put_blocking(struct fifo *fifo, unsigned item)
{
	pthread_mutex_lock(&fifo->lock);
	while (fifo->put - fifo->got == SLOTS)
		pthread_cond_wait(&fifo->not_full, &fifo->lock);
	fifo->slot[next_to_fill(fifo)] = item;
	pthread_cond_signal(&fifo->not_empty);
	pthread_mutex_unlock(&fifo->lock);
}

/* False: the queue is empty and every producer has left. */
static bool get_blocking(struct fifo *fifo, unsigned *item)
{
	bool found;

	pthread_mutex_lock(&fifo->lock);
	while (fifo->put == fifo->got && fifo->producers > 0)
		pthread_cond_wait(&fifo->not_empty, &fifo->lock);
	found = fifo->put != fifo->got;
	if (found) {
		*item = fifo->slot[next_to_empty(fifo)];
		pthread_cond_signal(&fifo->not_full);
	}
	pthread_mutex_unlock(&fifo->lock);
	return found;
}

static void leave(struct fifo *fifo)
{
	pthread_mutex_lock(&fifo->lock);
	if (--fifo->producers == 0)
		pthread_cond_broadcast(&fifo->not_empty);
	pthread_mutex_unlock(&fifo->lock);
}

static void produce_blocking(struct snag_self *self, void *state)
{
	struct work *work = state;
	unsigned first = snag_index(self) * ITEMS;

	for (unsigned i = 0; i < ITEMS; i++)
		put_blocking(&work->fifo, first + i);
	leave(&work->fifo);
}

static void consume_blocking(struct snag_self *self, void *state)
{
	struct work *work = state;
	unsigned last = 0, item;

	(void)self;
	while (get_blocking(&work->fifo, &item)) {
		/* First in, first out: one producer's items come in order. */
		if (last / ITEMS == item / ITEMS && last > item)
			atomic_store_explicit(&work->disordered, true,
					      memory_order_relaxed);
		take(work, item);
		last = item;
	}
}

/* What is left in the ring is not lost: it was just not asked for. */
static void take_the_rest(struct work *work)
{
	unsigned item;

	for (int i = 0; i < SLOTS && get_unlocked(&work->fifo, &item); i++)
		take(work, item);
}

static void check(struct snag_run *run, void *state)
{
	struct work *work = state;
	bool lost = false, doubled = false;

	take_the_rest(work);
	for (unsigned i = 0; i < work->items; i++) {
		unsigned times = atomic_load(&work->taken[i]);

		lost = lost || times == 0;
		doubled = doubled || times > 1;
	}
	if (doubled || lost)
		snag_outcome(run, doubled ? "doubled" : "lost");
	else if (atomic_load(&work->disordered))
		snag_outcome(run, "disordered");
	else
		snag_outcome(run, "exact");
}

static void teardown(void *state)
{
	struct work *work = state;

	pthread_cond_destroy(&work->fifo.not_full);
	pthread_cond_destroy(&work->fifo.not_empty);
	pthread_mutex_destroy(&work->fifo.lock);
	free(work->taken);
}

SNAG_SCENARIO(queue, fifo_unlocked) = {
	.summary = "producers and consumers share a ring without a lock",
	.refs = {"CWE-362", "C11 5.1.2.4p25"},
	.tags = "queue ring",
	.practice = SNAG_THREAD_SAFE_COLLECTION,
	.lesson =
		"put_unlocked tests that there is room, counts a slot as "
		"used in next_to_fill and fills it. fifo->put++ is a load, an "
		"addition and a store: two producers that load the same "
		"count fill the same slot, and one item is gone; two "
		"consumers take the same item in the same way. A consumer "
		"can also see the new count before the slot "
		"is filled and take what was there before. Locking the "
		"increments alone would not do, since the test, the slot and "
		"the count must change together. queue/fifo is a monitor: "
		"one lock is held from the test to the last store, and who "
		"cannot go on sleeps on a condition instead of trying again.",
	.in_python =
		"collections.deque locks each append and popleft for you, but "
		"`if d: x = d.popleft()` is two steps. queue.Queue(maxsize=4) "
		"is the monitor, ready made.",
	.expect = SNAG_BROKEN,
	.state_size = sizeof(struct work),
	.setup = setup,
	.roles = {{"producer", produce_unlocked, 0},
		  {"consumer", consume_unlocked, 0}},
	.min_threads = 2,
	.check = check,
	.teardown = teardown,
	.reports = {{.kind = SNAG_DATA_RACE,
		     .cause = "lost-update",
		     .grade = SNAG_REQUIRED,
		     .between = {"next_to_fill", "next_to_fill"},
		     .why = "two producers increment the same count"},
		    {.kind = SNAG_DATA_RACE,
		     .grade = SNAG_ALLOWED,
		     .between = {"next_to_empty", "next_to_empty"},
		     .why = "two consumers increment the same count"},
		    {.kind = SNAG_DATA_RACE,
		     .grade = SNAG_ALLOWED,
		     .between = {"put_unlocked", "next_to_fill"},
		     .why = "the room that was found is taken by another"},
		    {.kind = SNAG_DATA_RACE,
		     .grade = SNAG_ALLOWED,
		     .between = {"put_unlocked", "next_to_empty"},
		     .why = "the test for room looks at a moving count"},
		    {.kind = SNAG_DATA_RACE,
		     .grade = SNAG_ALLOWED,
		     .between = {"get_unlocked", "next_to_empty"},
		     .why = "the item that was found is taken by another"},
		    {.kind = SNAG_DATA_RACE,
		     .grade = SNAG_ALLOWED,
		     .between = {"get_unlocked", "next_to_fill"},
		     .why = "the test for an item looks at a moving count"},
		    {.kind = SNAG_DATA_RACE,
		     .grade = SNAG_ALLOWED,
		     .between = {"put_unlocked", "put_unlocked"},
		     .why = "two producers fill the same slot"},
		    {.kind = SNAG_DATA_RACE,
		     .grade = SNAG_ALLOWED,
		     .between = {"put_unlocked", "get_unlocked"},
		     .why = "a slot is filled while it is emptied"}},
	.outcomes = {{.when = "exact",
		      .grade = SNAG_ALLOWED,
		      .why = "no two calls overlapped this time"},
		     {.when = "lost",
		      .grade = SNAG_ALLOWED,
		      .why = "an item was overwritten, or found no room"},
		     {.when = "doubled",
		      .grade = SNAG_ALLOWED,
		      .why = "two consumers took the same item"}},
};

SNAG_SCENARIO(queue, fifo) = {
	.summary = "a bounded, blocking first-in first-out queue",
	.repairs = "queue/fifo_unlocked",
	.refs = {"Hoare, Monitors, CACM 17(10), 1974"},
	.tags = "queue ring monitor condition",
	.practice = SNAG_THREAD_SAFE_COLLECTION,
	.lesson = "Every access to the ring happens with its lock held, from "
		  "the test to the last store, so each put and each get is one "
		  "step. pthread_cond_wait gives the lock up while it sleeps "
		  "and has it again when it returns; the loop around it tests "
		  "once more, because somebody else may have been faster. Two "
		  "conditions, not_empty and not_full, wake those who can go "
		  "on. The last producer to leave wakes all consumers, so that "
		  "none waits for items that nobody will put.",
	.in_python = "queue.Queue(maxsize=4); since Python 3.13 the last "
		     "producer can call its shutdown().",
	.expect = SNAG_CLEAN,
	.state_size = sizeof(struct work),
	.setup = setup,
	.roles = {{"producer", produce_blocking, 0},
		  {"consumer", consume_blocking, 0}},
	.min_threads = 2,
	.check = check,
	.teardown = teardown,
	.outcomes = {{.when = "exact",
		      .grade = SNAG_REQUIRED,
		      .why = "every item came out once, and in order"},
		     {.when = "lost",
		      .grade = SNAG_FORBIDDEN,
		      .why = "the lock would have let two producers in"},
		     {.when = "doubled",
		      .grade = SNAG_FORBIDDEN,
		      .why = "the lock would have let two consumers in"},
		     {.when = "disordered",
		      .grade = SNAG_FORBIDDEN,
		      .why = "a later item would have overtaken another"}},
};
