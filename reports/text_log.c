/*
 * DESIGN: of logs, what counts is the findings: each comes once, with every log
 * that holds it.  A log has a row, and more only when something about it must
 * be known.  There are no iterations, so there are no rates.
 */
#include <string.h>

#include "base/stats.h"
#include "model/place.h"
#include "reports/text_parts.h"

enum { INDENT = 2, GAP = 2, ID_MOST = 60, MOST_LOGS = 8 };

bool text_is_of_logs(const struct result *result)
{
	for (size_t i = 0; i < result->subject_count; i++)
		if (result->subjects[i].type != SUBJECT_LOG)
			return false;
	return result->subject_count > 0;
}

/* Of all runs of a log, which has one. */
static uint64_t reports_of(const struct subject *subject)
{
	uint64_t n = 0;

	for (size_t i = 0; i < subject->run_count; i++)
		n += subject->runs[i].reports;
	return n;
}

static size_t findings_of(const struct subject *subject)
{
	size_t n = 0;

	for (size_t i = 0; i < subject->run_count; i++)
		n += subject->runs[i].finding_count;
	return n;
}

static void print_sum(struct text *text)
{
	const struct result *r = text->result;
	uint64_t reports = 0;

	for (size_t i = 0; i < r->subject_count; i++)
		reports += reports_of(&r->subjects[i]);
	sheet_put(text->sheet, STYLE_STRONG, "%s, %s in %s",
		  stats_plural(&text->arena, reports, "report", "reports"),
		  stats_plural(&text->arena, r->finding_count, "finding",
			       "findings"),
		  stats_plural(&text->arena, r->subject_count, "log", "logs"));
	sheet_newline(text->sheet);
}

static void print_row(struct text *text, unsigned width, const char *id,
		      const char *reports, const char *findings,
		      enum style style, const char *verdict)
{
	enum style plain = style == STYLE_STRONG ? STYLE_STRONG : STYLE_PLAIN;

	sheet_cell(text->sheet, plain, id, width);
	sheet_cell_right(text->sheet, reports, 12);
	sheet_cell_right(text->sheet, findings, 10);
	sheet_put(text->sheet, style, "%*s%s", GAP, "", verdict);
	sheet_newline(text->sheet);
}

static void print_table(struct text *text)
{
	const struct result *r = text->result;
	unsigned width = (unsigned)strlen("log");

	for (size_t i = 0; i < r->subject_count; i++) {
		unsigned n =
			sheet_width(sheet_safe(text->sheet, r->subjects[i].id));

		width = n > width ? n : width;
	}
	width = width > ID_MOST ? ID_MOST : width;
	sheet_newline(text->sheet);
	print_row(text, width, "log", "reports", "findings", STYLE_STRONG,
		  "verdict");
	for (size_t i = 0; i < r->subject_count; i++) {
		const struct subject *s = &r->subjects[i];

		print_row(text, width, s->id,
			  stats_count(&text->arena, reports_of(s)),
			  stats_count(&text->arena, findings_of(s)),
			  text_verdict_style(s->verdict), text_verdict(s));
	}
}

static void print_log(struct text *text, const struct subject *subject)
{
	sheet_newline(text->sheet);
	sheet_heading(text->sheet, subject->id,
		      text_verdict_style(subject->verdict),
		      text_verdict(subject));
	if (subject->why)
		sheet_prose(text->sheet, 0, NULL, "%s", subject->why);
	for (size_t i = 0; i < subject->note_count; i++)
		sheet_prose(text->sheet, 0, "note: ", "%s", subject->notes[i]);
}

static const struct run_finding *find(const struct subject *subject,
				      const char *fingerprint)
{
	for (size_t i = 0; i < subject->run_count; i++)
		for (size_t j = 0; j < subject->runs[i].finding_count; j++)
			if (!strcmp(subject->runs[i].findings[j].fingerprint,
				    fingerprint))
				return &subject->runs[i].findings[j];
	return NULL;
}

/* "ci.log:1043, 12 reports" */
static const char *place_in(struct arena *arena, const struct subject *subject,
			    const struct run_finding *seen)
{
	const char *where =
		seen->first ? arena_printf(arena, "%s:%llu", subject->id,
					   (unsigned long long)seen->first)
			    : subject->id;

	return arena_printf(
		arena, "%s, %s", where,
		stats_plural(arena, seen->hits, "report", "reports"));
}

void text_seen_in_logs(struct text *text, const char *fingerprint)
{
	const struct result *r = text->result;
	size_t count = 0;

	for (size_t i = 0; i < r->subject_count; i++) {
		const struct subject *s = &r->subjects[i];
		const struct run_finding *seen =
			s->type == SUBJECT_LOG ? find(s, fingerprint) : NULL;

		if (!seen || count++ >= MOST_LOGS)
			continue;
		sheet_prose(text->sheet, INDENT,
			    count == 1 ? "seen      " : "          ", "%s",
			    place_in(&text->arena, s, seen));
	}
	if (count > MOST_LOGS)
		sheet_prose(text->sheet, INDENT, "          ", "and in %s",
			    stats_plural(&text->arena, count - MOST_LOGS,
					 "log more", "logs more"));
}

static const struct subject *subject_of(const struct result *r,
					const struct finding *f)
{
	for (size_t i = 0; f->subject && i < r->subject_count; i++)
		if (!strcmp(r->subjects[i].id, f->subject))
			return &r->subjects[i];
	return &r->subjects[0];
}

static void print_finding(struct text *text, const struct finding *f,
			  size_t number)
{
	const struct result *r = text->result;

	sheet_newline(text->sheet);
	sheet_put(text->sheet, STYLE_FAINT, "%zu of %zu  ", number,
		  r->finding_count);
	sheet_put(text->sheet, STYLE_STRONG, "%s",
		  place_finding(&text->arena, f));
	sheet_newline(text->sheet);
	text_finding_full(text, f, subject_of(r, f));
}

/* Has it more to say than its row? */
static bool is_telling(const struct subject *subject)
{
	return subject->note_count || !findings_of(subject) ||
	       subject->verdict == VERDICT_ERROR;
}

void text_logs(struct text *text)
{
	const struct result *r = text->result;
	size_t i;

	print_sum(text);
	print_table(text);
	for (i = 0; i < r->subject_count; i++)
		if (text->options->is_verbose || is_telling(&r->subjects[i]))
			print_log(text, &r->subjects[i]);
	for (i = 0; i < r->finding_count && i < TEXT_MOST_FINDINGS; i++)
		print_finding(text, &r->findings[i], i + 1);
	if (i < r->finding_count)
		sheet_prose(text->sheet, 0, NULL, "and %s more",
			    stats_plural(&text->arena, r->finding_count - i,
					 "finding", "findings"));
}
