/*
 * What minimise makes of a random schedule, against the least that is known.
 *
 * dfs goes by preemptions, so its first schedule that shows the same has as few
 * of them as there can be.  Of context switches it may have some to spare:
 * compared with is the lesser of its own and of what minimise makes of it.
 * Both are of the same outcome, or of a finding with the same fingerprint.
 */
#include "campaign/minimise.h"
#include "explore_bench.h"

enum { MOST_MORE = 3, DFS_TRIES = 20 * 1000, RANDOM_TRIES = 5000 };

static const struct show {
	const char *scenario;
	const char *outcome; /* NULL: the first finding */
} shows[] = {
	{"check_then_act/insert_if_absent", "two-owners"},
	{"check_then_act/test_then_set_atomics", "two-owners"},
	{"config/mutable_config", "torn"},
	{"config/mutable_config", NULL},
	{"config/write_behind_view", "torn"},
	{"counter/bitfield_neighbours", "lost"},
	{"counter/lost_update", "lost"},
	{"counter/lost_update", NULL},
	{"counter/torn_64", "torn"},
	{"counter/tally_shared", "lost"},
	{"executor/result_before_done", "half"},
	{"lock/abba", "@deadlock"},
	{"publish/lazy_init", NULL},
	{"queue/lost_wakeup", "@deadlock"},
};

static bool is_wanted(struct rerun *rerun, const struct snag_kept *kept,
		      struct schedule *s)
{
	const struct worker *w = rerun_worker(rerun);
	const char *fingerprint;

	if (kept->kept_for == SNAG_KEPT_OUTCOME)
		return s->outcome &&
		       !strcmp(w->table->outcomes[kept->index].name,
			       s->outcome);
	if (s->outcome || w->finding_of[kept->index] < 0)
		return false;
	fingerprint =
		rerun->result.findings[w->finding_of[kept->index]].fingerprint;
	if (!s->fingerprint)
		s->fingerprint = fingerprint;
	return !strcmp(s->fingerprint, fingerprint);
}

/* Of the batch that was run, the first schedule that shows it. */
static bool take_kept(struct rerun *rerun, struct arena *arena,
		      struct schedule *s)
{
	const struct snag_explore *x = rerun_worker(rerun)->explore;

	for (uint32_t i = 0; i < x->kept_count; i++) {
		const struct snag_kept *kept = &x->kept[i];

		if (!is_wanted(rerun, kept, s))
			continue;
		s->turns = NULL;
		s->turn_count = 0;
		s->iteration = kept->iteration + 1;
		for (uint32_t t = 0; t < kept->count; t++)
			schedule_add(arena, &s->turns, &s->turn_count,
				     x->kept_turns[kept->first + t].thread,
				     x->kept_turns[kept->first + t].steps);
		return true;
	}
	return false;
}

static void find(struct rerun *rerun, const char *strategy, uint64_t tries,
		 struct arena *arena, struct schedule *s)
{
	const struct run *run = &rerun->result.subjects[0].runs[0];
	struct snag_batch_order order = rerun->order;
	struct err err = {0};

	rerun_worker(rerun)->explore->replay_schedules = 0;
	snprintf(order.strategy, sizeof(order.strategy), "%s", strategy);
	for (order.first = 0; order.first < tries;
	     order.first += run->iterations) {
		order.count = tries - order.first;
		if (!rerun_order(rerun, &order, &err))
			fail_msg("%s", err.text);
		if (take_kept(rerun, arena, s))
			return;
		if (!run->iterations)
			break;
	}
	fail_msg("%s does not show it", strategy);
}

static uint64_t minimised(struct rerun *rerun, const struct schedule *s,
			  struct arena *arena)
{
	const struct minimise_limits limits = {.time_ms = 60 * 1000,
					       .tries = 100 * 1000};
	struct minimised m;
	struct err err = {0};

	rerun_set_iteration(rerun, s->iteration);
	if (!minimise(rerun, s, &limits, arena, &m, &err))
		fail_msg("%s", err.text);
	rerun_set_iteration(rerun, 1);
	return m.switches;
}

static void compare(const struct show *show)
{
	struct schedule s =
		bench_schedule(bench_host("/snag-catalogue"), show->scenario);
	struct rerun *rerun = bench_open(&s);
	struct arena arena = {0};
	uint64_t least, own, got, before;

	s.outcome = show->outcome;
	find(rerun, "dfs:3", DFS_TRIES, &arena, &s);
	own = schedule_switches(s.turns, s.turn_count);
	least = minimised(rerun, &s, &arena);
	least = own < least ? own : least;
	find(rerun, "random", RANDOM_TRIES, &arena, &s);
	before = schedule_switches(s.turns, s.turn_count);
	got = minimised(rerun, &s, &arena);
	printf("%s %s: %u switches, minimised %u, dfs %u, least %u\n",
	       show->scenario, show->outcome ? show->outcome : "finding",
	       (unsigned)before, (unsigned)got, (unsigned)own, (unsigned)least);
	assert_in_range(got, 0, least + MOST_MORE);
	arena_release(&arena);
	rerun_close(rerun);
}

static void minimised_schedules_are_near_the_least(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(shows) / sizeof(shows[0]); i++)
		compare(&shows[i]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(minimised_schedules_are_near_the_least),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
