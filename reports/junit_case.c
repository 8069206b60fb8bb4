#include <string.h>

#include "base/stats.h"
#include "model/cause.h"
#include "model/place.h"
#include "reports/junit_parts.h"
#include "reports/spot.h"

enum { MOST_TOLD = 100, MOST_SIDES = 8 };

/* "snag.counter": Jenkins groups by what stands before the last dot. */
static const char *class_name(struct junit *j, const struct subject *subject)
{
	const char *slash = strchr(subject->id, '/');
	char *name;

	if (subject->type != SUBJECT_SCENARIO || !slash)
		return arena_printf(&j->arena, "snag.%s",
				    subject_type_name(subject->type));
	name = arena_dup_n(&j->arena, subject->id,
			   (size_t)(slash - subject->id));
	for (char *c = name; *c; c++)
		if (*c == '.')
			*c = '_';
	return arena_printf(&j->arena, "snag.%s", name);
}

static uint64_t duration_ms(const struct subject *subject)
{
	uint64_t ms = 0;

	for (size_t i = 0; i < subject->run_count; i++)
		ms += subject->runs[i].duration_ms;
	return ms;
}

static const char *where(struct junit *j, const struct frame *frame)
{
	struct spot spot = spot_of_frame(&j->arena, frame);
	const char *name = spot.function ? spot.function : "?";

	if (!frame)
		return "an unknown place";
	if (!spot.file)
		return name;
	return spot.line ? arena_printf(&j->arena, "%s %s:%u", name, spot.file,
					spot.line)
			 : arena_printf(&j->arena, "%s %s", name, spot.file);
}

static void put_sides(struct junit *j, const struct finding *finding)
{
	const struct report *report = finding->report;
	size_t told = 0;

	if (!report)
		return;
	for (size_t i = 0; i < report->access_count && told < MOST_SIDES; i++) {
		const struct access *access = &report->accesses[i];
		const struct frame *frame = place_of_side(finding, i);

		/* Threads that only wait for the others tell nothing. */
		if (access->op == OP_WAIT && !place_is_own(frame))
			continue;
		junit_line(j, "  side: %s",
			   phrase_access(&j->arena, report, access));
		junit_line(j, "    at: %s", where(j, frame));
		told++;
	}
}

static void put_repair(struct junit *j, const struct finding *finding)
{
	const struct cause *cause =
		finding->cause_count ? cause_by_name(finding->causes[0].cause)
				     : NULL;

	if (cause) {
		junit_line(j, "  cause: %s. %s", cause->name, cause->meaning);
		junit_line(j, "  repair: %s", cause->repair);
	}
	if (finding->shown_by)
		junit_line(j, "  shown by: %s", finding->shown_by);
}

static void put_effect(struct junit *j, const struct finding *finding)
{
	const char *dir = j->options->out_dir;
	const struct kept *kept = finding->effect_kept;

	if (!finding->effect)
		return;
	junit_line(j, "  effect: %s", phrase_effect(&j->arena, finding));
	if (kept && kept->file)
		junit_line(j, "  to see it: snag replay %s%s%s", dir ? dir : "",
			   dir ? "/" : "", kept->file);
}

/* Each line begins with a word of ours: a log that shows the file is read by
 * machines too. */
static void put_finding(struct junit *j, const struct sight *sight)
{
	const struct finding *finding = sight->finding;
	const char *dir = j->options->out_dir;

	junit_line(j, "finding: %s", phrase_finding(&j->arena, finding));
	if (sight->why && sight->grade != GRADE_NONE)
		junit_line(j, "  %s: %s", grade_name(sight->grade), sight->why);
	if (finding->standing)
		junit_line(j, "  baseline: %s%s%s",
			   standing_name(finding->standing),
			   finding->standing_why ? ": " : "",
			   finding->standing_why ? finding->standing_why : "");
	put_sides(j, finding);
	put_effect(j, finding);
	put_repair(j, finding);
	if (sight->iterations)
		junit_line(
			j, "  seen: %s",
			stats_rate(&j->arena, sight->hits, sight->iterations));
	if (finding->report_path)
		junit_line(j, "  report: %s%s%s", dir ? dir : "",
			   dir ? "/" : "", finding->report_path);
	junit_line(j, "  fingerprint: %s", finding->fingerprint);
}

/* The findings that fail, or those that do not. */
struct told {
	const struct result *result;
	const struct subject *subject;
	const struct sight *sights;
	size_t count;
};

/* The next that fails, or does not; NULL: there is no more. */
static const struct sight *next_of(const struct told *told, bool failing,
				   size_t *at)
{
	while (*at < told->count) {
		const struct sight *sight = &told->sights[(*at)++];

		if (sight->finding &&
		    sight_fails(told->result, told->subject, sight) == failing)
			return sight;
	}
	return NULL;
}

/* *first: what is new, if anything is. */
static size_t count_of(const struct told *told, bool failing,
		       const struct sight **first)
{
	const struct sight *sight;
	size_t n = 0, at = 0;

	while ((sight = next_of(told, failing, &at)) != NULL) {
		if (!n++ || ((*first)->finding->standing != STANDING_NEW &&
			     sight->finding->standing == STANDING_NEW))
			*first = sight;
	}
	return n;
}

static void put_findings(struct junit *j, const struct told *told, bool failing)
{
	const struct sight *sight;
	size_t n = 0, at = 0;

	while ((sight = next_of(told, failing, &at)) != NULL)
		if (n++ < MOST_TOLD)
			put_finding(j, sight);
	if (n > MOST_TOLD)
		junit_line(j, "and %s more, all in result.json",
			   stats_plural(&j->arena, n - MOST_TOLD, "finding",
					"findings"));
}

/* The last lines that it printed, for each way in which it ended. */
static void put_words(struct junit *j, const struct run *run)
{
	for (size_t i = 0; i < run->outcome_count; i++) {
		const struct run_outcome *o = &run->outcomes[i];
		size_t count;
		const char **lines =
			phrase_last_lines(&j->arena, o->words, &count);

		if (!count)
			continue;
		junit_line(j, "run %s (%s) printed last:",
			   stats_count(&j->arena, o->first),
			   *o->name ? o->name : "exit 0");
		for (size_t k = 0; k < count; k++)
			junit_line(j, "  | %s", lines[k]);
	}
}

static void put_failure(struct junit *j, const struct told *told)
{
	const struct subject *subject = told->subject;
	const char *verdict = verdict_name(subject->verdict);
	const struct sight *first = NULL;
	size_t n = count_of(told, true, &first);

	junit_open(j, junit_class(j->result, subject->verdict) == CLASS_ERROR
			      ? "error"
			      : "failure");
	if (first)
		junit_attribute(j, "message", "%s: %s%s%s", verdict,
				phrase_finding(&j->arena, first->finding),
				n > 1 ? ", and " : "",
				n > 1 ? stats_plural(&j->arena, n - 1,
						     "more finding",
						     "more findings")
				      : "");
	else
		junit_attribute(j, "message", "%s",
				phrase_verdict(&j->arena, subject));
	junit_attribute(j, "type", "%s",
			first && first->finding->cause_count
				? first->finding->causes[0].cause
				: verdict);
	junit_line(j, "%s", phrase_verdict(&j->arena, subject));
	put_findings(j, told, true);
	for (size_t i = 0; i < subject->run_count; i++)
		put_words(j, &subject->runs[i]);
	junit_close(j);
}

static void put_skipped(struct junit *j, const struct subject *subject)
{
	const char *why = phrase_why(&j->arena, subject);

	if (!why)
		why = subject->verdict == VERDICT_NONE ? "not judged"
						       : "no reason given";
	junit_open(j, "skipped");
	junit_attribute(j, "message", "%s", why);
	junit_close(j);
}

/* What is expected or known, and notes: of interest, and no failure. */
static bool is_explored(const struct subject *subject)
{
	for (size_t i = 0; i < subject->run_count; i++)
		if (subject->runs[i].explored && subject->runs[i].iterations)
			return true;
	return false;
}

static void put_explored(struct junit *j, const struct subject *subject)
{
	for (size_t i = 0; i < subject->run_count && i < MOST_SIDES; i++) {
		const char *explored =
			phrase_explored(&j->arena, &subject->runs[i]);

		if (explored)
			junit_line(j, "explored: %s", explored);
	}
}

static void put_rest(struct junit *j, const struct told *told)
{
	const struct subject *subject = told->subject;
	const struct sight *first = NULL;
	bool is_bad =
		junit_class(j->result, subject->verdict) == CLASS_FAILURE ||
		junit_class(j->result, subject->verdict) == CLASS_ERROR;
	const char *why = phrase_why(&j->arena, subject);
	bool has_why = why && subject->verdict != VERDICT_SKIPPED && !is_bad;

	if (!has_why && !subject->note_count && !is_explored(subject) &&
	    !count_of(told, false, &first))
		return;
	junit_open(j, "system-out");
	if (has_why)
		junit_line(j, "%s", phrase_verdict(&j->arena, subject));
	for (size_t i = 0; i < subject->note_count; i++)
		junit_line(j, "note: %s", subject->notes[i]);
	put_explored(j, subject);
	put_findings(j, told, false);
	junit_close(j);
}

void junit_case(struct junit *j, const struct subject *subject)
{
	struct told told = {.result = j->result, .subject = subject};

	told.sights = sights_of(&j->sights, subject, &told.count);
	junit_open(j, "testcase");
	junit_attribute(j, "classname", "%s", class_name(j, subject));
	junit_attribute(j, "name", "%s",
			*subject->id ? subject->id : "unnamed");
	junit_time(j, duration_ms(subject));
	if (subject->file)
		junit_attribute(j, "file", "%s", subject->file);
	switch (junit_class(j->result, subject->verdict)) {
	case CLASS_FAILURE:
	case CLASS_ERROR:
		put_failure(j, &told);
		break;
	case CLASS_SKIPPED:
		put_skipped(j, subject);
		break;
	default:
		break;
	}
	put_rest(j, &told);
	junit_close(j);
}
