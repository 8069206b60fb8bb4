/*
 * Workflow commands, which GitHub shows as annotations of the changed lines:
 * an error for what fails, a warning for what is known and still there and for
 * notes, and one notice with the verdict at the end.  A step may make ten of
 * each.
 */
#include <string.h>

#include "base/stats.h"
#include "model/cause.h"
#include "reports/phrase.h"
#include "reports/renderer.h"
#include "reports/spot.h"

enum { MOST = 10, MOST_TEXT = 1000, MOST_NAME = 200 };

struct annotations {
	FILE *file;
	struct arena arena;
	size_t errors, warnings; /* asked for; MOST of each are written */
};

/* The text is one line: nothing in it can begin a command of its own. */
static void put_escaped(struct annotations *a, const char *text, size_t most,
			const char *special)
{
	for (const char *c = phrase_line(&a->arena, text, most); *c; c++)
		if (strchr(special, *c))
			fprintf(a->file, "%%%02X", (unsigned char)*c);
		else
			fputc(*c, a->file);
}

static void put_property(struct annotations *a, const char *name,
			 const char *value, bool is_first)
{
	fprintf(a->file, "%s%s=", is_first ? " " : ",", name);
	put_escaped(a, value, MOST_NAME, "%\r\n:,");
}

static void put_message(struct annotations *a, const char *text)
{
	fputs("::", a->file);
	put_escaped(a, text, MOST_TEXT, "%\r\n");
	fputc('\n', a->file);
}

static bool is_shown(struct annotations *a, bool is_error)
{
	return (is_error ? a->errors++ : a->warnings++) < MOST;
}

static const char *title_of(struct annotations *a, const struct entry *entry)
{
	const struct finding *finding = entry->finding;
	const char *standing = finding && finding->standing
				       ? standing_name(finding->standing)
				       : NULL;

	return arena_printf(&a->arena, "%s%s%s", entry_rule(entry),
			    standing ? ", " : "", standing ? standing : "");
}

static void put_entry(struct annotations *a, const struct entry *entry)
{
	bool is_error = entry->fails || entry->is_error;
	const struct cause *cause;
	struct spot spot;

	if (!is_error &&
	    !(entry->finding && entry->finding->standing == STANDING_KNOWN))
		return;
	if (!is_shown(a, is_error))
		return;
	spot = spot_inside(&a->arena, entry);
	fputs(is_error ? "::error" : "::warning", a->file);
	put_property(a, "title", title_of(a, entry), true);
	if (spot.file)
		put_property(a, "file", spot.file, false);
	if (spot.file && spot.line)
		fprintf(a->file, ",line=%u", spot.line);
	if (spot.file && spot.column)
		fprintf(a->file, ",col=%u", spot.column);
	cause = entry->finding ? cause_by_name(entry_rule(entry)) : NULL;
	put_message(a, arena_printf(&a->arena, "%s%s%s",
				    entry_sentence(&a->arena, entry),
				    cause ? ". " : "",
				    cause ? cause->repair : ""));
}

static void put_note(struct annotations *a, const char *about, const char *text)
{
	if (!is_shown(a, false))
		return;
	fputs("::warning", a->file);
	put_property(a, "title", about, true);
	put_message(a, text);
}

static size_t beyond(size_t count)
{
	return count > MOST ? count - MOST : 0;
}

static void put_end(struct annotations *a, const struct result *result)
{
	size_t errors = beyond(a->errors), warnings = beyond(a->warnings);
	const char *more = "";

	if (errors || warnings)
		more = arena_printf(
			&a->arena,
			". %s and %s more are not annotated here, all are in "
			"result.json",
			stats_plural(&a->arena, errors, "error", "errors"),
			stats_plural(&a->arena, warnings, "warning",
				     "warnings"));
	fputs("::notice", a->file);
	put_property(a, "title", "snag", true);
	put_message(a, arena_printf(&a->arena, "exit %d: %s. %s%s.",
				    (int)result->exit, phrase_exit(result),
				    phrase_counts(&a->arena, result), more));
}

void render_github(const struct result *result, FILE *file,
		   const struct render_options *options)
{
	struct ledger ledger = ledger_begin(result);
	struct annotations a = {.file = file};

	(void)options;
	for (size_t i = 0; i < ledger.count; i++)
		put_entry(&a, &ledger.entries[i]);
	for (size_t i = 0; i < result->note_count; i++)
		put_note(&a, "snag", result->notes[i]);
	for (size_t i = 0; i < result->subject_count; i++)
		for (size_t j = 0; j < result->subjects[i].note_count; j++)
			put_note(&a, result->subjects[i].id,
				 result->subjects[i].notes[j]);
	put_end(&a, result);
	arena_release(&a.arena);
	ledger_end(&ledger);
}
