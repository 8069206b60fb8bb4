#include <string.h>

#include "base/stats.h"
#include "model/cause.h"
#include "model/place.h"
#include "reports/markdown_parts.h"
#include "reports/markdown_text.h"
#include "reports/phrase.h"
#include "reports/spot.h"

enum {
	MOST_NAME = 80,
	MOST_PATH = 160,
	MOST_TEXT = 400,
	MOST_COMMAND = 1000,
	MOST_SIDES = 6,
	MOST_EVIDENCE = 6,
	MOST_LINES = 9,
	MOST_LINE = 160,
	SHORT_FINGERPRINT = 12,
};

static const char *kind_of(const struct finding *finding)
{
	if (!finding->report)
		return "finding";
	if (finding->report->kind == KIND_WRONG_OUTCOME && finding->outcome)
		return finding->outcome;
	if (finding->report->kind == KIND_UNKNOWN && finding->report->kind_text)
		return finding->report->kind_text;
	return kind_name(finding->report->kind);
}

static void put_place(struct summary *s, const struct spot *spot)
{
	if (spot->function)
		markdown_code(&s->part,
			      place_function(&s->arena, spot->function),
			      MOST_NAME);
	if (spot->function && spot->file)
		buf_puts(&s->part, " ");
	if (spot->file)
		markdown_code(&s->part,
			      spot->line ? arena_printf(&s->arena, "%s:%u",
							spot->file, spot->line)
					 : spot->file,
			      MOST_PATH);
}

/* Threads that only wait for the others tell nothing. */
static bool is_telling(const struct finding *finding, size_t side)
{
	return finding->report->accesses[side].op != OP_WAIT ||
	       place_is_own(place_of_side(finding, side));
}

/* Of the first two sides that tell something. */
static void put_places(struct summary *s, const struct entry *entry)
{
	const struct report *report =
		entry->finding ? entry->finding->report : NULL;
	size_t told = 0;

	for (size_t i = 0; report && i < report->access_count && told < 2;
	     i++) {
		struct spot spot;

		if (!is_telling(entry->finding, i))
			continue;
		spot = spot_of_frame(&s->arena,
				     place_of_side(entry->finding, i));
		if (told++)
			buf_puts(&s->part, "<br>");
		if (!spot.file && !spot.function)
			buf_puts(&s->part, "an unknown place");
		put_place(s, &spot);
	}
	if (!told) {
		struct spot spot = spot_of_entry(&s->arena, entry);

		put_place(s, &spot);
	}
}

static const char *standing_of(const struct entry *entry)
{
	if (!entry->finding)
		return verdict_name(entry->subject->verdict);
	if (entry->finding->standing)
		return standing_name(entry->finding->standing);
	if (entry->subject && entry->subject->type == SUBJECT_SCENARIO &&
	    entry->grade != GRADE_NONE)
		return entry->grade == GRADE_FORBIDDEN && !entry->why
			       ? "not described"
			       : grade_name(entry->grade);
	return entry->fails ? "fails" : "";
}

static void put_row(struct summary *s, const struct entry *entry)
{
	const struct finding *finding = entry->finding;
	const struct candidate *cause =
		finding && finding->cause_count ? &finding->causes[0] : NULL;

	buf_printf(&s->part, "| %s | ", standing_of(entry));
	if (finding)
		markdown_prose(&s->part, kind_of(finding), MOST_NAME);
	else
		markdown_prose(&s->part, entry->why, MOST_TEXT);
	buf_puts(&s->part, " | ");
	put_places(s, entry);
	buf_puts(&s->part, " | ");
	if (cause) {
		markdown_prose(&s->part, cause->cause, MOST_NAME);
		buf_printf(&s->part, ", %s",
			   phrase_confidence(cause->confidence));
	}
	buf_puts(&s->part, " | ");
	if (entry->iterations)
		buf_puts(&s->part,
			 stats_rate(&s->arena, entry->hits, entry->iterations));
	buf_puts(&s->part, " | ");
	if (entry->subject)
		markdown_code(&s->part, entry->subject->id, MOST_NAME);
	if (entry->subject_count > 1)
		buf_printf(&s->part, " and %s more",
			   stats_count(&s->arena, entry->subject_count - 1));
	buf_puts(&s->part, " |\n");
}

void summary_table(struct summary *s, size_t first, size_t end)
{
	buf_puts(&s->part, "| | what | where | cause | seen | by |\n"
			   "|---|---|---|---|---|---|\n");
	for (size_t i = first; i < end; i++)
		put_row(s, &s->ledger.entries[i]);
}

/* A label and what it says, as a paragraph. */
static void put_labelled(struct summary *s, const char *label, const char *text)
{
	if (!text || !*text)
		return;
	buf_printf(&s->part, "**%s:** ", label);
	markdown_prose(&s->part, text, MOST_TEXT);
	buf_puts(&s->part, "\n\n");
}

static void put_cause(struct summary *s, const struct finding *finding)
{
	const struct candidate *c =
		finding->cause_count ? &finding->causes[0] : NULL;
	const struct cause *cause = c ? cause_by_name(c->cause) : NULL;

	if (!c)
		return;
	put_labelled(s, "Cause",
		     arena_printf(&s->arena, "%s, %s%s%s", c->cause,
				  phrase_confidence(c->confidence),
				  cause ? ": " : "",
				  cause ? cause->meaning : ""));
	for (size_t i = 0; i < c->evidence_count && i < MOST_EVIDENCE; i++) {
		buf_puts(&s->part, "- for: ");
		markdown_prose(&s->part, c->evidence[i], MOST_TEXT);
		buf_puts(&s->part, "\n");
	}
	if (c->evidence_count)
		buf_puts(&s->part, "\n");
}

static void put_effect(struct summary *s, const struct finding *finding)
{
	const char *dir = s->options->out_dir;
	const struct kept *kept = finding->effect_kept;

	put_labelled(s, "Effect", phrase_effect(&s->arena, finding));
	if (!kept || !kept->file)
		return;
	buf_puts(&s->part, "To see it: ");
	markdown_code(&s->part,
		      arena_printf(&s->arena, "snag replay %s%s%s",
				   dir ? dir : "", dir ? "/" : "", kept->file),
		      MOST_TEXT);
	buf_puts(&s->part, "\n\n");
}

static void put_source(struct summary *s, const struct excerpt *excerpt)
{
	const char *lines[MOST_LINES];
	size_t n = 0;

	for (size_t i = 0; i < excerpt->count && n < MOST_LINES; i++) {
		unsigned number = excerpt->first_line + (unsigned)i;
		const char *line = excerpt->lines[i];
		size_t tabs = strspn(line, "\t");

		/* Tabs of four. */
		lines[n++] = arena_printf(
			&s->arena, "%s%5u | %*s%s",
			number == excerpt->line ? ">" : " ", number,
			(int)(tabs < 16 ? tabs * 4 : 64), "", line + tabs);
	}
	if (n)
		markdown_block(&s->part, "c", lines, n, MOST_LINE);
	buf_puts(&s->part, "\n");
}

static void put_sides(struct summary *s, const struct finding *finding)
{
	const struct report *report = finding->report;
	size_t told = 0;

	for (size_t i = 0; i < report->access_count && told < MOST_SIDES; i++) {
		struct spot spot =
			spot_of_frame(&s->arena, place_of_side(finding, i));

		if (!is_telling(finding, i))
			continue;
		told++;
		buf_puts(&s->part, "**");
		markdown_prose(
			&s->part,
			phrase_access(&s->arena, report, &report->accesses[i]),
			MOST_TEXT);
		buf_puts(&s->part, "** ");
		if (spot.function || spot.file)
			put_place(s, &spot);
		else
			buf_puts(&s->part, "(its stack is lost)");
		buf_puts(&s->part, "\n\n");
		if (finding->excerpts && finding->excerpts[i].count)
			put_source(s, &finding->excerpts[i]);
	}
}

static void put_data(struct summary *s, const struct report *report)
{
	for (size_t i = 0; i < report->location_count && i < 2; i++)
		put_labelled(s, "Data",
			     phrase_location(&s->arena, report,
					     &report->locations[i]));
}

static void put_repair(struct summary *s, const struct finding *finding)
{
	const struct cause *cause =
		finding->cause_count ? cause_by_name(finding->causes[0].cause)
				     : NULL;

	if (cause)
		put_labelled(s, "Repair", cause->repair);
	if (finding->shown_by)
		put_labelled(s, "Shown by", finding->shown_by);
}

static void put_commands(struct summary *s, const struct entry *entry)
{
	const struct finding *finding = entry->finding;
	const char *dir = s->options->out_dir,
		   *command = summary_command(s, entry);
	bool is_usual = !dir || !strcmp(dir, "snag-out");
	const char *lines[2];
	size_t n = 0;

	if (command)
		lines[n++] = command;
	lines[n++] =
		arena_printf(&s->arena, "snag explain %.*s%s%s",
			     SHORT_FINGERPRINT, finding->fingerprint,
			     is_usual ? "" : " --result ", is_usual ? "" : dir);
	buf_puts(&s->part, "**To repeat it, and to read on:**\n\n");
	markdown_block(&s->part, "sh", lines, n, MOST_COMMAND);
	buf_puts(&s->part, "\n");
	if (finding->schedule) {
		buf_puts(&s->part, "**Schedule:** ");
		markdown_code(&s->part, finding->schedule, MOST_COMMAND);
		if (finding->kept) {
			buf_puts(&s->part, ", ");
			markdown_prose(&s->part,
				       phrase_kept(&s->arena, finding->kept),
				       MOST_TEXT);
		}
		buf_puts(&s->part, "\n\n");
	}
	if (finding->report_path) {
		buf_puts(&s->part, "**Report:** ");
		markdown_code(&s->part,
			      arena_printf(&s->arena, "%s%s%s", dir ? dir : "",
					   dir ? "/" : "",
					   finding->report_path),
			      MOST_TEXT);
		buf_puts(&s->part, "\n\n");
	}
}

void summary_finding(struct summary *s, const struct entry *entry)
{
	const struct finding *finding = entry->finding;

	buf_puts(&s->part, "<details><summary>");
	markdown_code(&s->part, phrase_finding(&s->arena, finding), MOST_TEXT);
	buf_puts(&s->part, "</summary>\n\n");
	if (entry->why && entry->grade != GRADE_NONE)
		put_labelled(s,
			     entry->grade == GRADE_FORBIDDEN  ? "Forbidden"
			     : entry->grade == GRADE_REQUIRED ? "Required"
							      : "Allowed",
			     entry->why);
	put_labelled(s, "Baseline", finding->standing_why);
	put_cause(s, finding);
	put_effect(s, finding);
	if (finding->report) {
		put_sides(s, finding);
		put_data(s, finding->report);
	}
	put_repair(s, finding);
	put_commands(s, entry);
	buf_puts(&s->part, "</details>\n\n");
}
