#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>

#include "strategy_kernels.h"

enum { MOST = 300 * 1000, LEVELS = 64 };

/* All schedules there are, by their preemptions. */
struct census {
	unsigned count, by_level[LEVELS];
	uint64_t hashes[MOST];
};

static int compare(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return (x > y) - (x < y);
}

static void note(struct census *c, const struct sim *s)
{
	assert_true(c->count < MOST);
	c->hashes[c->count++] = s->hash;
	assert_true(s->preemptions < LEVELS);
	c->by_level[s->preemptions]++;
}

/* By trying everybody everywhere. */
static void search(struct census *c, struct sim *s, unsigned bound)
{
	struct sim before;

	if (s->preemptions > bound)
		return;
	if (!sim_look(s)) {
		note(c, s);
		return;
	}
	before = *s;
	for (unsigned i = 0; i < before.view.runnable_count; i++) {
		*s = before;
		s->view.pending = s->pending;
		s->view.runnable = s->runnable;
		sim_perform(s, i);
		search(c, s, bound);
	}
}

static void run_dfs(struct census *c, const struct sim_kernel *kernel,
		    const char *name)
{
	static struct sim s;
	uint64_t level = 0;
	void *state;
	const struct strategy *dfs = strategy_new(name, &state);

	assert_non_null(dfs);
	while (!dfs->is_exhausted(state)) {
		assert_true(sim_run(&s, kernel, dfs, state, c->count) < 0);
		assert_true(s.preemptions >= level); /* least first */
		level = s.preemptions;
		note(c, &s);
	}
}

static void each_is_distinct(struct census *c)
{
	qsort(c->hashes, c->count, sizeof(c->hashes[0]), compare);
	for (unsigned i = 1; i < c->count; i++)
		assert_int_not_equal(c->hashes[i - 1], c->hashes[i]);
}

/* dfs finds what the search finds, once, and then says so. */
static void is_exact(const struct sim_kernel *kernel, unsigned bound)
{
	static struct census found, all;
	static struct sim s;
	char name[16];

	memset(&found, 0, sizeof(found));
	memset(&all, 0, sizeof(all));
	snprintf(name, sizeof(name), "dfs:%u", bound);
	run_dfs(&found, kernel, name);
	sim_begin(&s, kernel, 0);
	search(&all, &s, bound);
	each_is_distinct(&found);
	each_is_distinct(&all);
	assert_int_equal(found.count, all.count);
	assert_memory_equal(found.hashes, all.hashes,
			    found.count * sizeof(found.hashes[0]));
	assert_memory_equal(found.by_level, all.by_level, sizeof(all.by_level));
}

static unsigned count_all(const struct sim_kernel *kernel, const char *name)
{
	static struct census c;

	memset(&c, 0, sizeof(c));
	run_dfs(&c, kernel, name);
	each_is_distinct(&c);
	return c.count;
}

static const struct sim_op two_reads[] = {READ(1, 0), READ(1, 0), STOP};
static const struct sim_op six_reads[] = {READ(1, 0), READ(1, 0), READ(1, 0),
					  READ(1, 0), READ(1, 0), READ(1, 0),
					  STOP};

/* A thread's beginning is an event too. */
static void without_a_bound_it_counts_all_interleavings(void **unused)
{
	static const struct sim_kernel two = {.bodies = {{six_reads, 2}}};
	static const struct sim_kernel three = {.bodies = {{two_reads, 3}}};
	static const struct sim_kernel uneven = {
		.bodies = {{six_reads, 1}, {two_reads, 1}}};

	(void)unused;
	assert_int_equal(count_all(&two, "dfs:1000"), 3432);   /* 14 over 7 */
	assert_int_equal(count_all(&three, "dfs:1000"), 1680); /* 9!/(3!)^3 */
	assert_int_equal(count_all(&uneven, "dfs:1000"), 120); /* 10 over 3 */
}

/* Two threads of n events.  None: 2.  One: the first is left at one of n - 1
 * places, the other runs to its end, the first goes on.  Two: both are left
 * once, or one twice ... (n - 1)^2 ways for each who is first. */
static void a_bound_counts_those_below_it(void **unused)
{
	static const struct sim_kernel two = {.bodies = {{six_reads, 2}}};

	(void)unused;
	assert_int_equal(count_all(&two, "dfs:0"), 2);
	assert_int_equal(count_all(&two, "dfs:1"), 2 + 2 * 6);
	assert_int_equal(count_all(&two, "dfs:2"), 2 + 2 * 6 + 2 * 36);
	assert_int_equal(count_all(&two, "dfs"), 2 + 2 * 6 + 2 * 36);
}

static void numbers_are_choices(void **unused)
{
	static const struct sim_op draws[] = {
		READ(1, 0),
		{SIM_NUMBER, .a = 1, .value = 3},
		READ(1, 0),
		STOP,
	};
	/* Only who draws 4 goes on to draw again. */
	static const struct sim_op draws_more[] = {
		{SIM_NUMBER, .a = 1, .value = 5},
		SKIP_UNLESS(1, 4, 3),
		{SIM_NUMBER, .a = 1, .value = 7},
		READ(1, 0),
		STOP,
	};
	static const struct sim_kernel one = {.bodies = {{draws_more, 1}}};
	static const struct sim_kernel two = {
		.bodies = {{draws, 1}, {two_reads, 1}}};
	static struct census c;

	(void)unused;
	run_dfs(&c, &one, "dfs:0");
	assert_int_equal(c.count, 4 + 7);
	memset(&c, 0, sizeof(c));
	run_dfs(&c, &two, "dfs:9");
	assert_int_equal(c.count, 3 * 20);
}

static void numbers_take_each_value_once(void **unused)
{
	static const struct sim_op draws[] = {
		{SIM_NUMBER, .a = 0, .value = 100}, STORE(1, 0, 0), STOP};
	static const struct sim_kernel one = {.bodies = {{draws, 1}}};
	static struct sim s;
	bool seen[100] = {false};
	void *state;
	const struct strategy *dfs = strategy_new("dfs", &state);

	(void)unused;
	while (!dfs->is_exhausted(state)) {
		sim_run(&s, &one, dfs, state, 0);
		assert_false(seen[s.vars[1]]);
		seen[s.vars[1]] = true;
	}
	for (unsigned i = 0; i < 100; i++)
		assert_true(seen[i]);
}

static void with_locks_it_is_exact(void **unused)
{
	static const struct sim_kernel kernels[] = {
		{.bodies = {{transfer, 2}}},
		{.bodies = {{fork_1_2, 1}, {fork_2_3, 1}, {fork_3_1, 1}}},
		{.bodies = {{first_stage, 1}, {second_stage, 1}}},
		{.bodies = {{slow_pop, 1}, {pop_two_push_one, 1}}},
	};

	(void)unused;
	for (unsigned k = 0; k < sizeof(kernels) / sizeof(kernels[0]); k++)
		for (unsigned bound = 0; bound < 4; bound++)
			is_exact(&kernels[k], bound);
	is_exact(&kernels[3], 1000);
	is_exact(&kernels[2], 1000);
}

static void where_threads_yield_or_are_made_it_is_exact(void **unused)
{
	static const struct sim_op yields[] = {
		READ(1, 0), {SIM_YIELD, .var = 0}, READ(1, 0), STOP};
	static const struct sim_op makes[] = {
		READ(1, 0), {SIM_SPAWN, .var = 1}, READ(1, 0), STOP};
	static const struct sim_kernel kernels[] = {
		{.bodies = {{yields, 2}, {two_reads, 1}}},
		{.bodies = {{makes, 1}, {two_reads, 1}}},
	};

	(void)unused;
	for (unsigned k = 0; k < 2; k++)
		for (unsigned bound = 0; bound < 12; bound++)
			is_exact(&kernels[k], bound);
}

/* Two threads that wait could let each other go first for ever. */
static void loops_in_which_threads_wait_have_an_end(void **unused)
{
	static const struct sim_op waits[] = {
		{SIM_YIELD, .var = 0}, READ(1, 0), SKIP_UNLESS(0, 1, 0), STOP};
	static const struct sim_op works[] = {READ(2, 0), WRITE(1, 1), STOP};
	static const struct sim_kernel kernel = {
		.bodies = {{waits, 2}, {works, 1}}};
	static struct census c;
	static struct sim s;
	void *state;
	const struct strategy *dfs = strategy_new("dfs:1", &state);

	(void)unused;
	while (!dfs->is_exhausted(state)) {
		sim_run(&s, &kernel, dfs, state, 0);
		assert_false(s.is_stuck);
		note(&c, &s);
	}
	each_is_distinct(&c);
	assert_true(c.count > 100);
}

/* The process of a run dies in its middle; the next goes on with the state. */
static void a_run_without_an_end_loses_no_other(void **unused)
{
	static const struct sim_kernel kernel = {.bodies = {{six_reads, 2}}};
	static struct census c;
	static struct sim s;
	void *state;
	const struct strategy *dfs = strategy_new("dfs:1000", &state);

	(void)unused;
	assert_true(dfs->is_lasting);
	while (!dfs->is_exhausted(state)) {
		sim_begin(&s, &kernel, 0);
		s.strategy = dfs;
		s.state = state;
		dfs->begin(state, 0);
		sim_go(&s);
		if (c.count % 3)
			sim_end(&s, false);
		note(&c, &s);
	}
	each_is_distinct(&c);
	assert_int_equal(c.count, 3432);
}

/* Nothing is known of what it does with other numbers, or the next time. */
static void a_program_that_differs_is_never_exhausted(void **unused)
{
	static const struct sim_kernel one = {.bodies = {{six_reads, 1}}};
	static const struct sim_kernel two = {.bodies = {{two_reads, 2}}};
	static struct sim s;
	void *state;
	const struct strategy *dfs = strategy_new("dfs:1000", &state);

	(void)unused;
	for (unsigned i = 0; i < 100; i++) {
		sim_run(&s, i % 3 == 2 ? &one : &two, dfs, state, 0);
		assert_false(dfs->is_exhausted(state));
	}
	dfs = strategy_new("dfs", &state);
	for (unsigned i = 0; i < 5; i++) {
		sim_run(&s, &one, dfs, state, 0);
		dfs->number(state, 0);
	}
	assert_false(dfs->is_exhausted(state));
}

static void nothing_to_choose_is_exhausted_after_one_run(void **unused)
{
	static const struct sim_kernel one = {.bodies = {{six_reads, 1}}};

	(void)unused;
	assert_int_equal(count_all(&one, "dfs"), 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(without_a_bound_it_counts_all_interleavings),
		cmocka_unit_test(a_bound_counts_those_below_it),
		cmocka_unit_test(numbers_are_choices),
		cmocka_unit_test(numbers_take_each_value_once),
		cmocka_unit_test(with_locks_it_is_exact),
		cmocka_unit_test(where_threads_yield_or_are_made_it_is_exact),
		cmocka_unit_test(loops_in_which_threads_wait_have_an_end),
		cmocka_unit_test(a_run_without_an_end_loses_no_other),
		cmocka_unit_test(a_program_that_differs_is_never_exhausted),
		cmocka_unit_test(nothing_to_choose_is_exhausted_after_one_run),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
