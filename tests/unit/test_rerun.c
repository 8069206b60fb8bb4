/* Iterations of the catalogue, run again. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <libgen.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "campaign/minimise.h"
#include "campaign/rerun.h"

enum { SEEDS = 60, SCHEDULES = 200, TURNS = 12 };

static volatile sig_atomic_t interrupted;
static char host[PATH_MAX + 32];

/* The host is in the folder above that of the tests. */
static int find_host(void **state)
{
	char own[PATH_MAX] = "";

	(void)state;
	if (readlink("/proc/self/exe", own, sizeof(own) - 1) < 0)
		return -1;
	if (getenv("SNAG_TEST_HOST")) /* the sanitized build has none */
		snprintf(host, sizeof(host), "%s", getenv("SNAG_TEST_HOST"));
	else
		snprintf(host, sizeof(host), "%s/../snag-catalogue",
			 dirname(own));
	return 0;
}

static struct schedule of(const char *scenario)
{
	return (struct schedule){.host = host,
				 .scenario = scenario,
				 .points = "all",
				 .threads = 2,
				 .seed = 1,
				 .iteration = 1};
}

static struct rerun *open_of(const struct schedule *s)
{
	struct err err = {0};
	struct rerun *rerun = rerun_open(s, &interrupted, &err);

	if (!rerun)
		fail_msg("%s", err.text);
	return rerun;
}

/* Turns of the schedule, in an arena of its own. */
static void keep_turns(struct arena *arena, struct schedule *s,
		       const struct rerun_seen *seen)
{
	s->turns =
		arena_alloc(arena, (seen->turn_count + 1) * sizeof(*s->turns));
	memcpy(s->turns, seen->turns, seen->turn_count * sizeof(*s->turns));
	s->turn_count = seen->turn_count;
}

static void replay_of(const char *scenario, uint64_t count)
{
	struct schedule s = of(scenario);
	struct rerun *rerun = open_of(&s);
	struct err err = {0};

	for (uint64_t i = 1; i <= count; i++) {
		struct arena arena = {0};
		struct rerun_seen seen;
		const char *outcome;
		uint64_t hash;

		rerun_set_iteration(rerun, i);
		if (!rerun_strategy(rerun, "random", &seen, &err))
			fail_msg("%s", err.text);
		hash = seen.trace_hash;
		keep_turns(&arena, &s, &seen);
		assert_true(
			rerun_turns(rerun, s.turns, s.turn_count, &seen, &err));
		assert_int_equal(seen.left_at, 0);
		assert_true(seen.trace_hash == hash);
		assert_int_equal(seen.turn_count, s.turn_count);
		outcome = arena_dup(&arena, seen.outcome);
		/* And now and then once more: so is what was seen. */
		if (i % 16 == 0)
			assert_true(rerun_turns(rerun, s.turns, s.turn_count,
						&seen, &err));
		assert_string_equal(seen.outcome, outcome);
		arena_release(&arena);
	}
	rerun_close(rerun);
}

static void random_schedules_replayed_are_the_same(void **state)
{
	(void)state;
	replay_of("counter/lost_update", SEEDS / 2);
	replay_of("lock/abba", SEEDS / 4);
	replay_of("queue/lost_wakeup", SEEDS / 4);
}

static uint32_t below(uint64_t *state, uint32_t limit)
{
	*state = *state * 6364136223846793005U + 1442695040888963407U;
	return (uint32_t)((*state >> 33) % limit);
}

/* Turns that nobody chose with care: some do not fit. */
static void make_schedules(struct arena *arena, struct rerun_tried *tried)
{
	uint64_t random = 1;

	for (size_t i = 0; i < SCHEDULES; i++) {
		struct schedule_turn *turns = NULL;
		size_t count = 0;

		for (size_t n = 0; n < TURNS; n++)
			schedule_add(arena, &turns, &count,
				     1 + below(&random, 2),
				     1 + below(&random, 3));
		tried[i].turns = turns;
		tried[i].turn_count = count;
	}
}

static void many_schedules_in_one_process_are_as_each_alone(void **state)
{
	struct rerun_tried first[SCHEDULES] = {{0}}, again[SCHEDULES];
	struct schedule s = of("counter/lost_update");
	struct rerun *rerun = open_of(&s);
	struct arena arena = {0};
	struct err err = {0};

	(void)state;
	s.outcome = "lost";
	make_schedules(&arena, first);
	memcpy(again, first, sizeof(first));
	assert_true(rerun_many(rerun, first, SCHEDULES, &s, &err));
	assert_true(rerun_many(rerun, again, SCHEDULES, &s, &err));
	for (size_t i = 0; i < SCHEDULES; i++) {
		struct rerun_seen seen;

		assert_true(first[i].is_done && again[i].is_done);
		assert_true(first[i].trace_hash == again[i].trace_hash);
		assert_int_equal(first[i].is_shown, again[i].is_shown);
		assert_int_equal(first[i].left_at, again[i].left_at);
		if (i % 20)
			continue;
		assert_true(rerun_turns(rerun, first[i].turns,
					first[i].turn_count, &seen, &err));
		assert_true(seen.trace_hash == first[i].trace_hash);
		assert_int_equal(rerun_shows(rerun, &seen, &s),
				 first[i].is_shown);
	}
	arena_release(&arena);
	rerun_close(rerun);
}

static void a_schedule_that_does_not_fit_says_where(void **state)
{
	struct schedule_turn turns[] = {{.thread = 1, .steps = 1},
					{.thread = 7, .steps = 3}};
	struct schedule s = of("counter/lost_update");
	struct rerun *rerun = open_of(&s);
	struct rerun_seen seen;
	struct err err = {0};

	(void)state;
	assert_true(rerun_turns(rerun, turns, 2, &seen, &err));
	assert_int_equal(seen.left_at, 2);
	assert_non_null(seen.outcome);
	rerun_close(rerun);
}

static void an_unknown_scenario_names_the_nearest(void **state)
{
	struct schedule s = of("counter/lost_updat");
	struct err err = {0};

	(void)state;
	assert_null(rerun_open(&s, &interrupted, &err));
	assert_int_equal(err.code, EXIT_USAGE);
	assert_non_null(strstr(err.text, "counter/lost_update"));
}

/* The first of many that shows the outcome. */
static void find(struct rerun *rerun, struct arena *arena, struct schedule *s)
{
	struct rerun_seen seen;
	struct err err = {0};

	for (uint64_t i = 1; i <= 500; i++) {
		rerun_set_iteration(rerun, i);
		assert_true(rerun_strategy(rerun, "random", &seen, &err));
		if (seen.outcome && !strcmp(seen.outcome, s->outcome)) {
			s->iteration = i;
			keep_turns(arena, s, &seen);
			return;
		}
	}
	fail_msg("'%s' was not seen", s->outcome);
}

static void minimise_of(const char *scenario, const char *outcome,
			uint64_t most_switches)
{
	const struct minimise_limits limits = {.time_ms = 60 * 1000,
					       .tries = 100000};
	struct schedule s = of(scenario);
	struct rerun *rerun = open_of(&s);
	struct arena arena = {0};
	struct minimised m;
	struct rerun_seen seen;
	struct trace trace;
	struct err err = {0};

	s.outcome = outcome;
	find(rerun, &arena, &s);
	if (!minimise(rerun, &s, &limits, &arena, &m, &err))
		fail_msg("%s", err.text);
	assert_true(m.switches <= m.switches_before);
	assert_in_range(m.switches, 0, most_switches);
	/* The two events are of different threads, and are there. */
	assert_true(m.first && m.first < m.second);
	assert_true(rerun_traced(rerun, m.turns, m.turn_count, &arena, &seen,
				 &trace, &err));
	assert_string_equal(seen.outcome, outcome);
	assert_true(m.second <= seen.steps);
	arena_release(&arena);
	rerun_close(rerun);
}

static void few_switches_are_left(void **state)
{
	(void)state;
	/* T1 T2 T1 T0, or T1 T2 T1. */
	minimise_of("counter/lost_update", "lost", 3);
	minimise_of("lock/abba", "@deadlock", 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(random_schedules_replayed_are_the_same),
		cmocka_unit_test(
			many_schedules_in_one_process_are_as_each_alone),
		cmocka_unit_test(a_schedule_that_does_not_fit_says_where),
		cmocka_unit_test(an_unknown_scenario_names_the_nearest),
		cmocka_unit_test(few_switches_are_left),
	};

	return cmocka_run_group_tests(tests, find_host, NULL);
}
