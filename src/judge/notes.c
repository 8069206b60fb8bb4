#include "base/stats.h"
#include "judge/tally.h"
#include "judge/verdict.h"

#include <string.h>

static void note_few_iterations(struct result *result, struct subject *subject,
				const struct tally *tally)
{
	struct arena *arena = &result->arena;

	if (subject->verdict != VERDICT_AS_EXPECTED ||
	    subject->expect != EXPECT_CLEAN ||
	    tally->iterations >= VERDICT_FEW_ITERATIONS ||
	    tally->exhausted == tally->iterations)
		return;
	subject_note(result, subject,
		     "this green proves little: %s can miss what happens in "
		     "%s of them",
		     stats_plural(arena, tally->iterations, "iteration",
				  "iterations"),
		     stats_percent(arena, stats_zero_bound(tally->iterations)));
}

static void note_missed(struct result *result, struct subject *subject,
			const struct tally *tally)
{
	if (subject->verdict != VERDICT_UNEXPECTED)
		return;
	for (size_t i = 0; i < tally->required_count; i++)
		if (!tally->required[i].hits)
			subject_note(result, subject,
				     "required and not seen: %s",
				     tally->required[i].what);
}

static void note_news(struct result *result, struct subject *subject,
		      const struct tally *tally)
{
	for (size_t i = 0; i < tally->news_count; i++)
		subject_note(result, subject,
			     "news: ThreadSanitizer reported a %s, and the "
			     "scenario says that it is blind to it",
			     tally->news[i].what);
}

static bool is_cause(const struct finding *finding, const char *cause)
{
	return finding->cause_count && finding->causes[0].cause &&
	       !strcmp(finding->causes[0].cause, cause);
}

/* What a line of the expectation calls the things that it describes. */
struct naming {
	const char *cause;
	const struct expected_report *report; /* NULL: of an outcome */
	const char *outcome;
};

static bool is_described(const struct naming *line,
			 const struct finding *finding)
{
	const char *outcome = match_outcome_name(finding);

	if (line->report)
		return !outcome && match_rank(line->report, finding);
	return outcome && !strcmp(outcome, line->outcome);
}

/* The cause that was given to all that the line describes, if never the one
 * it names; NULL: no such disagreement. */
static const char *other_cause(const struct result *result,
			       const struct subject *subject,
			       const struct naming *line)
{
	const char *other = NULL;

	for (size_t i = 0; line->cause && i < subject->run_count; i++)
		for (size_t j = 0; j < subject->runs[i].finding_count; j++) {
			const struct finding *f = result_finding(
				result,
				subject->runs[i].findings[j].fingerprint);

			if (!f || !is_described(line, f))
				continue;
			if (is_cause(f, line->cause))
				return NULL;
			other = f->cause_count ? f->causes[0].cause : NULL;
		}
	return other;
}

static void note_causes(struct result *result, struct subject *subject)
{
	for (size_t i = 0; i < subject->expected_report_count; i++) {
		const struct expected_report *line =
			&subject->expected_reports[i];
		const struct naming naming = {line->cause, line, NULL};
		const char *other = other_cause(result, subject, &naming);

		if (other)
			subject_note(result, subject,
				     "the scenario calls its %s %s, the "
				     "classifier %s",
				     kind_name(line->kind), line->cause, other);
	}
	for (size_t i = 0; i < subject->expected_outcome_count; i++) {
		const struct expected_outcome *line =
			&subject->expected_outcomes[i];
		const struct naming naming = {line->cause, NULL, line->when};
		const char *other = other_cause(result, subject, &naming);

		if (other)
			subject_note(result, subject,
				     "the scenario calls its outcome \"%s\" "
				     "%s, the classifier %s",
				     line->when, line->cause, other);
	}
}

void judge_notes(struct result *result, struct subject *subject,
		 const struct tally *tally)
{
	note_few_iterations(result, subject, tally);
	note_missed(result, subject, tally);
	note_news(result, subject, tally);
	note_causes(result, subject);
	judge_notes_explore(result, subject);
	if (tally->dropped)
		subject_note(result, subject,
			     "%s went beyond the capacity of a table: they "
			     "were counted, not kept",
			     stats_plural(&result->arena, tally->dropped,
					  "report or outcome",
					  "reports or outcomes"));
	if (tally->has_explore && !tally->explored && tally->iterations)
		subject_note(result, subject, "explore ran no schedule at all");
	if (tally->required_elsewhere && tally->required_count)
		subject_note(result, subject,
			     "%s it requires could not be judged: the engine "
			     "did not run",
			     stats_plural(&result->arena,
					  tally->required_elsewhere,
					  "thing that", "things that"));
}
