/*
 * snag baseline import: suppressions become entries, where they can.
 *
 * A suppression speaks of names and hides whatever comes along; an entry
 * speaks of one finding.  So it takes results, made without the suppressions,
 * to say which findings they hide.
 */
#include <string.h>

#include "base/text.h"
#include "cmd/baseline_part.h"
#include "read/suppressions.h"

static const struct argp_option options[] = {
	{"result", BASELINE_OPT_RESULT, "RESULT", 0,
	 "A result.json, or its folder, of a run without the suppressions; may "
	 "be given several times (default: snag-out)",
	 0},
	BASELINE_OPTION_FILE,
	{"reason", BASELINE_OPT_REASON, "TEXT", 0,
	 "Why they may stay (default: the comment above the suppression, else "
	 "that it was suppressed)",
	 0},
	BASELINE_OPTIONS_OF_ENTRY,
	{0},
};

static const char doc[] =
	"Takes the findings that a suppression file of ThreadSanitizer hides "
	"into the baseline.\v"
	"FILE is such a file; it is not changed. A suppression that matches no "
	"finding of the results cannot be turned into an entry, and has to "
	"stay one: each is named.";

struct import_arguments {
	struct baseline_command c;
	const char *file;
	struct suppressions suppressions;
	bool *has_hit; /* of each suppression */
};

static error_t parse(int key, char *value, struct argp_state *state)
{
	struct import_arguments *a = state->input;

	if (key == ARGP_KEY_ARG) {
		if (state->arg_num > 0)
			argp_error(state, "one FILE, not several");
		a->file = value;
		return 0;
	}
	return baseline_take(&a->c, key, value) ? 0 : ARGP_ERR_UNKNOWN;
}

/* "tsan.supp:3, race:foo" */
static const char *line_text(struct import_arguments *a,
			     const struct suppression *s)
{
	const char *text =
		arena_printf(&a->c.arena, "%s:%u, %s:%s", s->path, s->line,
			     suppression_type_name(s->type), s->pattern);

	return text_clean(&a->c.arena, text, strlen(text), false);
}

static const char *reason_of(struct import_arguments *a,
			     const struct suppression *s)
{
	if (a->c.reason)
		return a->c.reason;
	if (s->comment)
		return s->comment;
	return arena_printf(&a->c.arena, "suppressed by %s", line_text(a, s));
}

/* ThreadSanitizer counts a hit for the first line alone; here each counts, so
 * that none is called useless which is but doubled. */
static void mark_hits(struct import_arguments *a, const struct report *report)
{
	for (size_t i = 0; i < a->suppressions.count; i++) {
		const struct suppressions one = {
			.list = &a->suppressions.list[i], .count = 1};
		size_t index;

		a->has_hit[i] |= suppressions_match(&one, report, &index);
	}
}

static bool import_result(struct import_arguments *a, const char *path)
{
	struct result result = {0};
	bool is_read = baseline_read_result(&a->c, path, &result);

	for (size_t i = 0; is_read && i < result.finding_count; i++) {
		struct finding *f = &result.findings[i];
		const struct suppression *s;
		size_t index;

		if (!f->report ||
		    !suppressions_match(&a->suppressions, f->report, &index))
			continue;
		mark_hits(a, f->report);
		s = &a->suppressions.list[index];
		/* What a scenario expects needs no entry. */
		if (f->standing != STANDING_NONE)
			baseline_take_in(&a->c, &result, f, reason_of(a, s),
					 line_text(a, s));
	}
	result_release(&result);
	return is_read;
}

static void print_rest(struct import_arguments *a)
{
	for (size_t i = 0; i < a->suppressions.count; i++) {
		const struct suppression *s = &a->suppressions.list[i];

		if (a->has_hit[i])
			continue;
		sheet_put(&a->c.sheet, STYLE_WARNING,
			  "%s: cannot be turned into an entry: it %s; it stays "
			  "a suppression",
			  line_text(a, s),
			  s->type == SUPPRESS_CALLED_FROM_LIB
				  ? "acts before there is a report"
				  : "matches no finding");
		sheet_newline(&a->c.sheet);
	}
}

static bool import(struct import_arguments *a)
{
	if (!a->file)
		return err_set(&a->c.err, EXIT_USAGE,
			       "name a suppression file, such as tsan.supp");
	if (a->c.reason && !a->c.reason[strspn(a->c.reason, " \t\n")])
		return err_set(&a->c.err, EXIT_USAGE, "--reason says nothing");
	if (!a->c.result_count)
		baseline_add_result(&a->c, "snag-out");
	if (!suppressions_read(a->file, &a->suppressions, &a->c.err) ||
	    !baseline_load(&a->c, true))
		return false;
	a->has_hit = arena_alloc(&a->c.arena, a->suppressions.count + 1);
	for (size_t i = 0; i < a->c.result_count; i++)
		if (!import_result(a, a->c.results[i]))
			return false;
	print_rest(a);
	return baseline_store(&a->c);
}

int baseline_import(int argc, char **argv)
{
	static const struct argp argp = {options, parse, "FILE", doc,
					 NULL,    NULL,  NULL};
	struct import_arguments a = {.c = baseline_command_begin()};

	command_parse(&argp, argc, argv, &a);
	import(&a);
	suppressions_release(&a.suppressions);
	return baseline_command_end(&a.c, EXIT_AS_EXPECTED);
}
