/* What explore did in a run. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/stats.h"
#include "reports/phrase.h"

enum { PCT_DEPTH = 3 }; /* where its name does not say */

const char *phrase_explored(struct arena *arena, const struct run *run)
{
	const struct explored *e = run->explored;
	const char *size;

	if (!e || !run->iterations)
		return NULL;
	size = arena_printf(
		arena, "%s and %s at most in one of %s",
		stats_plural(arena, e->most_steps, "step", "steps"),
		stats_plural(arena, e->most_preemptions, "preemption",
			     "preemptions"),
		stats_plural(arena, e->most_threads, "thread", "threads"));
	if (e->is_exhausted)
		return arena_printf(arena, "exhausted: all %s were run; %s",
				    stats_plural(arena, run->iterations,
						 "schedule", "schedules"),
				    size);
	return arena_printf(arena, "about %s, %s; %s",
			    stats_plural(arena, e->distinct,
					 "different schedule",
					 "different schedules"),
			    stats_plural(arena, e->pairs, "reads-from pair",
					 "reads-from pairs"),
			    size);
}

const char *phrase_strategies(struct arena *arena, const struct run *run)
{
	const struct explored *e = run->explored;
	const char *list = "";

	if (!e || e->strategy_count < 2)
		return NULL;
	for (size_t i = 0; i < e->strategy_count; i++) {
		const struct explored_strategy *s = &e->strategies[i];

		list = arena_printf(arena, "%s%s%s %s", list, i ? ", " : "",
				    s->name, stats_count(arena, s->schedules));
		if (s->news)
			list = arena_printf(arena, "%s (%s new)", list,
					    stats_count(arena, s->news));
	}
	return list;
}

const char *phrase_uncontrolled(struct arena *arena, const struct run *run)
{
	const struct explored *e = run->explored;
	const char *list = "";

	if (!e || !e->uncontrolled_count)
		return NULL;
	for (size_t i = 0; i < e->uncontrolled_count; i++)
		list = arena_printf(arena, "%s%s%s %s", list, i ? ", " : "",
				    e->uncontrolled[i].name,
				    stats_plural(arena,
						 e->uncontrolled[i].count,
						 "time", "times"));
	return list;
}

/* 0: another strategy. */
static unsigned pct_depth(const struct run *run)
{
	const char *name = run->strategy;
	long depth = PCT_DEPTH;

	if (!name || strncmp(name, "pct", 3) != 0 ||
	    (name[3] && name[3] != ':'))
		return 0;
	if (name[3])
		depth = strtol(name + 4, NULL, 10);
	return depth > 0 && depth < 1000 ? (unsigned)depth : 0;
}

const char *phrase_pct_bound(struct arena *arena, const struct run *run)
{
	const struct explored *e = run->explored;
	unsigned depth = pct_depth(run);

	if (!e || !depth || !e->most_steps || !e->most_threads)
		return NULL;
	return arena_printf(
		arena, "PCT shows what needs %s in at least %s of schedules",
		depth > 1 ? arena_printf(arena, "%u steps in one order", depth)
			  : "one step before another",
		stats_percent(arena,
			      1 / ((double)e->most_threads *
				   pow((double)e->most_steps, depth - 1.0))));
}

const char *phrase_kept(struct arena *arena, const struct kept *kept)
{
	return arena_printf(arena, "%s%siteration %s%s%s",
			    kept->strategy ? kept->strategy : "",
			    kept->strategy ? ", " : "",
			    stats_count(arena, kept->iteration),
			    kept->threads ? " with " : "",
			    kept->threads ? stats_plural(arena, kept->threads,
							 "thread", "threads")
					  : "");
}

const char *phrase_effect(struct arena *arena, const struct finding *finding)
{
	if (!finding->effect)
		return NULL;
	return arena_printf(arena, "%s%s%s", finding->effect,
			    finding->effect_why ? ": " : "",
			    finding->effect_why ? finding->effect_why : "");
}
