/* What a reader must know of what explore did, so that its silence is not
 * taken for more than it is. */
#include "base/stats.h"
#include "judge/verdict.h"

enum { FIRST_EPOCH = 16 };

static const char *with_threads(struct arena *arena, const struct run *run)
{
	return run->threads ? arena_printf(arena, " with %s",
					   stats_plural(arena, run->threads,
							"thread", "threads"))
			    : "";
}

static bool has_threads(const struct run *run)
{
	return run->threads ? run->threads > 1
			    : run->explored->most_threads > 1;
}

/* Pairs of a write and a read that were still new in the last part. */
static uint64_t late_pairs(const struct explored *e, uint64_t *iterations)
{
	const struct explored_growth *last, *before;

	if (e->growth_count < 2)
		return 0;
	last = &e->growth[e->growth_count - 1];
	before = last - 1;
	*iterations = last->iterations - before->iterations;
	return last->pairs > before->pairs ? last->pairs - before->pairs : 0;
}

static void note_reach(struct result *result, struct subject *subject,
		       const struct run *run)
{
	struct arena *arena = &result->arena;
	const struct explored *e = run->explored;
	uint64_t part = 0, late = late_pairs(e, &part);

	if (e->is_exhausted)
		return;
	if (e->distinct == 1 && run->iterations > 1 && has_threads(run))
		subject_note(result, subject,
			     "explore ran one and the same schedule %s "
			     "times%s: it met nothing at which it could switch",
			     stats_count(arena, run->iterations),
			     with_threads(arena, run));
	else if (late && run->iterations > FIRST_EPOCH)
		subject_note(
			result, subject,
			"explore had not seen all yet: of %s%s, %s came "
			"up only in the last %s; more --time would tell "
			"more",
			stats_plural(arena, e->pairs, "reads-from pair",
				     "reads-from pairs"),
			with_threads(arena, run), stats_count(arena, late),
			stats_plural(arena, part, "schedule", "schedules"));
}

static void note_control(struct result *result, struct subject *subject,
			 const struct run *run)
{
	struct arena *arena = &result->arena;
	const struct explored *e = run->explored;
	const char *list = "";

	if (e->divergence)
		subject_note(result, subject,
			     "its first schedule%s, run twice, differed %s: "
			     "something besides the schedule decides (a clock, "
			     "an address, chance), so that a schedule need not "
			     "show again what it showed",
			     with_threads(arena, run), e->divergence);
	for (size_t i = 0; i < e->uncontrolled_count; i++)
		list = arena_printf(arena, "%s%s%s (%s)", list, i ? ", " : "",
				    e->uncontrolled[i].name,
				    stats_plural(arena,
						 e->uncontrolled[i].count,
						 "time", "times"));
	if (*list)
		subject_note(result, subject,
			     "explore does not control all that it did%s: %s",
			     with_threads(arena, run), list);
}

void judge_notes_explore(struct result *result, struct subject *subject)
{
	bool is_silent = subject->verdict == VERDICT_AS_EXPECTED
				 ? subject->expect == EXPECT_CLEAN
				 : subject->verdict == VERDICT_CLEAN;

	for (size_t i = 0; i < subject->run_count; i++) {
		const struct run *run = &subject->runs[i];

		if (!run->explored || !run->iterations)
			continue;
		if (is_silent)
			note_reach(result, subject, run);
		note_control(result, subject, run);
	}
}
