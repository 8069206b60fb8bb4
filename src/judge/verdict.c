#include "judge/verdict.h"

#include <string.h>

#include "base/stats.h"
#include "judge/tally.h"

/* "7 of 1,000 iterations (0.34-1.4 %)" */
static const char *often(struct arena *arena, const struct sighting *s)
{
	return arena_printf(
		arena, "%s%s of %s (%s)", s->is_at_least ? "at least " : "",
		stats_count(arena, s->hits),
		stats_plural(arena, s->iterations, "iteration", "iterations"),
		stats_range(arena, stats_interval(s->hits, s->iterations)));
}

static const char *and_more(struct arena *arena, size_t count)
{
	if (count < 2)
		return "";
	return arena_printf(
		arena, "; and %s besides",
		stats_plural(arena, count - 1, "other thing", "other things"));
}

static struct judged unexpected(struct arena *arena, const struct tally *tally)
{
	const struct sighting *first = &tally->forbidden[0];
	const char *why =
		first->why
			? arena_printf(arena, "forbidden: %s (%s) in %s%s",
				       first->what, first->why,
				       often(arena, first),
				       and_more(arena, tally->forbidden_count))
			: arena_printf(arena, "not described: %s in %s%s",
				       first->what, often(arena, first),
				       and_more(arena, tally->forbidden_count));

	return (struct judged){VERDICT_UNEXPECTED, why};
}

static const struct sighting *first_missed(const struct tally *tally,
					   size_t *count)
{
	const struct sighting *first = NULL;

	*count = 0;
	for (size_t i = 0; i < tally->required_count; i++) {
		if (tally->required[i].hits)
			continue;
		if (!first)
			first = &tally->required[i];
		++*count;
	}
	return first;
}

static struct judged missed(struct arena *arena, const struct sighting *line,
			    size_t count)
{
	double bound = stats_zero_bound(line->iterations);
	const char *why = arena_printf(
		arena,
		"required and not seen: %s%s%s%s in %s, so its rate is below "
		"%s at 95 %%; were it just that, %s more iterations would show "
		"it with 95 %% probability, %s with 99 %%%s",
		line->what, line->why ? " (" : "", line->why ? line->why : "",
		line->why ? ")" : "",
		stats_plural(arena, line->iterations, "iteration",
			     "iterations"),
		stats_percent(arena, bound),
		stats_count(arena, stats_iterations_for(bound, 0.95)),
		stats_count(arena, stats_iterations_for(bound, 0.99)),
		and_more(arena, count));

	return (struct judged){VERDICT_MISSED, why};
}

static struct judged exhausted(struct arena *arena, const struct tally *tally)
{
	const char *why = arena_printf(
		arena,
		"clean, as expected: exhausted, %s in all %s that its strategy "
		"can choose",
		tally->other_findings
			? "no report and no outcome but those allowed"
			: "no report and no forbidden outcome",
		stats_plural(arena, tally->iterations, "schedule",
			     "schedules"));

	return (struct judged){VERDICT_AS_EXPECTED, why};
}

static struct judged clean(struct arena *arena, const struct tally *tally)
{
	const char *why;

	if (tally->exhausted && tally->exhausted == tally->iterations)
		return exhausted(arena, tally);
	why = arena_printf(
		arena,
		"clean, as expected: %s in %s, so a rate above %s is excluded "
		"at 95 %%",
		tally->other_findings
			? "no report and no outcome but those allowed"
			: "no report and no forbidden outcome",
		stats_plural(arena, tally->iterations, "iteration",
			     "iterations"),
		stats_percent(arena, stats_zero_bound(tally->iterations)));

	return (struct judged){VERDICT_AS_EXPECTED, why};
}

static const struct sighting *rarest(const struct tally *tally)
{
	const struct sighting *best = &tally->required[0];

	for (size_t i = 1; i < tally->required_count; i++) {
		const struct sighting *s = &tally->required[i];

		if ((double)s->hits / (double)s->iterations <
		    (double)best->hits / (double)best->iterations)
			best = s;
	}
	return best;
}

/* Broken or blind, and everything required of what ran was seen. */
static struct judged broken(struct arena *arena, const struct subject *subject,
			    const struct tally *tally)
{
	const char *opening =
		subject->expect == EXPECT_BLIND && !tally->news_count
			? "broken and unseen by ThreadSanitizer, as expected"
			: "broken, as expected";
	const struct sighting *s;
	const char *why;

	if (!tally->required_count) {
		why = "what it requires holds for an engine that did not run";
		return (struct judged){VERDICT_SKIPPED, why};
	}
	s = rarest(tally);
	if (tally->required_count == 1)
		why = arena_printf(arena, "%s: %s in %s", opening, s->what,
				   often(arena, s));
	else
		why = arena_printf(arena,
				   "%s: all %zu required things were seen, the "
				   "rarest, %s, in %s",
				   opening, tally->required_count, s->what,
				   often(arena, s));
	return (struct judged){VERDICT_AS_EXPECTED, why};
}

/* Why nothing can be concluded from what ran; NULL: something can. */
static const char *trouble(struct arena *arena, const struct subject *subject,
			   const struct tally *tally)
{
	bool is_broken = subject->expect == EXPECT_BROKEN ||
			 subject->expect == EXPECT_BLIND;

	if (tally->trouble)
		return tally->trouble;
	if (subject->expect == EXPECT_NONE)
		return "the scenario does not say what it expects";
	if (is_broken && !tally->required_count && !tally->required_elsewhere)
		return "the scenario is to be broken and requires nothing";
	if (tally->reports && !tally->report_findings)
		return arena_printf(
			arena,
			"ThreadSanitizer made %s, and none of the text was "
			"found",
			stats_plural(arena, tally->reports, "report",
				     "reports"));
	if (!is_broken && tally->dropped)
		return arena_printf(
			arena,
			"%s could not be kept, and one of them may be "
			"forbidden",
			stats_plural(arena, tally->dropped, "report or outcome",
				     "reports or outcomes"));
	if (!is_broken && tally->has_explore && !tally->explored)
		return "explore ran no schedule at all";
	return NULL;
}

static struct judged decide(struct result *result, struct subject *subject,
			    const struct tally *tally)
{
	struct arena *arena = &result->arena;
	size_t missing;
	const struct sighting *line = first_missed(tally, &missing);
	const char *problem;

	if (tally->forbidden_count)
		return unexpected(arena, tally);
	if (subject->verdict == VERDICT_ERROR ||
	    subject->verdict == VERDICT_SKIPPED)
		return (struct judged){subject->verdict, subject->why};
	if (!tally->iterations && result->is_interrupted)
		return (struct judged){VERDICT_SKIPPED,
				       "interrupted before it ran"};
	if (!tally->iterations)
		return (struct judged){VERDICT_ERROR, "no iteration of it ran"};
	problem = trouble(arena, subject, tally);
	if (problem)
		return (struct judged){VERDICT_ERROR, problem};
	if (line)
		return missed(arena, line, missing);
	return subject->expect == EXPECT_CLEAN ? clean(arena, tally)
					       : broken(arena, subject, tally);
}

void judge_scenario(struct result *result, struct subject *subject)
{
	struct tally tally = tally_of(result, subject);
	struct judged judged = decide(result, subject, &tally);

	if (subject->verdict == VERDICT_ERROR &&
	    judged.verdict != VERDICT_ERROR && subject->why) {
		subject_note(result, subject, "%s", subject->why);
		subject->trouble = subject->why;
	}
	subject->verdict = judged.verdict;
	subject->why = judged.why;
	judge_notes(result, subject, &tally);
}

struct judged judge_again(struct result *result, struct subject *subject,
			  bool is_forgiven)
{
	struct tally tally = tally_of(result, subject);

	if (is_forgiven)
		tally.forbidden_count = 0;
	if (is_forgiven && subject->trouble)
		return (struct judged){VERDICT_ERROR, subject->trouble};
	return decide(result, subject, &tally);
}

/* The worst first. */
static const enum verdict by_severity[] = {
	VERDICT_UNEXPECTED, VERDICT_NEW,         VERDICT_FAILED,
	VERDICT_MISSED,     VERDICT_ERROR,       VERDICT_KNOWN,
	VERDICT_CLEAN,      VERDICT_AS_EXPECTED, VERDICT_SKIPPED,
};

static bool has_verdict(const struct result *result, enum verdict verdict)
{
	for (size_t i = 0; i < result->subject_count; i++)
		if (result->subjects[i].verdict == verdict)
			return true;
	return false;
}

static enum exit_code exit_for(enum verdict verdict)
{
	switch (verdict) {
	case VERDICT_UNEXPECTED:
	case VERDICT_NEW:
	case VERDICT_FAILED:
	case VERDICT_MISSED:
		return EXIT_FINDING;
	case VERDICT_KNOWN:
	case VERDICT_CLEAN:
	case VERDICT_AS_EXPECTED:
		return EXIT_AS_EXPECTED;
	default:
		return EXIT_TROUBLE;
	}
}

/* Nothing tested is never green, and what was not judged is no evidence. */
static enum exit_code exit_of(const struct result *result)
{
	bool has_trouble = false, is_tested = false;

	for (size_t i = 0; i < result->subject_count; i++) {
		const struct subject *s = &result->subjects[i];
		enum verdict verdict =
			s->counted_as ? s->counted_as : s->verdict;

		if (exit_for(verdict) == EXIT_FINDING)
			return EXIT_FINDING;
		is_tested |= exit_for(verdict) == EXIT_AS_EXPECTED;
		has_trouble |= exit_for(verdict) == EXIT_TROUBLE &&
			       verdict != VERDICT_SKIPPED;
	}
	return has_trouble || !is_tested ? EXIT_TROUBLE : EXIT_AS_EXPECTED;
}

void judge_result(struct result *result)
{
	enum verdict worst = VERDICT_NONE;

	for (size_t i = 0; i < sizeof(by_severity) / sizeof(by_severity[0]);
	     i++) {
		if (!worst && has_verdict(result, by_severity[i]))
			worst = by_severity[i];
	}
	/* What was not judged must not hide behind green. */
	if (exit_for(worst) != EXIT_FINDING &&
	    has_verdict(result, VERDICT_NONE))
		worst = VERDICT_ERROR;
	result->verdict = worst;
	result->exit =
		result->is_interrupted ? EXIT_INTERRUPTED : exit_of(result);
}
