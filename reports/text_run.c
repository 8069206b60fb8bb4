/* Runs: how each ended, and how often a finding was seen in them. */
#include <string.h>

#include "base/stats.h"
#include "reports/phrase.h"
#include "reports/text_parts.h"

enum { INDENT = 2, NAME_MOST = 24, COUNT_COLUMNS = 11, WORDS_LINES = 12 };

uint64_t text_iterations(const struct subject *subject)
{
	uint64_t n = 0;

	for (size_t i = 0; i < subject->run_count; i++)
		n += subject->runs[i].iterations;
	return n;
}

static bool is_scenario(const struct subject *subject)
{
	return subject->type == SUBJECT_SCENARIO;
}

/* What one of many is called: an iteration of a scenario is a run of a
 * program. */
static const char *one_of(const struct subject *subject)
{
	return is_scenario(subject) ? "iteration" : "run";
}

const char *text_times(struct text *text, const struct subject *subject,
		       uint64_t n)
{
	return is_scenario(subject)
		       ? stats_plural(&text->arena, n, "iteration",
				      "iterations")
		       : stats_plural(&text->arena, n, "run", "runs");
}

static const char *outcome_name(const struct subject *subject,
				const struct run_outcome *o)
{
	if (*o->name)
		return o->name;
	return is_scenario(subject) ? "\"\"" : "exit 0";
}

const char *text_threads(struct text *text, const struct run *run)
{
	if (!run->threads)
		return "";
	return arena_printf(
		&text->arena, " with %s",
		stats_plural(&text->arena, run->threads, "thread", "threads"));
}

static void print_outcome(struct text *text, const struct subject *subject,
			  const struct run *run, const struct run_outcome *o,
			  unsigned width)
{
	enum style style = o->count && o->grade == GRADE_FORBIDDEN
				   ? STYLE_BAD
				   : STYLE_PLAIN;
	double share = run->iterations
			       ? (double)o->count / (double)run->iterations
			       : 0;

	fprintf(text->sheet->file, "%*s", INDENT + 2, "");
	sheet_cell(text->sheet, style, outcome_name(subject, o), width);
	sheet_cell_right(text->sheet, stats_count(&text->arena, o->count),
			 COUNT_COLUMNS);
	sheet_cell_right(text->sheet, stats_percent(&text->arena, share), 12);
	if (o->grade != GRADE_NONE && is_scenario(subject)) {
		fputs("  ", text->sheet->file);
		sheet_cell(text->sheet, style, grade_name(o->grade), 9);
	}
	if (o->why && o->grade != GRADE_NONE)
		sheet_put(text->sheet, STYLE_FAINT, "  %s", o->why);
	sheet_newline(text->sheet);
}

static void print_outcomes(struct text *text, const struct subject *subject,
			   const struct run *run)
{
	unsigned width = 0;

	for (size_t i = 0; i < run->outcome_count; i++) {
		unsigned n = sheet_width(sheet_safe(
			text->sheet, outcome_name(subject, &run->outcomes[i])));

		width = n > width ? n : width;
	}
	width = width > NAME_MOST ? NAME_MOST : width < 6 ? 6 : width;
	for (size_t i = 0; i < run->outcome_count; i++)
		print_outcome(text, subject, run, &run->outcomes[i], width);
}

/* The last lines of what it printed. */
static void print_lines(struct text *text, const char *words)
{
	const char *at = words + strlen(words);
	int lines = 0;

	while (at > words && lines < WORDS_LINES)
		if (*--at == '\n')
			lines++;
	if (*at == '\n')
		at++;
	while (*at) {
		size_t len = strcspn(at, "\n");

		sheet_put(text->sheet, STYLE_FAINT, "    | ");
		sheet_put(text->sheet, STYLE_PLAIN, "%.*s", (int)len, at);
		sheet_newline(text->sheet);
		at += len + (at[len] == '\n');
	}
}

static void print_words(struct text *text, const struct run *run)
{
	for (size_t i = 0; i < run->outcome_count; i++) {
		const struct run_outcome *o = &run->outcomes[i];

		if (!o->words)
			continue;
		sheet_newline(text->sheet);
		sheet_prose(text->sheet, INDENT, NULL,
			    "run %s (%s) printed last%s%s%s:",
			    stats_count(&text->arena, o->first),
			    *o->name ? o->name : "exit 0",
			    o->output ? " (all of it: " : "",
			    o->output ? o->output : "",
			    o->output ? ".stdout and .stderr)" : "");
		print_lines(text, o->words);
	}
}

/* Only "", and nobody asked: a scenario without check() or no table. */
static bool says_nothing(const struct subject *subject, const struct run *run)
{
	return !run->outcome_count ||
	       (run->outcome_count == 1 && !*run->outcomes[0].name &&
		(run->outcomes[0].grade == GRADE_NONE ||
		 !is_scenario(subject)));
}

/* That the kernel schedules real threads goes without saying. */
static bool says_strategy(const struct run *run)
{
	return run->strategy && strcmp(run->strategy, "kernel") != 0;
}

static const char *how(struct text *text, const struct subject *subject,
		       const struct run *run)
{
	const char *strategy = says_strategy(run) ? run->strategy : "";

	if (!is_scenario(subject))
		return *strategy ? arena_printf(&text->arena, "%s: ", strategy)
				 : "";
	return arena_printf(&text->arena, "%s%s%s%s: ", run->engine,
			    *strategy ? ", " : "", strategy,
			    text_threads(text, run));
}

static void print_explored(struct text *text, const struct run *run)
{
	struct arena *arena = &text->arena;
	const char *lines[] = {phrase_explored(arena, run), NULL,
			       phrase_uncontrolled(arena, run)};
	static const char *const labels[] = {
		"", "by strategy: ", "not controlled: "};

	if (text->options->is_verbose)
		lines[1] = phrase_strategies(arena, run);
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++)
		if (lines[i])
			sheet_prose(text->sheet, INDENT + 2, NULL, "%s%s",
				    labels[i], lines[i]);
}

void text_runs(struct text *text, const struct subject *subject)
{
	for (size_t i = 0; i < subject->run_count; i++) {
		const struct run *run = &subject->runs[i];

		if (!run->iterations && !run->outcome_count)
			continue;
		sheet_prose(text->sheet, INDENT, NULL, "%s%s in %s, %s",
			    how(text, subject, run),
			    text_times(text, subject, run->iterations),
			    phrase_duration(&text->arena, run->duration_ms),
			    stats_plural(&text->arena, run->reports, "report",
					 "reports"));
		print_explored(text, run);
		if (!says_nothing(subject, run))
			print_outcomes(text, subject, run);
		print_words(text, run);
	}
}

void text_rates(struct text *text, const struct subject *subject,
		const char *fingerprint)
{
	const char *label = "seen      ", *bound;

	if (subject->type == SUBJECT_LOG) {
		text_seen_in_logs(text, fingerprint);
		return;
	}
	for (size_t i = 0; i < subject->run_count; i++) {
		const struct run *run = &subject->runs[i];
		const struct run_finding *seen = NULL;

		for (size_t j = 0; !seen && j < run->finding_count; j++)
			if (!strcmp(run->findings[j].fingerprint, fingerprint))
				seen = &run->findings[j];
		if (!run->iterations)
			continue;
		sheet_prose(text->sheet, INDENT, label, "%s%s%s%s%s%s",
			    how(text, subject, run),
			    stats_rate(&text->arena, seen ? seen->hits : 0,
				       run->iterations),
			    seen && seen->first ? ", first in " : "",
			    seen && seen->first ? one_of(subject) : "",
			    seen && seen->first ? " " : "",
			    seen && seen->first
				    ? stats_count(&text->arena, seen->first)
				    : "");
		label = "          ";
		bound = phrase_pct_bound(&text->arena, run);
		if (bound)
			sheet_prose(text->sheet, INDENT, label, "%s", bound);
	}
}
