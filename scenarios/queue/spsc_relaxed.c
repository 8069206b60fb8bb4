/*
 * A ring for one producer and one consumer, without a lock: each side owns one
 * index and reads the other's.  Storing an index must publish what was done to
 * the slot before; a relaxed store does not.  Right with release stores and
 * acquire loads.
 */
#include <snag/scenario.h>

#include <sched.h>
#include <stdatomic.h>
#include <stdlib.h>

enum { SLOTS = 2, ITEMS = 4 };

/* Counts only grow; the slots are used in turn. */
struct ring {
	atomic_uint put; /* written by the producer only */
	atomic_uint got; /* written by the consumer only */
	unsigned slot[SLOTS];
	bool garbled; /* the consumer's: was an item not what was put? */
};

/* One ring for each producer and its consumer. */
struct rings {
	struct ring *ring;
};

static bool setup(struct snag_run *run, void *state)
{
	struct rings *rings = state;

	rings->ring = calloc(snag_role_threads(run, 0), sizeof(*rings->ring));
	if (!rings->ring)
		abort();
	return true;
}

/* Broken: relaxed. */

__attribute__((noinline)) static bool push_relaxed(struct ring *ring,
						   unsigned item)
{
	unsigned put = atomic_load_explicit(&ring->put, memory_order_relaxed);
	unsigned got = atomic_load_explicit(&ring->got, memory_order_relaxed);

	if (put - got == SLOTS)
		return false;
	ring->slot[put % SLOTS] = item;
	atomic_store_explicit(&ring->put, put + 1, memory_order_relaxed);
	return true;
}

__attribute__((noinline)) static bool pop_relaxed(struct ring *ring,
						  unsigned *item)
{
	unsigned put = atomic_load_explicit(&ring->put, memory_order_relaxed);
	unsigned got = atomic_load_explicit(&ring->got, memory_order_relaxed);

	if (put == got)
		return false;
	*item = ring->slot[got % SLOTS];
	atomic_store_explicit(&ring->got, got + 1, memory_order_relaxed);
	return true;
}

static void produce_relaxed(struct snag_self *self, void *state)
{
	struct rings *rings = state;

	for (unsigned i = 1; i <= ITEMS; i++)
		while (!push_relaxed(&rings->ring[snag_index(self)], i))
			sched_yield();
}

static void consume_relaxed(struct snag_self *self, void *state)
{
	struct ring *ring = &((struct rings *)state)->ring[snag_index(self)];

	for (unsigned i = 1; i <= ITEMS; i++) {
		unsigned item = 0;

		while (!pop_relaxed(ring, &item))
			sched_yield();
		if (item != i)
			ring->garbled = true;
	}
}

/* Repaired: release and acquire. */

static bool push_release(struct ring *ring, unsigned item)
{
	unsigned put = atomic_load_explicit(&ring->put, memory_order_relaxed);
	unsigned got = atomic_load_explicit(&ring->got, memory_order_acquire);

	if (put - got == SLOTS)
		return false;
	ring->slot[put % SLOTS] = item;
	atomic_store_explicit(&ring->put, put + 1, memory_order_release);
	return true;
}

static bool pop_acquire(struct ring *ring, unsigned *item)
{
	unsigned put = atomic_load_explicit(&ring->put, memory_order_acquire);
	unsigned got = atomic_load_explicit(&ring->got, memory_order_relaxed);

	if (put == got)
		return false;
	*item = ring->slot[got % SLOTS];
	atomic_store_explicit(&ring->got, got + 1, memory_order_release);
	return true;
}

static void produce_release(struct snag_self *self, void *state)
{
	struct rings *rings = state;

	for (unsigned i = 1; i <= ITEMS; i++)
		while (!push_release(&rings->ring[snag_index(self)], i))
			sched_yield();
}

static void consume_acquire(struct snag_self *self, void *state)
{
	struct ring *ring = &((struct rings *)state)->ring[snag_index(self)];

	for (unsigned i = 1; i <= ITEMS; i++) {
		unsigned item = 0;

		while (!pop_acquire(ring, &item))
			sched_yield();
		if (item != i)
			ring->garbled = true;
	}
}

static void check(struct snag_run *run, void *state)
{
	struct rings *rings = state;
	bool garbled = false;

	for (unsigned i = 0; i < snag_role_threads(run, 0); i++)
		garbled = garbled || rings->ring[i].garbled;
	snag_outcome(run, garbled ? "garbled" : "in_order");
}

static void teardown(void *state)
{
	struct rings *rings = state;

	free(rings->ring);
}

SNAG_SCENARIO(queue, spsc_relaxed) = {
	.summary = "a one-producer ring publishes its slots relaxed",
	.refs = {"C11 7.17.3", "Lamport, ACM TOPLAS 5(2), 1983"},
	.tags = "queue ring atomics lock-free",
	.practice = SNAG_ATOMICS,
	.lesson =
		"push_relaxed fills a slot and then stores the new count; "
		"pop_relaxed sees the new count and reads the slot. Both "
		"counts are atomic, but a relaxed access is atomic and "
		"nothing more: it does not carry the plain store to the slot "
		"with it. Compiler and processor may let the count overtake "
		"the slot, and the consumer reads what was there before. An "
		"x86 processor keeps stores in order, so the run looks right, "
		"until the compiler reorders or the program is moved to ARM; "
		"the detector goes by the rules of C and reports it here. In "
		"queue/spsc_release each side stores its count with release "
		"order and loads the other's with acquire order.",
	.in_python =
		"Python has no relaxed stores to get wrong: "
		"collections.deque (append, popleft) and queue.SimpleQueue "
		"publish what they hold.",
	.expect = SNAG_BROKEN,
	.state_size = sizeof(struct rings),
	.setup = setup,
	.roles = {{"producer", produce_relaxed, 0},
		  {"consumer", consume_relaxed, 0}},
	.check = check,
	.teardown = teardown,
	.reports = {{.kind = SNAG_DATA_RACE,
		     .cause = "unsafe-publication",
		     .grade = SNAG_REQUIRED,
		     .between = {"push_relaxed", "pop_relaxed"},
		     .why = "a relaxed count does not publish the slot"}},
	.outcomes = {{.when = "in_order",
		      .grade = SNAG_ALLOWED,
		      .why = "x86 keeps stores in order anyway"},
		     {.when = "garbled",
		      .grade = SNAG_ALLOWED,
		      .why = "a count overtook its slot"}},
};

SNAG_SCENARIO(queue, spsc_release) = {
	.summary = "a one-producer ring publishes its slots by release",
	.repairs = "queue/spsc_relaxed",
	.refs = {"C11 7.17.3", "Lamport, ACM TOPLAS 5(2), 1983"},
	.tags = "queue ring atomics lock-free release-acquire",
	.practice = SNAG_ATOMICS,
	.lesson =
		"The producer stores its count with release order after it "
		"has filled the slot; the consumer that loads this count with "
		"acquire order sees the slot filled. The same holds the other "
		"way round, and is forgotten more often: the consumer "
		"releases a slot after it has read it, so that the producer "
		"does not overwrite what is still being read. Each side may "
		"read its own count relaxed, since nobody else writes it. "
		"Only one producer and one consumer may use a ring.",
	.in_python = "queue.SimpleQueue or collections.deque: both may be "
		     "shared by more than two threads, too.",
	.expect = SNAG_CLEAN,
	.state_size = sizeof(struct rings),
	.setup = setup,
	.roles = {{"producer", produce_release, 0},
		  {"consumer", consume_acquire, 0}},
	.check = check,
	.teardown = teardown,
	.outcomes = {{.when = "in_order",
		      .grade = SNAG_REQUIRED,
		      .why = "a count carries its slot with it"},
		     {.when = "garbled",
		      .grade = SNAG_FORBIDDEN,
		      .why = "release and acquire would have been broken"}},
};
