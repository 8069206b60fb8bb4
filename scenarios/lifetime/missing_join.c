/*
 * Half of a sum is computed by a second thread, and the total is taken while
 * that thread still runs.
 *
 * Broken: the result is read before the join.  Right: pthread_join first; it
 * makes all that the thread did happen-before its return.
 */
#include <pthread.h>
#include <snag/scenario.h>
#include <stdatomic.h>
#include <stdlib.h>

enum { NUMBERS = 64, TOTAL = NUMBERS * (NUMBERS - 1) / 2 };

struct half {
	int from, to, sum;
};

struct pair {
	struct half lower, upper;
};

struct report {
	struct pair *pairs; /* one for each reporter */
	atomic_uint partial;
};

static bool split(struct snag_run *run, void *state)
{
	struct report *report = state;
	unsigned count = snag_role_threads(run, 0);
	report->pairs = calloc(count, sizeof(*report->pairs));
	if (!report->pairs)
		abort();
	for (unsigned i = 0; i < count; i++) {
		struct pair *pair = &report->pairs[i];
		pair->lower.to = pair->upper.from = NUMBERS / 2;
		pair->upper.to = NUMBERS;
	}
	return true;
}

static void *sum_half(void *arg)
{
	struct half *half = arg;
	int sum = 0;
	for (int i = half->from; i < half->to; i++)
		sum += i;
	half->sum = sum;
	return NULL;
}

static pthread_t start(struct half *half)
{
	pthread_t thread;
	if (pthread_create(&thread, NULL, sum_half, half))
		abort();
	return thread;
}

static int total_before_join(struct pair *pair)
{
	pthread_t thread = start(&pair->upper);
	sum_half(&pair->lower);
	int total = pair->lower.sum + pair->upper.sum;
	pthread_join(thread, NULL);
	return total;
}

static int total_after_join(struct pair *pair)
{
	pthread_t thread = start(&pair->upper);
	sum_half(&pair->lower);
	pthread_join(thread, NULL);
	return pair->lower.sum + pair->upper.sum;
}

static void report_early(struct snag_self *self, void *state)
{
	struct report *report = state;
	if (total_before_join(&report->pairs[snag_index(self)]) != TOTAL)
		atomic_fetch_add_explicit(&report->partial, 1,
					  memory_order_relaxed);
}

static void report_joined(struct snag_self *self, void *state)
{
	struct report *report = state;
	if (total_after_join(&report->pairs[snag_index(self)]) != TOTAL)
		atomic_fetch_add_explicit(&report->partial, 1,
					  memory_order_relaxed);
}

static void check(struct snag_run *run, void *state)
{
	struct report *report = state;
	snag_outcome(run, report->partial ? "partial" : "whole");
}

static void free_pairs(void *state)
{
	struct report *report = state;
	free(report->pairs);
}

SNAG_SCENARIO(lifetime, missing_join) = {
	.summary = "result read while the thread still computes it",
	.refs = {"POSIX.1-2017 pthread_join", "CWE-362: Race Condition"},
	.tags = "lifetime join thread",
	.practice = SNAG_LIFETIME,
	.lesson = "total_before_join starts a thread for the upper half, sums "
		  "the lower half itself and adds the two. Nothing makes it "
		  "wait for the other half, so it reads pair->upper.sum while "
		  "sum_half may still have to write it: often the total is "
		  "only half. The pthread_join that follows comes one line too "
		  "late. Joining does two things: it waits for the end of the "
		  "thread, and it makes everything that the thread wrote "
		  "visible to the one that joins. So join first and read "
		  "afterwards.",
	.in_python = "t.start(); use(result) without t.join(). Better: "
		     "future = pool.submit(f), and future.result() waits.",
	.expect = SNAG_BROKEN,
	.state_size = sizeof(struct report),
	.setup = split,
	.roles = {{"reporter", report_early, 0}},
	.check = check,
	.teardown = free_pairs,
	.reports = {{.kind = SNAG_DATA_RACE,
		     .cause = "missing-join",
		     .grade = SNAG_REQUIRED,
		     .between = {"sum_half", "total_before_join"},
		     .why = "the sum is read before its thread is joined"}},
	.outcomes = {{.when = "whole",
		      .grade = SNAG_ALLOWED,
		      .why = "the thread happened to be done"},
		     {.when = "partial",
		      .grade = SNAG_ALLOWED,
		      .why = "the thread had not written its sum yet"}},
};

SNAG_SCENARIO(lifetime, joined) = {
	.summary = "result read after the thread is joined",
	.repairs = "lifetime/missing_join",
	.refs = {"POSIX.1-2017 pthread_join"},
	.tags = "lifetime join thread",
	.practice = SNAG_LIFETIME,
	.lesson = "total_after_join does its own half while the other thread "
		  "works, then waits for it with pthread_join, and only then "
		  "reads pair->upper.sum. The thread's last write "
		  "happens-before the join returns, so no lock and no atomic "
		  "is needed. After the join nobody else can touch the pair: "
		  "it may be read, changed or freed.",
	.in_python = "t.join() before the result is read, or future.result().",
	.expect = SNAG_CLEAN,
	.state_size = sizeof(struct report),
	.setup = split,
	.roles = {{"reporter", report_joined, 0}},
	.check = check,
	.teardown = free_pairs,
	.outcomes = {{.when = "whole",
		      .grade = SNAG_REQUIRED,
		      .why = "both halves were done"}},
};
