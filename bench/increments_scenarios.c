/* The program of increments.h as scenarios. */
#include <snag/scenario.h>

#include "increments.h"

static void racy_body(struct snag_self *self, void *state)
{
	struct increments *shared = state;

	(void)self;
	increments_body(&shared->counters[0]);
}

static void clean_body(struct snag_self *self, void *state)
{
	struct increments *shared = state;

	increments_body(&shared->counters[snag_index(self)]);
}

SNAG_SCENARIO(bench, racy) = {
	.summary = "two threads increment one counter",
	.practice = SNAG_ATOMICS,
	.lesson = "Every schedule of it races.",
	.expect = SNAG_BROKEN,
	.state_size = sizeof(struct increments),
	.roles = {{"counter", racy_body, COUNTERS}},
	.reports = {{.kind = SNAG_DATA_RACE,
		     .grade = SNAG_REQUIRED,
		     .why = "nothing orders the increments"}},
};

SNAG_SCENARIO(bench, clean) = {
	.summary = "two threads increment a counter each",
	.repairs = "bench/racy",
	.practice = SNAG_PARTITION,
	.lesson = "No schedule of it races.",
	.expect = SNAG_CLEAN,
	.state_size = sizeof(struct increments),
	.roles = {{"counter", clean_body, COUNTERS}},
};
