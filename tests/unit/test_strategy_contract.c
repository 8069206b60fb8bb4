#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "strategy_kernels.h"

static const char *const names[] = {
	"portfolio", "random", "pct:1", "pct:3", "pct:64", "pos",
	"surw",      "rff",    "dfs:0", "dfs:2", "dfs",
};

enum { NAMES = sizeof(names) / sizeof(names[0]), RUNS = 80 };

static const struct strategy *open_strategy(const char *name, void **state)
{
	const struct strategy *s = strategy_new(name, state);

	if (!s)
		fail_msg("there is no strategy %s", name);
	return s;
}

/* The schedules of RUNS iterations, as one number.  What lives where differs
 * from one iteration to the next, if `moves` says so. */
static uint64_t schedules(const char *name, const struct sim_kernel *kernel,
			  uint64_t seed, uint64_t moves)
{
	static struct sim s;
	uint64_t hash = 0, where = moves;
	void *state;
	const struct strategy *strategy = open_strategy(name, &state);

	for (unsigned i = 0; i < RUNS; i++) {
		s.shift = moves ? strategy_random(&where) >> 20 & ~15ULL : 0;
		s.shuffle = moves ? strategy_random(&where) % 1000 + 1 : 0;
		if (sim_run(&s, kernel, strategy, state,
			    strategy_random(&seed)) >= 0)
			fail_msg("%s picked nobody in %s", name, kernel->name);
		hash = (hash ^ s.hash) * 0x9e3779b97f4a7c15U;
	}
	return hash;
}

static void every_strategy_picks_one_of_the_runnable(void **unused)
{
	(void)unused;
	for (unsigned n = 0; n < NAMES; n++)
		for (unsigned k = 0; k < SIM_KERNELS; k++)
			schedules(names[n], &sim_kernels[k], n + k, 0);
}

static void the_same_seed_gives_the_same_schedules(void **unused)
{
	(void)unused;
	for (unsigned n = 0; n < NAMES; n++)
		for (unsigned k = 0; k < SIM_KERNELS; k++)
			assert_int_equal(
				schedules(names[n], &sim_kernels[k], 7, 0),
				schedules(names[n], &sim_kernels[k], 7, 0));
}

static void another_seed_gives_other_schedules(void **unused)
{
	(void)unused;
	for (unsigned n = 0; n < NAMES; n++)
		if (names[n][0] != 'd')
			assert_int_not_equal(
				schedules(names[n], &sim_kernels[1], 7, 0),
				schedules(names[n], &sim_kernels[1], 8, 0));
}

static void where_things_live_changes_no_schedule(void **unused)
{
	(void)unused;
	for (unsigned n = 0; n < NAMES; n++)
		for (unsigned k = 0; k < SIM_KERNELS; k++)
			for (uint64_t moves = 1; moves < 3; moves++)
				if (schedules(names[n], &sim_kernels[k], 7,
					      moves) !=
				    schedules(names[n], &sim_kernels[k], 7, 0))
					fail_msg("%s in %s", names[n],
						 sim_kernels[k].name);
}

static void a_name_or_an_argument_that_is_none_is_refused(void **unused)
{
	static const char *const wrong[] = {
		"",         ":",
		"rand",     "randomly",
		"pct:",     "pct:0",
		"pct:65",   "pct:-1",
		"pct:3 ",   "pct:99999999999999999999",
		"random:1", "pos:",
		"dfs:x",    "dfs:1000001",
		"surw:1",   "target:1a",
		"replay",   "portfolio:pct",
	};
	void *state;

	(void)unused;
	for (unsigned i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		if (strategy_new(wrong[i], &state))
			fail_msg("'%s' is a strategy", wrong[i]);
	assert_non_null(strategy_new("dfs:1000000", &state));
}

static void each_strategy_has_its_own_name_and_a_paper(void **unused)
{
	(void)unused;
	assert_string_equal(strategies[0]->name, "portfolio");
	for (unsigned i = 0; strategies[i]; i++) {
		void *state;

		assert_non_null(strategies[i]->paper);
		assert_ptr_equal(strategy_new(strategies[i]->name, &state),
				 strategies[i]);
	}
}

static void the_portfolio_says_who_ran(void **unused)
{
	static struct sim s;
	static const char *const expected[] = {"random", "pct:3", "pct:2",
					       "pos",    "surw",  "rff"};
	unsigned runs[6] = {0};
	void *state;
	const struct strategy *p = open_strategy("portfolio", &state);

	(void)unused;
	for (unsigned i = 0; i < 6000; i++) {
		const char *name;

		sim_run(&s, &sim_kernels[0], p, state, i);
		name = p->member(state);
		for (unsigned m = 0; m < 6; m++)
			runs[m] += !strcmp(name, expected[m]);
	}
	for (unsigned m = 0; m < 6; m++)
		assert_int_equal(runs[m], 1000); /* nobody found anything */
}

static void the_portfolio_prefers_who_finds_and_starves_nobody(void **unused)
{
	static struct sim s;
	unsigned finder = 0, others = 0;
	void *state;
	const struct strategy *p = open_strategy("portfolio", &state);

	(void)unused;
	for (unsigned i = 0; i < 6000; i++) {
		bool is_finder;

		sim_begin(&s, &sim_kernels[0], i);
		s.strategy = p;
		s.state = state;
		p->begin(state, i);
		is_finder = !strcmp(p->member(state), "pos");
		sim_go(&s);
		sim_end(&s, is_finder);
		finder += is_finder;
		others += !is_finder;
	}
	assert_true(finder > others / 2); /* it was a fifth of theirs */
	assert_true(others > 6000 / 5);
}

/* Threads wait in loops that never let go; a strategy may have its reasons to
 * hold back whom they wait for. */
static void a_thread_that_waits_lets_the_others_run(void **unused)
{
	static const struct sim_op waits[] = {
		WRITE(4, 1), {SIM_YIELD, .var = 0},
		READ(1, 0),  SKIP_UNLESS(0, 1, 1),
		READ(4, 0),  STOP,
	};
	static const struct sim_op works[] = {
		READ(2, 0), WRITE(4, 2), READ(4, 0), WRITE(1, 1), STOP,
	};
	/* It waits as well, but nobody can see that. */
	static const struct sim_op is_busy[] = {
		READ(5, 1),           STORE(5, 1, 1), READ(1, 0),
		SKIP_UNLESS(0, 1, 0), STOP,
	};
	static const struct sim_kernel kernels[] = {
		{.bodies = {{is_busy, 2}, {works, 1}}},
		{.bodies = {{waits, 1}, {works, 1}}},
		{.bodies = {{waits, 2}, {works, 1}}},
		{.bodies = {{works, 1}, {waits, 3}}},
	};
	static struct sim s;

	(void)unused;
	for (unsigned n = 0; n < NAMES * 4; n++) {
		void *state;
		const struct strategy *p =
			open_strategy(names[n % NAMES], &state);

		for (unsigned i = 0; i < (n < NAMES ? 50 : 500); i++) {
			if (p->is_exhausted && p->is_exhausted(state))
				break;
			sim_run(&s, &kernels[n / NAMES], p, state, i);
			if (s.is_stuck)
				fail_msg("%s, %u", names[n % NAMES], i);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_strategy_picks_one_of_the_runnable),
		cmocka_unit_test(the_same_seed_gives_the_same_schedules),
		cmocka_unit_test(another_seed_gives_other_schedules),
		cmocka_unit_test(where_things_live_changes_no_schedule),
		cmocka_unit_test(a_name_or_an_argument_that_is_none_is_refused),
		cmocka_unit_test(each_strategy_has_its_own_name_and_a_paper),
		cmocka_unit_test(the_portfolio_says_who_ran),
		cmocka_unit_test(
			the_portfolio_prefers_who_finds_and_starves_nobody),
		cmocka_unit_test(a_thread_that_waits_lets_the_others_run),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
