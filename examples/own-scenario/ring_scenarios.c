/*
 * What the ring promises to one producer and one consumer, and what comes of
 * looking into it past ring_pop().  Linking this file into a host registers
 * both scenarios.
 */
#include <snag/scenario.h>

#include "ring.h"

enum { ITEMS = 8 }; /* fewer than the ring holds */

struct traffic {
	struct ring ring;
	int sum; /* what arrived, read by check() */
};

static void produce(struct snag_self *self, void *state)
{
	struct traffic *traffic = state;

	for (int i = 1; i <= ITEMS; i++) {
		while (!ring_push(&traffic->ring, i))
			snag_point(self); /* full: let another thread run */
	}
}

static void consume(struct snag_self *self, void *state)
{
	struct traffic *traffic = state;
	int value;

	for (int i = 1; i <= ITEMS; i++) {
		while (!ring_pop(&traffic->ring, &value))
			snag_point(self); /* empty */
		traffic->sum += value;
	}
}

static void check_sum(struct snag_run *run, void *state)
{
	struct traffic *traffic = state;

	snag_outcome(run, traffic->sum == ITEMS * (ITEMS + 1) / 2 ? "complete"
								  : "damaged");
}

/* The mistake: no acquire load stands before these reads. */
static void look_inside(struct snag_self *self, void *state)
{
	struct traffic *traffic = state;

	(void)self;
	for (int i = 0; i < RING_SLOTS; i++)
		traffic->sum += traffic->ring.slots[i];
}

SNAG_SCENARIO(ring, one_producer) = {
	.summary = "one producer and one consumer share a ring",
	.tags = "atomics queue",
	.practice = SNAG_MESSAGE_PASSING,
	.lesson = "A slot is handed over by a release store after it was "
		  "written and an acquire load before it is read.",
	.expect = SNAG_CLEAN,
	.repairs = "ring/read_past_pop",
	.state_size = sizeof(struct traffic),
	.roles = {{.name = "producer", .body = produce, .threads = 1},
		  {.name = "consumer", .body = consume, .threads = 1}},
	.check = check_sum,
	.outcomes = {{.when = "complete",
		      .grade = SNAG_REQUIRED,
		      .why = "each number arrives, once"}},
};

SNAG_SCENARIO(ring, read_past_pop) = {
	.summary = "a monitor reads the slots of a ring in use",
	.tags = "atomics queue",
	.practice = SNAG_MESSAGE_PASSING,
	.lesson = "Only the acquire load in ring_pop() makes a slot the "
		  "reader's own; a slot read without it may be half written.",
	.expect = SNAG_BROKEN,
	.state_size = sizeof(struct traffic),
	.roles = {{.name = "producer", .body = produce, .threads = 1},
		  {.name = "monitor", .body = look_inside, .threads = 1}},
	.reports = {{.kind = SNAG_DATA_RACE,
		     .grade = SNAG_REQUIRED,
		     .between = {"ring_push", "look_inside"},
		     .why = "nothing hands the slot over"}},
};
