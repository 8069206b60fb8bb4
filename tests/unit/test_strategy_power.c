/* What each strategy promises: even draws, bounds that hold, bugs found. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "strategy_kernels.h"

enum { SEEDS = 20 };

/* These kernels have no more ways to fail than the bounds count. */
#define LUCK 0.8

static const struct strategy *open_strategy(const char *name, void **state)
{
	const struct strategy *s = strategy_new(name, state);

	if (!s)
		fail_msg("there is no strategy %s", name);
	return s;
}

static void random_picks_each_as_often_as_any_other(void **unused)
{
	const unsigned runs = 40000;
	struct strategy_view view = {.thread_count = 8};
	const uint16_t runnable[7] = {1, 2, 3, 4, 5, 6, 7};
	void *state;
	const struct strategy *s = open_strategy("random", &state);

	(void)unused;
	view.runnable = runnable;
	s->begin(state, 11);
	for (unsigned n = 2; n <= 7; n++) {
		unsigned seen[7] = {0};

		view.runnable_count = n;
		for (unsigned i = 0; i < runs; i++)
			seen[s->next(state, &view)]++;
		for (unsigned i = 0; i < n; i++) {
			assert_true(seen[i] * n > runs - runs / 20);
			assert_true(seen[i] * n < runs + runs / 20);
		}
	}
}

static double failure_rate(const struct sim_kernel *kernel, const char *name,
			   unsigned runs, struct sim *s)
{
	unsigned failures = 0;
	void *state;
	const struct strategy *strategy = open_strategy(name, &state);

	for (unsigned i = 0; i < runs + 16; i++) {
		sim_run(s, kernel, strategy, state, i * 77 + 1);
		failures += i >= 16 && (s->has_failed || s->is_stuck);
	}
	return failures / (double)runs;
}

#define READS READ(9, 3), READ(9, 3), READ(9, 3), READ(9, 3)

/* The reader must come between two writes: two orders have to be right. */
static void pct_keeps_its_bound_at_depth_2(void **unused)
{
	static const struct sim_op writer[] = {READS,       READS, WRITE(1, 1),
					       WRITE(2, 1), READS, STOP};
	static const struct sim_op reader[] = {
		READS,      READS,         READ(1, 0), SKIP_UNLESS(0, 1, 12),
		READ(2, 1), FAIL_IF(1, 0), STOP,
	};
	static const struct sim_kernel kernel = {
		.bodies = {{writer, 1}, {reader, 1}}};
	static struct sim s;
	double rate = failure_rate(&kernel, "pct:2", 20000, &s);
	double k = 26, n = 2; /* events of both, with their beginnings */

	(void)unused;
	assert_true(rate >= LUCK / (n * k));
	/* It is a bug that one change of priorities is needed for. */
	assert_true(failure_rate(&kernel, "pct:1", 2000, &s) == 0);
}

/* There, back, and there again. */
static void pct_keeps_its_bound_at_depth_3(void **unused)
{
	static const struct sim_op one[] = {
		READS,       WRITE(1, 1), READ(2, 0), SKIP_UNLESS(0, 1, 8),
		WRITE(3, 1), STOP,
	};
	static const struct sim_op other[] = {
		READS,       READ(1, 0), SKIP_UNLESS(0, 1, 9),
		WRITE(2, 1), READ(3, 1), FAIL_IF(1, 1),
		STOP,
	};
	static const struct sim_kernel kernel = {
		.bodies = {{one, 1}, {other, 1}}};
	static struct sim s;
	double rate = failure_rate(&kernel, "pct:3", 40000, &s);
	double k = 16, n = 2;

	(void)unused;
	assert_true(rate >= LUCK / (n * k * k));
	assert_true(failure_rate(&kernel, "pct:2", 2000, &s) == 0);
}

/* Who came when to variable 1, as digits of base 4. */
static unsigned order_at(const struct sim_kernel *kernel,
			 const struct strategy *strategy, void *state,
			 uint64_t seed)
{
	static struct sim s;
	unsigned order = 0;

	sim_begin(&s, kernel, seed);
	s.strategy = strategy;
	s.state = state;
	strategy->begin(state, seed);
	while (sim_look(&s)) {
		unsigned at = 0, thread;

		if (s.view.runnable_count > 1)
			at = strategy->next(state, &s.view);
		thread = s.runnable[at];
		if (s.pending[thread].address == sim_address(&s, 1))
			order = order * 4 + thread;
		sim_perform(&s, at);
	}
	sim_end(&s, false);
	return order;
}

/* Chi-squared, of the counts of each order. */
static double unevenness(const struct sim_kernel *kernel, const char *name,
			 unsigned orders, unsigned runs)
{
	static unsigned seen[1 << 12];
	unsigned distinct = 0;
	double mean = runs / (double)orders, sum = 0;
	void *state;
	const struct strategy *strategy = open_strategy(name, &state);

	memset(seen, 0, sizeof(seen));
	for (unsigned i = 0; i < 32; i++) /* it learns the counts */
		order_at(kernel, strategy, state, i);
	for (unsigned i = 0; i < runs; i++)
		seen[order_at(kernel, strategy, state, i + 1000)]++;
	for (unsigned i = 0; i < 1 << 12; i++) {
		distinct += seen[i] != 0;
		if (seen[i])
			sum += (seen[i] - mean) * (seen[i] - mean) / mean;
	}
	return sum + (orders - distinct) * mean;
}

static void surw_draws_each_order_at_an_object_alike(void **unused)
{
	static const struct sim_op busy[] = {
		READ(8, 0),  READ(8, 0),  READ(8, 0), WRITE(1, 1), READ(8, 0),
		WRITE(1, 1), WRITE(1, 1), READ(8, 0), READ(8, 0),  STOP};
	static const struct sim_op brief[] = {WRITE(1, 1), WRITE(1, 1),
					      WRITE(1, 1), STOP};
	static const struct sim_kernel kernel = {
		.bodies = {{busy, 1}, {brief, 1}}};

	(void)unused;
	/* 19 degrees of freedom: above 50 once in 8,000 times. */
	assert_true(unevenness(&kernel, "surw", 20, 20000) < 50);
	assert_true(unevenness(&kernel, "random", 20, 20000) > 500);
}

static void for_surw_a_child_counts_before_it_is_born(void **unused)
{
	static const struct sim_op parent[] = {
		{SIM_SPAWN, .var = 1}, WRITE(1, 1), WRITE(1, 1), STOP};
	static const struct sim_op child[] = {
		READ(8, 0),  READ(8, 0),  READ(8, 0), READ(8, 0),
		WRITE(1, 1), WRITE(1, 1), STOP};
	static const struct sim_op other[] = {WRITE(1, 1), WRITE(1, 1), STOP};
	static const struct sim_kernel kernel = {
		.bodies = {{parent, 1}, {child, 0}, {other, 1}}};

	(void)unused;
	/* 89 degrees of freedom. */
	assert_true(unevenness(&kernel, "surw", 90, 45000) < 150);
	assert_true(unevenness(&kernel, "random", 90, 45000) > 500);
}

static uint64_t seed_of(unsigned seed, unsigned iteration)
{
	uint64_t state = seed * 0x9e3779b97f4a7c15U + iteration;

	return strategy_random(&state);
}

/* In batches as they are ordered: a strategy learns anew in each.  Returns
 * `most` + 1 if none was found. */
static unsigned first_bug(const struct sim_kernel *kernel, const char *name,
			  unsigned seed, unsigned most)
{
	static struct sim s;
	const struct strategy *strategy = NULL;
	void *state = NULL;
	unsigned end = 0;

	for (unsigned i = 0; i < most; i++) {
		if (i == end) {
			end = end ? end * 4 : 16;
			strategy = open_strategy(name, &state);
		}
		sim_run(&s, kernel, strategy, state, seed_of(seed, i));
		if (s.has_failed || s.is_stuck)
			return i + 1;
	}
	return most + 1;
}

static int compare(const void *a, const void *b)
{
	unsigned x = *(const unsigned *)a, y = *(const unsigned *)b;

	return (x > y) - (x < y);
}

static unsigned median(const char *kernel, const char *name, unsigned most,
		       unsigned *longest)
{
	unsigned bugs[SEEDS], k = 0;

	while (strcmp(sim_kernels[k].name, kernel) != 0)
		if (++k == SIM_KERNELS)
			fail_msg("there is no kernel %s", kernel);
	for (unsigned i = 0; i < SEEDS; i++)
		bugs[i] = first_bug(&sim_kernels[k], name, i + 1, most);
	qsort(bugs, SEEDS, sizeof(bugs[0]), compare);
	*longest = bugs[SEEDS - 1];
	return bugs[SEEDS / 2];
}

static void the_portfolio_finds_every_bug(void **unused)
{
	(void)unused;
	for (unsigned k = 0; k < SIM_KERNELS; k++) {
		unsigned longest;

		median(sim_kernels[k].name, "portfolio", 1000, &longest);
		if (longest > 1000)
			fail_msg("%s", sim_kernels[k].name);
	}
}

static void the_portfolio_finds_what_needs_one_order_of_many(void **unused)
{
	unsigned longest;

	(void)unused;
	assert_true(median("checker, 100 others", "portfolio", 1000,
			   &longest) <= 200);
	assert_true(median("two-stage, 100 threads", "portfolio", 1000,
			   &longest) <= 500);
}

/* No two accesses of memory race: the object is a lock. */
static void surw_finds_what_only_the_order_of_locks_decides(void **unused)
{
	unsigned longest;

	(void)unused;
	assert_true(median("lost total", "surw", 500, &longest) <= 100);
	assert_true(longest <= 500);
	assert_true(median("two accounts", "surw", 500, &longest) <= 100);
	assert_true(longest <= 500);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(random_picks_each_as_often_as_any_other),
		cmocka_unit_test(pct_keeps_its_bound_at_depth_2),
		cmocka_unit_test(pct_keeps_its_bound_at_depth_3),
		cmocka_unit_test(surw_draws_each_order_at_an_object_alike),
		cmocka_unit_test(for_surw_a_child_counts_before_it_is_born),
		cmocka_unit_test(the_portfolio_finds_every_bug),
		cmocka_unit_test(
			the_portfolio_finds_what_needs_one_order_of_many),
		cmocka_unit_test(
			surw_finds_what_only_the_order_of_locks_decides),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
