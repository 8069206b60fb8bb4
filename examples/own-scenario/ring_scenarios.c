/*
 * What the ring promises to one producer and one consumer, and what two
 * producers get.  Linking this file into a host registers both scenarios.
 */
#include <snag/scenario.h>

#include "ring.h"

enum { ITEMS = 8 }; /* by each producer; two of them just fill the ring */

struct traffic {
	struct ring ring;
	int sum; /* the consumer's, read by check() */
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

/* Threads are done when this runs, so it may pop. */
static void check_count(struct snag_run *run, void *state)
{
	struct traffic *traffic = state;
	int count = 0, value;

	while (ring_pop(&traffic->ring, &value))
		count++;
	snag_outcome(run, count == 2 * ITEMS ? "complete" : "lost");
}

SNAG_SCENARIO(ring, one_producer) = {
	.summary = "one producer and one consumer share a ring",
	.tags = "atomics queue",
	.practice = SNAG_MESSAGE_PASSING,
	.lesson = "A slot is handed over by a release store after it was "
		  "written and an acquire load before it is read.",
	.expect = SNAG_CLEAN,
	.repairs = "ring/two_producers",
	.state_size = sizeof(struct traffic),
	.roles = {{.name = "producer", .body = produce, .threads = 1},
		  {.name = "consumer", .body = consume, .threads = 1}},
	.check = check_sum,
	.outcomes = {{.when = "complete",
		      .grade = SNAG_REQUIRED,
		      .why = "each number arrives, once"}},
};

SNAG_SCENARIO(ring, two_producers) = {
	.summary = "two producers push to a ring for one",
	.tags = "atomics queue",
	.practice = SNAG_MESSAGE_PASSING,
	.lesson = "Both read the same number of pushed items and write to the "
		  "same slot: atomic parts do not make an atomic whole.",
	.expect = SNAG_BROKEN,
	.state_size = sizeof(struct traffic),
	.roles = {{.name = "producer", .body = produce, .threads = 2}},
	.check = check_count,
	.reports = {{.kind = SNAG_DATA_RACE,
		     .grade = SNAG_REQUIRED,
		     .between = {"ring_push", "ring_push"},
		     .why = "nothing orders the two writes to a slot"}},
	.outcomes = {{.when = "complete",
		      .grade = SNAG_ALLOWED,
		      .why = "the two took turns this time"},
		     {.when = "lost",
		      .grade = SNAG_ALLOWED,
		      .why = "one number took the place of another"}},
};
