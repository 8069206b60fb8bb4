/*
 * DESIGN: the table answers "is all well?" in one line a scenario; then come
 * those that need a reader, in full, and those that do not, in short; the last
 * line is what a log's tail must say.  With one scenario there is nothing to
 * be short about.
 */
#include <string.h>

#include "base/stats.h"
#include "reports/text_parts.h"

static bool is_good(const struct subject *subject)
{
	return subject->verdict == VERDICT_AS_EXPECTED ||
	       subject->verdict == VERDICT_CLEAN ||
	       subject->verdict == VERDICT_KNOWN ||
	       subject->verdict == VERDICT_SKIPPED;
}

static void print_head(struct text *text)
{
	const struct result *result = text->result;

	sheet_put(text->sheet, STYLE_STRONG, "%s",
		  result->command ? result->command : "snag");
	sheet_newline(text->sheet);
	sheet_put(text->sheet, STYLE_FAINT, "snag %s%s%s, %s",
		  result->tool_version ? result->tool_version : "",
		  *result->started ? ", " : "", result->started,
		  phrase_duration(&text->arena, result->duration_ms));
	sheet_newline(text->sheet);
	sheet_newline(text->sheet);
}

/* A subject has something to say besides its row. */
static bool is_worth_telling(struct text *text, const struct subject *subject)
{
	size_t count;

	if (subject->note_count || subject->verdict == VERDICT_SKIPPED)
		return true;
	sights_of(&text->sights, subject, &count);
	return count > 0;
}

/* What needs a reader in full, then the rest in short. */
static void print_details(struct text *text)
{
	const struct result *result = text->result;
	bool is_all = text->options->is_verbose || result->subject_count == 1;
	bool has_heading = false;

	for (size_t i = 0; i < result->subject_count; i++)
		if (is_all || !is_good(&result->subjects[i]))
			text_subject(text, &result->subjects[i]);
	for (size_t i = 0; i < result->subject_count && !is_all; i++) {
		const struct subject *subject = &result->subjects[i];

		if (!is_good(subject) || !is_worth_telling(text, subject))
			continue;
		if (!has_heading) {
			sheet_newline(text->sheet);
			sheet_heading(text->sheet, "in short", STYLE_PLAIN, "");
			has_heading = true;
		}
		text_subject_short(text, subject);
	}
}

static void print_end(struct text *text)
{
	const struct result *result = text->result;

	sheet_newline(text->sheet);
	for (size_t i = 0; i < result->note_count; i++)
		sheet_prose(text->sheet, 0, "note: ", "%s", result->notes[i]);
	if (text->options->out_dir && result->finding_count)
		sheet_prose(text->sheet, 0, NULL, "details: %s/result.json",
			    text->options->out_dir);
	sheet_put(text->sheet, text_verdict_style(result->verdict), "%s",
		  phrase_counts(&text->arena, result));
	sheet_put(text->sheet, STYLE_PLAIN, "%s",
		  text_standing_counts(&text->arena, result));
	sheet_put(text->sheet, STYLE_PLAIN, "; exit %d: %s", result->exit,
		  phrase_exit(result));
	sheet_newline(text->sheet);
}

struct text text_begin(const struct result *result, struct sheet *sheet,
		       const struct render_options *options)
{
	return (struct text){.result = result,
			     .options = options,
			     .sheet = sheet,
			     .sights = sights_begin(result)};
}

void text_end(struct text *text)
{
	sights_end(&text->sights);
	arena_release(&text->arena);
}

void render_text(const struct result *result, FILE *file,
		 const struct render_options *options)
{
	struct sheet sheet = {.file = file, .is_colored = options->is_colored};
	struct text text = text_begin(result, &sheet, options);

	print_head(&text);
	if (text_is_of_logs(result)) {
		text_logs(&text);
	} else {
		if (result->subject_count)
			text_table(&text);
		print_details(&text);
	}
	print_end(&text);
	text_end(&text);
}
