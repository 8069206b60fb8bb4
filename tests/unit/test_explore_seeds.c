/*
 * A thousand seeds: what the random strategy chose for each, replayed, is the
 * same to the last event.
 */
#include "explore_bench.h"

enum { SEEDS = 100, ALONE_ONE_IN = 25 };

/* A tenth of the seeds each. */
static const struct seeded {
	const char *scenario;
	bool draws; /* numbers from its seed: others replay something else */
} all[] = {
	{"counter/lost_update", false},
	{"check_then_act/insert_if_absent", false},
	{"flag/atomic_plain_mix", false},
	{"lock/wrong_lock", false},
	{"lockfree/treiber_aba", true},
	{"lockfree/peterson_plain", false},
	{"partition/overlapping_chunks", false},
	{"publish/lazy_init", false},
	{"queue/lost_wakeup", false},
	{"queue/wait_without_loop", false},
};

struct chosen {
	struct schedule_turn *turns;
	size_t count;
	uint64_t seed, hash, steps;
	const char *outcome;
};

static void choose(struct rerun *rerun, uint64_t seed, struct arena *arena,
		   struct chosen *out)
{
	struct rerun_seen seen;
	struct err err = {0};
	size_t bytes;

	rerun->order.seed = seed;
	if (!rerun_strategy(rerun, "random", &seen, &err))
		fail_msg("%s", err.text);
	/* Its first schedule is run twice, which must not differ either. */
	assert_int_equal(rerun_worker(rerun)->explore->has_diverged, 0);
	assert_false(seen.is_cut);
	bytes = seen.turn_count * sizeof(*seen.turns);
	*out = (struct chosen){
		.turns = memcpy(arena_alloc(arena, bytes + 1), seen.turns,
				bytes),
		.count = seen.turn_count,
		.seed = seed,
		.hash = seen.trace_hash,
		.steps = seen.steps,
		.outcome = arena_dup(arena, seen.outcome),
	};
}

/* Many in one process. */
static void replay_all(struct rerun *rerun, const struct schedule *s,
		       const struct chosen *chosen)
{
	struct rerun_tried tried[SEEDS] = {{0}};
	struct err err = {0};

	for (size_t i = 0; i < SEEDS; i++) {
		tried[i].turns = chosen[i].turns;
		tried[i].turn_count = chosen[i].count;
	}
	if (!rerun_many(rerun, tried, SEEDS, s, &err))
		fail_msg("%s", err.text);
	for (size_t i = 0; i < SEEDS; i++) {
		assert_true(tried[i].is_done);
		assert_int_equal(tried[i].left_at, 0);
		assert_int_equal(tried[i].steps, chosen[i].steps);
		assert_true(tried[i].trace_hash == chosen[i].hash);
		assert_string_equal(tried[i].outcome, chosen[i].outcome);
	}
}

static void replay_alone(struct rerun *rerun, const struct chosen *chosen)
{
	struct rerun_seen seen;
	struct err err = {0};

	rerun->order.seed = chosen->seed;
	if (!rerun_turns(rerun, chosen->turns, chosen->count, &seen, &err))
		fail_msg("%s", err.text);
	assert_int_equal(seen.left_at, 0);
	assert_true(seen.trace_hash == chosen->hash);
	assert_int_equal(seen.turn_count, chosen->count);
	assert_string_equal(seen.outcome, chosen->outcome);
}

static unsigned count_distinct(const struct chosen *chosen)
{
	unsigned n = 0;

	for (size_t i = 0; i < SEEDS; i++) {
		bool is_new = true;

		for (size_t j = 0; is_new && j < i; j++)
			is_new = chosen[j].hash != chosen[i].hash;
		n += is_new;
	}
	return n;
}

static void replay_of(const struct seeded *seeded, uint64_t first_seed)
{
	struct schedule s =
		bench_schedule(bench_host("/snag-catalogue"), seeded->scenario);
	struct chosen chosen[SEEDS];
	struct arena arena = {0};
	struct rerun_seen seen;
	struct rerun *rerun;
	struct err err = {0};

	/* Whether freed memory is used again depends on the seed, too. */
	s.flags = SCHEDULE_ALL_ORACLE;
	rerun = bench_open(&s);
	/* A replay first: then the host is warm. */
	assert_true(rerun_turns(rerun, NULL, 0, &seen, &err));
	for (uint64_t i = 0; i < SEEDS; i++)
		choose(rerun, first_seed + i * 0x9e3779b97f4a7c15U, &arena,
		       &chosen[i]);
	/* Or the seed would mean nothing. */
	printf("%s: %u distinct\n", seeded->scenario, count_distinct(chosen));
	assert_in_range(count_distinct(chosen), 4, SEEDS);
	if (!seeded->draws)
		replay_all(rerun, &s, chosen);
	/* All, or now and then one, in a process of its own. */
	for (size_t i = 0; i < SEEDS; i += seeded->draws ? 1 : ALONE_ONE_IN)
		replay_alone(rerun, &chosen[i]);
	arena_release(&arena);
	rerun_close(rerun);
}

static void a_thousand_seeds_replayed_have_the_same_trace(void **state)
{
	const size_t count = sizeof(all) / sizeof(all[0]);

	(void)state;
	assert_int_equal(SEEDS * count, 1000);
	for (size_t i = 0; i < count; i++)
		replay_of(&all[i], i + 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_thousand_seeds_replayed_have_the_same_trace),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
