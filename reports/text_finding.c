#include <string.h>

#include "base/stats.h"
#include "model/cause.h"
#include "model/place.h"
#include "reports/text_parts.h"

enum { INDENT = 2, SHORT_FINGERPRINT = 12, MOST_SCHEDULE = 400 };

static void print_causes(struct text *text, const struct finding *finding)
{
	for (size_t i = 0; i < finding->cause_count; i++) {
		const struct candidate *c = &finding->causes[i];
		const struct cause *known = cause_by_name(c->cause);

		/* That it may be something else goes without saying. */
		if (i && !strcmp(c->cause, "unknown"))
			continue;
		sheet_prose(text->sheet, INDENT,
			    i ? "or        " : "cause     ", "%s, %s%s%s",
			    c->cause, phrase_confidence(c->confidence),
			    !i && known ? ": " : "",
			    !i && known ? known->meaning : "");
		if (i && !text->options->is_verbose)
			continue;
		for (size_t j = 0; j < c->evidence_count; j++)
			sheet_prose(text->sheet, INDENT + 8, "- ", "%s",
				    c->evidence[j]);
	}
}

static void print_repair(struct text *text, const struct finding *finding)
{
	const struct cause *cause =
		finding->cause_count ? cause_by_name(finding->causes[0].cause)
				     : NULL;
	enum practice practice = finding->practice
					 ? practice_by_name(finding->practice)
					 : PRACTICE_NONE;

	if (cause && cause->repair)
		sheet_prose(text->sheet, INDENT, "repair    ", "%s",
			    cause->repair);
	if (practice != PRACTICE_NONE)
		sheet_prose(text->sheet, INDENT, "practice  ", "%s: %s",
			    finding->practice, practice_table[practice].text);
	if (finding->shown_by)
		sheet_prose(text->sheet, INDENT, "shown by  ",
			    "%s (snag explain %s)", finding->shown_by,
			    finding->shown_by);
}

/* Where `snag explain` looks by itself. */
static bool is_usual(const char *dir)
{
	return !dir || !strcmp(dir, "snag-out");
}

static void print_kept(struct text *text, const struct kept *kept)
{
	const char *dir = text->options->out_dir;

	sheet_prose(text->sheet, INDENT, "          ", "%s%s%s%s%s",
		    phrase_kept(&text->arena, kept),
		    kept->file ? ": snag replay " : "",
		    kept->file && dir ? dir : "", kept->file && dir ? "/" : "",
		    kept->file ? kept->file : "");
}

static void print_effect(struct text *text, const struct finding *finding)
{
	if (!finding->effect)
		return;
	sheet_prose(text->sheet, INDENT, "effect    ", "%s",
		    phrase_effect(&text->arena, finding));
	if (finding->effect_kept)
		print_kept(text, finding->effect_kept);
}

static void print_more(struct text *text, const struct finding *finding)
{
	const char *dir = text->options->out_dir;

	if (finding->schedule)
		sheet_prose(text->sheet, INDENT, "schedule  ", "%s%s",
			    phrase_line(&text->arena, finding->schedule,
					MOST_SCHEDULE),
			    finding->kept && finding->kept->is_cut ? " ..."
								   : "");
	if (finding->kept)
		print_kept(text, finding->kept);
	if (finding->trace)
		sheet_prose(text->sheet, INDENT, "trace     ", "%s%s%s",
			    dir ? dir : "", dir ? "/" : "", finding->trace);
	if (finding->report_path)
		sheet_prose(text->sheet, INDENT, "report    ", "%s%s%s",
			    dir ? dir : "", dir ? "/" : "",
			    finding->report_path);
	if (!dir)
		return; /* nothing is stored to be looked up */
	sheet_prose(text->sheet, INDENT, "more      ", "snag explain %.*s%s%s",
		    SHORT_FINGERPRINT, finding->fingerprint,
		    is_usual(dir) ? "" : " --result ",
		    is_usual(dir) ? "" : dir);
}

void text_finding_full(struct text *text, const struct finding *finding,
		       const struct subject *subject)
{
	text_standing(text, finding);
	print_causes(text, finding);
	print_effect(text, finding);
	sheet_newline(text->sheet);
	if (finding->report)
		text_report(text, finding);
	if (subject)
		text_rates(text, subject, finding->fingerprint);
	if (finding->count > 1 && (!subject || subject->type != SUBJECT_LOG))
		sheet_prose(text->sheet, INDENT, "reports   ", "%s",
			    stats_count(&text->arena, finding->count));
	print_repair(text, finding);
	print_more(text, finding);
}

void render_finding(const struct result *result, const struct finding *finding,
		    FILE *file, const struct render_options *options)
{
	struct sheet sheet = {.file = file, .is_colored = options->is_colored};
	struct text text = text_begin(result, &sheet, options);
	const struct subject *subject = NULL;

	for (size_t i = 0; i < result->subject_count && !subject; i++)
		if (finding->subject &&
		    !strcmp(result->subjects[i].id, finding->subject))
			subject = &result->subjects[i];
	sheet_put(&sheet, STYLE_STRONG, "%s",
		  place_finding(&text.arena, finding));
	sheet_newline(&sheet);
	sheet_prose(&sheet, INDENT, "finding   ", "%s%s%s",
		    finding->fingerprint, subject ? " of " : "",
		    subject ? subject->id : "");
	text_finding_full(&text, finding, subject);
	text_end(&text);
}
