#include <string.h>

#include "base/stats.h"
#include "judge/policy_part.h"
#include "model/place.h"

/* "3 of 20 runs (5.2-36 %)", "3 reports" */
static const char *often(const struct facts *facts, uint64_t hits)
{
	struct arena *arena = facts->arena;
	bool is_scenario = facts->subject->type == SUBJECT_SCENARIO;

	if (!facts->runs)
		return stats_plural(arena, hits, "report", "reports");
	return arena_printf(
		arena, "%s of %s (%s)", stats_count(arena, hits),
		stats_plural(arena, facts->runs,
			     is_scenario ? "iteration" : "run",
			     is_scenario ? "iterations" : "runs"),
		stats_range(arena, stats_interval(hits, facts->runs)));
}

static const char *and_more(const struct facts *facts, size_t count)
{
	if (count < 2)
		return "";
	return arena_printf(facts->arena, "; and %s besides",
			    stats_plural(facts->arena, count - 1,
					 "other finding", "other findings"));
}

static const struct seen *first_of(const struct facts *facts,
				   enum standing standing)
{
	for (size_t i = 0; i < facts->failing_count; i++)
		if (facts->failing[i].finding->standing == standing)
			return &facts->failing[i];
	return NULL;
}

const char *policy_why_failing(const struct facts *facts)
{
	static const struct {
		enum standing standing;
		const char *opening;
	} gravest_first[] = {
		{STANDING_NEW, "new"},
		{STANDING_NONE, "found"},
		{STANDING_EXPIRED, "no longer in the baseline"},
		{STANDING_KNOWN, "known, and to fail all the same"},
	};
	const struct seen *first = NULL;
	size_t i = 0;

	while (!(first = first_of(facts, gravest_first[i].standing)))
		i++;
	return arena_printf(facts->arena, "%s: %s in %s%s",
			    gravest_first[i].opening,
			    place_finding(facts->arena, first->finding),
			    often(facts, first->hits),
			    and_more(facts, facts->failing_count));
}

const char *policy_why_ending(const struct facts *facts)
{
	const struct ending *first = &facts->endings[0];
	const char *more = "";

	if (facts->ending_count > 1)
		more = arena_printf(
			facts->arena, "; and %s besides",
			stats_plural(facts->arena, facts->ending_count - 1,
				     "other bad end", "other bad ends"));
	return arena_printf(
		facts->arena, "failed: %s in %s%s",
		first->finding ? place_finding(facts->arena, first->finding)
			       : first->name,
		often(facts, first->count), more);
}

/* "in the baseline" */
static const char *grounds(const struct facts *facts)
{
	size_t known = 0;

	for (size_t i = 0; i < facts->forgiven_count; i++)
		known += facts->forgiven[i].finding->standing == STANDING_KNOWN;
	return known == facts->forgiven_count ? "in the baseline"
	       : known ? "in the baseline, or of a cause that is not among "
			 "those that fail"
		       : "of a cause that is not among those that fail";
}

const char *policy_why_forgiven(const struct facts *facts)
{
	const struct seen *most = &facts->forgiven[0];

	for (size_t i = 1; i < facts->forgiven_count; i++)
		if (facts->forgiven[i].hits > most->hits)
			most = &facts->forgiven[i];
	if (facts->forgiven_count == 1)
		return arena_printf(facts->arena, "known: %s in %s is %s",
				    place_finding(facts->arena, most->finding),
				    often(facts, most->hits), grounds(facts));
	return arena_printf(
		facts->arena,
		"known: all %s are %s; the most frequent is a %s in %s",
		stats_plural(facts->arena, facts->forgiven_count, "finding",
			     "findings"),
		grounds(facts), place_finding(facts->arena, most->finding),
		often(facts, most->hits));
}

const char *policy_why_clean(const struct facts *facts)
{
	return arena_printf(
		facts->arena,
		"clean: no report in %s, so a rate above %s is excluded at "
		"95 %%",
		stats_plural(facts->arena, facts->runs, "run", "runs"),
		stats_percent(facts->arena, stats_zero_bound(facts->runs)));
}
