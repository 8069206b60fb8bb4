#include <string.h>

#include "base/stats.h"
#include "model/place.h"
#include "reports/text_parts.h"

enum { INDENT = 2, SHORT_FINGERPRINT = 12 };

static const char *grade_text(const struct sight *sight)
{
	switch (sight->grade) {
	case GRADE_REQUIRED:
		return "required";
	case GRADE_ALLOWED:
		return "allowed";
	case GRADE_FORBIDDEN:
		return sight->why ? "forbidden" : "not described";
	default:
		return NULL;
	}
}

static enum style grade_style(const struct subject *subject, enum grade grade)
{
	return subject->type == SUBJECT_SCENARIO && grade == GRADE_FORBIDDEN
		       ? STYLE_BAD
		       : STYLE_STRONG;
}

static void print_finding(struct text *text, const struct subject *subject,
			  const struct sight *sight, size_t number,
			  size_t count)
{
	const char *grade = grade_text(sight);

	sheet_newline(text->sheet);
	if (!sight->finding) {
		sheet_prose(text->sheet, 0, NULL,
			    "finding %s is not in the result",
			    sight->fingerprint);
		return;
	}
	sheet_put(text->sheet, STYLE_FAINT, "%zu of %zu  ", number, count);
	sheet_put(text->sheet, grade_style(subject, sight->grade), "%s",
		  place_finding(&text->arena, sight->finding));
	sheet_newline(text->sheet);
	if (subject->type == SUBJECT_SCENARIO && grade)
		sheet_prose(text->sheet, INDENT, "grade     ", "%s%s%s", grade,
			    sight->why ? ": " : "",
			    sight->why ? sight->why : "");
	text_finding_full(text, sight->finding, subject);
}

/* One line or two: what, cause, how often, and where to read on. */
static void print_short(struct text *text, const struct subject *subject,
			const struct sight *sight)
{
	struct arena *arena = &text->arena;
	const struct finding *finding = sight->finding;
	const char *cause = "", *rate = "";

	if (!finding)
		return;
	if (finding->cause_count)
		cause = arena_printf(
			arena, ": %s %s",
			phrase_confidence(finding->causes[0].confidence),
			finding->causes[0].cause);
	if (text_iterations(subject))
		rate = arena_printf(arena, ", %s",
				    stats_rate(arena, sight->hits,
					       text_iterations(subject)));
	sheet_prose(text->sheet, INDENT, "- ", "%s%s%s [%.*s]%s%s",
		    place_finding(arena, finding), cause, rate,
		    SHORT_FINGERPRINT, finding->fingerprint,
		    finding->standing_why ? ", " : "",
		    finding->standing_why ? finding->standing_why : "");
}

static void print_rest(struct text *text, size_t count, size_t most)
{
	if (count > most)
		sheet_prose(text->sheet, INDENT, NULL,
			    "and %s more, all in result.json",
			    stats_plural(&text->arena, count - most, "finding",
					 "findings"));
}

void text_subject_short(struct text *text, const struct subject *subject)
{
	size_t count;
	const struct sight *sights = sights_of(&text->sights, subject, &count);

	sheet_put(text->sheet, STYLE_STRONG, "%s", subject->id);
	if (subject->verdict == VERDICT_SKIPPED)
		sheet_put(text->sheet, STYLE_WARNING, "  skipped: %s",
			  subject->why ? subject->why : "no reason given");
	sheet_newline(text->sheet);
	for (size_t i = 0; i < count && i < TEXT_MOST_SHORT; i++)
		print_short(text, subject, &sights[i]);
	print_rest(text, count, TEXT_MOST_SHORT);
	for (size_t i = 0; i < subject->note_count; i++)
		sheet_prose(text->sheet, INDENT, "note: ", "%s",
			    subject->notes[i]);
}

void text_subject(struct text *text, const struct subject *subject)
{
	size_t count, full;
	struct sight *sights = sights_of(&text->sights, subject, &count);

	full = text_sort_by_standing(text, subject, sights, count);
	sheet_newline(text->sheet);
	sheet_heading(text->sheet, subject->id,
		      text_verdict_style(subject->verdict),
		      text_verdict(subject));
	if (subject->summary)
		sheet_prose(text->sheet, 0, NULL, "%s", subject->summary);
	if (subject->why)
		sheet_prose(text->sheet, 0, NULL, "%s", subject->why);
	for (size_t i = 0; i < subject->note_count; i++)
		sheet_prose(text->sheet, 0, "note: ", "%s", subject->notes[i]);
	if (text_iterations(subject))
		sheet_newline(text->sheet);
	text_runs(text, subject);
	for (size_t i = 0; i < full && i < TEXT_MOST_FINDINGS; i++)
		print_finding(text, subject, &sights[i], i + 1, count);
	if (full < count)
		sheet_newline(text->sheet);
	for (size_t i = full; i < count && i < TEXT_MOST_FINDINGS; i++)
		print_short(text, subject, &sights[i]);
	print_rest(text, count, TEXT_MOST_FINDINGS);
}
