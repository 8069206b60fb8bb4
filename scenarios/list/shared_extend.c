/*
 * A growing list extended by several threads: one moves the items to a larger
 * block while another still writes into the old one, and both add at the same
 * place.  Right with one lock around the whole call; better with a list for
 * each thread, merged last (or with one owner fed through a queue:
 * collect_through_queue.c).
 */
#include <snag/scenario.h>

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

enum { BATCH = 3, BATCHES = 2, FIRST_CAPACITY = 2 };

struct batch {
	unsigned items[BATCH];
};

struct block {
	struct block *older; /* in the list of all blocks ever made */
	size_t capacity;
	unsigned items[];
};

/* Outgrown blocks are kept until the end, so that the broken twin works on
 * stale memory and not on freed memory. */
struct list {
	struct block *block;
	size_t length;
	_Atomic(struct block *) made;
};

static struct block *new_block(struct list *list, size_t capacity)
{
	struct block *block =
		calloc(1, sizeof(*block) + capacity * sizeof(unsigned));

	if (!block)
		abort();
	block->capacity = capacity;
	block->older = atomic_exchange_explicit(&list->made, block,
						memory_order_relaxed);
	return block;
}

__attribute__((noinline)) static struct block *
grow(struct list *list, const struct block *full, size_t needed)
{
	struct block *larger = new_block(list, 2 * needed);

	memcpy(larger->items, full->items, full->capacity * sizeof(unsigned));
	list->block = larger;
	return larger;
}

/* Needs a list that no other thread uses meanwhile. */
__attribute__((noinline)) static void extend(struct list *list,
					     const struct batch *batch)
{
	struct block *block = list->block;
	size_t length = list->length;

	if (length + BATCH > block->capacity)
		block = grow(list, block, length + BATCH);
	memcpy(block->items + length, batch->items, sizeof(batch->items));
	list->length = length + BATCH;
}

static void list_init(struct list *list)
{
	atomic_init(&list->made, NULL);
	list->length = 0;
	list->block = new_block(list, FIRST_CAPACITY);
}

static void list_release(struct list *list)
{
	struct block *block = atomic_load(&list->made);

	while (block) {
		struct block *older = block->older;

		free(block);
		block = older;
	}
}

/* The numbers from 0 on are put into the list, BATCH at a time. */
static struct batch next_batch(const struct snag_self *self, unsigned number)
{
	unsigned first = (snag_index(self) * BATCHES + number) * BATCH;

	return (struct batch){{first, first + 1, first + 2}};
}

static void name_outcome(struct snag_run *run, const struct list *list)
{
	size_t expected = (size_t)snag_role_threads(run, 0) * BATCHES * BATCH;
	size_t sum = 0;

	if (list->length == expected && list->block->capacity >= expected)
		for (size_t i = 0; i < expected; i++)
			sum += list->block->items[i];
	snag_outcome(run,
		     sum == expected * (expected - 1) / 2 ? "exact" : "lost");
}

/* One list for all: broken without the lock, right with it. */

struct shared {
	pthread_mutex_t lock;
	struct list list;
};

static bool setup_shared(struct snag_run *run, void *state)
{
	struct shared *shared = state;

	(void)run;
	pthread_mutex_init(&shared->lock, NULL);
	list_init(&shared->list);
	return true;
}

static void collect_unlocked(struct snag_self *self, void *state)
{
	struct shared *shared = state;

	for (unsigned i = 0; i < BATCHES; i++) {
		struct batch batch = next_batch(self, i);

		extend(&shared->list, &batch);
	}
}

static void collect_locked(struct snag_self *self, void *state)
{
	struct shared *shared = state;

	for (unsigned i = 0; i < BATCHES; i++) {
		struct batch batch = next_batch(self, i);

		pthread_mutex_lock(&shared->lock);
		extend(&shared->list, &batch);
		pthread_mutex_unlock(&shared->lock);
	}
}

static void check_shared(struct snag_run *run, void *state)
{
	struct shared *shared = state;

	name_outcome(run, &shared->list);
}

static void teardown_shared(void *state)
{
	struct shared *shared = state;

	list_release(&shared->list);
	pthread_mutex_destroy(&shared->lock);
}

/* Repaired: one list a thread, merged when all are done. */

struct partitioned {
	unsigned parts;
	struct list *part;
};

static bool setup_parts(struct snag_run *run, void *state)
{
	struct partitioned *all = state;

	all->parts = snag_role_threads(run, 0);
	all->part = calloc(all->parts, sizeof(*all->part));
	if (!all->part)
		abort();
	for (unsigned i = 0; i < all->parts; i++)
		list_init(&all->part[i]);
	return true;
}

static void collect_alone(struct snag_self *self, void *state)
{
	struct partitioned *all = state;

	for (unsigned i = 0; i < BATCHES; i++) {
		struct batch batch = next_batch(self, i);

		extend(&all->part[snag_index(self)], &batch);
	}
}

static void merge(struct list *whole, const struct list *part)
{
	for (size_t i = 0; i + BATCH <= part->length; i += BATCH) {
		struct batch batch;

		memcpy(batch.items, part->block->items + i,
		       sizeof(batch.items));
		extend(whole, &batch);
	}
}

static void check_merged(struct snag_run *run, void *state)
{
	struct partitioned *all = state;
	struct list whole;

	list_init(&whole);
	for (unsigned i = 0; i < all->parts; i++)
		merge(&whole, &all->part[i]);
	name_outcome(run, &whole);
	list_release(&whole);
}

static void teardown_parts(void *state)
{
	struct partitioned *all = state;

	for (unsigned i = 0; i < all->parts; i++)
		list_release(&all->part[i]);
	free(all->part);
}

SNAG_SCENARIO(list, shared_extend) = {
	.summary = "several threads extend one growing list",
	.refs = {"CWE-362", "C11 5.1.2.4p25"},
	.tags = "list container growth",
	.practice = SNAG_PARTITION,
	.lesson =
		"extend() reads where the list ends and which block it "
		"is in, moves the items to a larger block when they do not "
		"fit, writes, and stores the new length. With several threads "
		"inside, one writes into the old block while grow() copies "
		"it, so what was written after the copy is lost; two that "
		"read the same length write to the same place; two that grow "
		"at once leave the list with one block and the other's items "
		"nowhere. Had the old block been freed, as with realloc, "
		"the first would be a write to freed memory. "
		"list/extend_locked makes the whole call one critical "
		"section; list/extend_per_thread_merge and "
		"list/collect_through_queue give every list one owner and "
		"need no lock around it at all.",
	.in_python =
		"items.extend([...]) from many threads loses nothing: the "
		"list's own lock covers the whole call, growth included. What "
		"no lock covers is two lists that must agree, or `if x not in "
		"items: items.append(x)`.",
	.expect = SNAG_BROKEN,
	.state_size = sizeof(struct shared),
	.setup = setup_shared,
	.roles = {{"collector", collect_unlocked, 0}},
	.min_threads = 2,
	.check = check_shared,
	.teardown = teardown_shared,
	.reports = {{.kind = SNAG_DATA_RACE,
		     .cause = "container-resize",
		     .grade = SNAG_REQUIRED,
		     .between = {"grow", "extend"},
		     .why = "the items move while another thread uses them"},
		    {.kind = SNAG_DATA_RACE,
		     .grade = SNAG_ALLOWED,
		     .between = {"extend", "extend"},
		     .why = "two threads add at the same place"},
		    {.kind = SNAG_DATA_RACE,
		     .grade = SNAG_ALLOWED,
		     .between = {"grow", "grow"},
		     .why = "two threads replace the block at once"},
		    {.kind = SNAG_DATA_RACE,
		     .grade = SNAG_ALLOWED,
		     .between = {"new_block", "extend"},
		     .why = "the new block was not published, just stored"},
		    {.kind = SNAG_DATA_RACE,
		     .grade = SNAG_ALLOWED,
		     .between = {"new_block", "grow"},
		     .why = "the new block was not published, just stored"}},
	.outcomes = {{.when = "exact",
		      .grade = SNAG_ALLOWED,
		      .why = "no two calls overlapped this time"},
		     {.when = "lost",
		      .grade = SNAG_ALLOWED,
		      .why = "items were overwritten or left behind"}},
};

SNAG_SCENARIO(list, extend_locked) = {
	.summary = "several threads extend one growing list under a lock",
	.repairs = "list/shared_extend",
	.refs = {"C11 5.1.2.4p25"},
	.tags = "list container mutex",
	.practice = SNAG_THREAD_SAFE_COLLECTION,
	.lesson = "The list and its lock belong together, and the lock is held "
		  "from reading the length to storing the new one. Growing the "
		  "block, writing the items and the new length are then one "
		  "step for everybody else. Locking only grow() would not do: "
		  "another thread would still write into the block that is "
		  "being copied. This is what a thread-safe collection does "
		  "inside each call; calls that must agree with each other "
		  "need a lock of the caller's around them all.",
	.in_python = "Done for you: every list, dict and set of free-threaded "
		     "CPython has a lock of its own, held while a call changes "
		     "it.",
	.expect = SNAG_CLEAN,
	.state_size = sizeof(struct shared),
	.setup = setup_shared,
	.roles = {{"collector", collect_locked, 0}},
	.min_threads = 2,
	.check = check_shared,
	.teardown = teardown_shared,
	.outcomes = {{.when = "exact",
		      .grade = SNAG_REQUIRED,
		      .why = "one thread at a time extends the list"},
		     {.when = "lost",
		      .grade = SNAG_FORBIDDEN,
		      .why = "the lock would have let two threads in"}},
};

SNAG_SCENARIO(list, extend_per_thread_merge) = {
	.summary = "each thread extends a list of its own; merged last",
	.repairs = "list/shared_extend",
	.tags = "list container merge",
	.practice = SNAG_PARTITION,
	.lesson =
		"Every thread extends the one list that carries its index, "
		"and nobody else touches it; growing it disturbs no one. When "
		"all threads have ended, whoever waited for them appends the "
		"parts to one list, alone. No lock is taken anywhere, and the "
		"order of the result does not depend on the schedule. The "
		"price is that the whole list exists only at the end.",
	.in_python = "Each task returns its own list; then items = "
		     "list(itertools.chain.from_iterable(f.result() for f in "
		     "futures)).",
	.expect = SNAG_CLEAN,
	.state_size = sizeof(struct partitioned),
	.setup = setup_parts,
	.roles = {{"collector", collect_alone, 0}},
	.min_threads = 2,
	.check = check_merged,
	.teardown = teardown_parts,
	.outcomes = {{.when = "exact",
		      .grade = SNAG_REQUIRED,
		      .why = "each list had one owner, and all were merged"},
		     {.when = "lost",
		      .grade = SNAG_FORBIDDEN,
		      .why = "a part would be missing from the whole"}},
};
