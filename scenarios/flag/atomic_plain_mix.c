/*
 * Workers count requests atomically; a reporter takes the count and sets it
 * back to zero with plain accesses.
 *
 * Broken: an atomic increment does not help against a plain read and write.
 * Right: the reporter uses one atomic exchange.
 */
#include <snag/scenario.h>

enum { REQUESTS = 8, REPORTS = 8 };

struct stats {
	unsigned long requests; /* since the last report */
	unsigned long reported;
};

static void count_requests(struct snag_self *self, void *state)
{
	struct stats *stats = state;
	for (int i = 0; i < REQUESTS; i++) {
		__atomic_fetch_add(&stats->requests, 1, __ATOMIC_RELAXED);
		snag_point(self);
	}
}

static unsigned long take_plain(struct snag_self *self, struct stats *stats)
{
	unsigned long taken = stats->requests;
	snag_point(self);
	stats->requests = 0;
	return taken;
}

static unsigned long take_atomic(struct snag_self *self, struct stats *stats)
{
	snag_point(self);
	return __atomic_exchange_n(&stats->requests, 0, __ATOMIC_RELAXED);
}

static void report_plain(struct snag_self *self, void *state)
{
	struct stats *stats = state;
	for (int i = 0; i < REPORTS; i++)
		stats->reported += take_plain(self, stats);
}

static void report_atomic(struct snag_self *self, void *state)
{
	struct stats *stats = state;
	for (int i = 0; i < REPORTS; i++)
		stats->reported += take_atomic(self, stats);
}

static void check(struct snag_run *run, void *state)
{
	struct stats *stats = state;
	unsigned long counted = REQUESTS * snag_role_threads(run, 0);
	bool exact = stats->reported + stats->requests == counted;
	snag_outcome(run, exact ? "exact" : "lost");
}

SNAG_SCENARIO(flag, atomic_plain_mix) = {
	.summary = "counter added to atomically, read and reset plainly",
	.refs = {"C11 5.1.2.4", "CWE-362: Race Condition"},
	.tags = "atomics counter mix",
	.practice = SNAG_ATOMICS,
	.lesson = "count_requests adds with __atomic_fetch_add, and rightly "
		  "so; take_plain reads the same variable and writes zero to "
		  "it like any other. Being atomic is a property of an access, "
		  "not of a variable: one plain side is enough for a data "
		  "race. Here it also loses counts, since all that arrives "
		  "between the read and the write of zero is wiped out. C11's "
		  "atomic types prevent the mix, because every access to an "
		  "atomic_ulong is atomic; with the __atomic builtins one has "
		  "to watch it oneself. The repair takes and resets in one "
		  "step, with an exchange.",
	.in_python = "n = stats.hits; stats.hits = 0 loses what is added in "
		     "between, and stats.hits += 1 is no single step either: "
		     "one Lock around both.",
	.expect = SNAG_BROKEN,
	.state_size = sizeof(struct stats),
	.roles = {{"worker", count_requests, 0}, {"reporter", report_plain, 1}},
	.check = check,
	.reports = {{.kind = SNAG_DATA_RACE,
		     .cause = "atomic-plain-mix",
		     .grade = SNAG_REQUIRED,
		     .between = {"count_requests", "take_plain"},
		     .why = "an atomic access on one side, a plain one on "
			    "the other"}},
	.outcomes = {{.when = "exact",
		      .grade = SNAG_ALLOWED,
		      .why = "nothing arrived between the read and the reset"},
		     {.when = "lost",
		      .grade = SNAG_ALLOWED,
		      .why = "the reset wiped out what had just been added"}},
};

SNAG_SCENARIO(flag, atomic_both_sides) = {
	.summary = "counter added to, and taken, by atomic operations",
	.repairs = "flag/atomic_plain_mix",
	.refs = {"C11 7.17.7.3"},
	.tags = "atomics counter",
	.practice = SNAG_ATOMICS,
	.lesson = "take_atomic reads the count and sets it to zero in one "
		  "atomic exchange, so a request is either in the number it "
		  "returns or still in the counter, never in neither. Relaxed "
		  "order is enough: the number is all that is passed on.",
	.in_python = "with lock: n, stats.hits = stats.hits, 0",
	.expect = SNAG_CLEAN,
	.state_size = sizeof(struct stats),
	.roles = {{"worker", count_requests, 0},
		  {"reporter", report_atomic, 1}},
	.check = check,
	.outcomes = {{.when = "exact",
		      .grade = SNAG_REQUIRED,
		      .why = "taking and resetting are one step"}},
};
