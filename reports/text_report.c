#include <string.h>

#include "base/stats.h"
#include "model/place.h"
#include "reports/text_parts.h"

enum { INDENT = 2, CALLERS = 4, EXCERPT_INDENT = 6 };

static size_t most_of(size_t count)
{
	return count < TEXT_MOST_PARTS ? count : TEXT_MOST_PARTS;
}

static void print_rest(struct text *text, size_t count, const char *what)
{
	if (count > TEXT_MOST_PARTS)
		sheet_prose(text->sheet, INDENT, NULL,
			    "and %s more %s, all in result.json",
			    stats_count(&text->arena, count - TEXT_MOST_PARTS),
			    what);
}

static void print_title(struct text *text, const struct report *report,
			const struct access *access)
{
	fprintf(text->sheet->file, "%*s", INDENT, "");
	sheet_put(text->sheet, STYLE_STRONG, "%s",
		  phrase_access(&text->arena, report, access));
	sheet_newline(text->sheet);
}

static const char *where(struct text *text, const struct frame *frame)
{
	struct arena *arena = &text->arena;

	if (frame->file && frame->line && frame->column)
		return arena_printf(arena, "%s:%u:%u", frame->file, frame->line,
				    frame->column);
	if (frame->file && frame->line)
		return arena_printf(arena, "%s:%u", frame->file, frame->line);
	if (frame->file && *frame->file != '<')
		return frame->file;
	if (frame->module && frame->has_offset)
		return arena_printf(arena, "%s+0x%llx", frame->module,
				    (unsigned long long)frame->offset);
	return frame->module ? frame->module : "";
}

static void print_frame(struct text *text, const struct frame *frame,
			unsigned indent, const char *label, enum style style)
{
	fprintf(text->sheet->file, "%*s", (int)indent, "");
	sheet_put(text->sheet, STYLE_FAINT, "%s", label);
	sheet_put(text->sheet, style, "%s",
		  frame->function ? frame->function : "?");
	fputs("  ", text->sheet->file);
	sheet_put(text->sheet, STYLE_PLACE, "%s", where(text, frame));
	if (frame->is_inlined)
		sheet_put(text->sheet, STYLE_FAINT, " (inlined)");
	sheet_newline(text->sheet);
}

/* The line keeps its own indentation, in tabs of four. */
static void print_source(struct sheet *sheet, enum style style,
			 const char *line)
{
	for (; *line == '\t' || *line == ' '; line++)
		fputs(*line == '\t' ? "    " : " ", sheet->file);
	sheet_put(sheet, style, "%s", line);
}

static bool is_same_place(const struct excerpt *a, const struct excerpt *b)
{
	return a->file && b->file && !strcmp(a->file, b->file) &&
	       a->line == b->line;
}

/* Around a line that has been shown already, only the line itself. */
static void print_excerpt(struct text *text, const struct excerpt *excerpt,
			  bool is_shown)
{
	for (size_t i = 0; i < excerpt->count; i++) {
		unsigned number = excerpt->first_line + (unsigned)i;
		bool is_it = number == excerpt->line;

		if (is_shown && !is_it)
			continue;
		fprintf(text->sheet->file, "%*s", EXCERPT_INDENT, "");
		sheet_put(text->sheet, is_it ? STYLE_BAD : STYLE_FAINT,
			  "%s%5u |", is_it ? ">" : " ", number);
		if (*excerpt->lines[i])
			fputc(' ', text->sheet->file);
		print_source(text->sheet, is_it ? STYLE_STRONG : STYLE_PLAIN,
			     excerpt->lines[i]);
		sheet_newline(text->sheet);
	}
}

/* Up to the program's outermost own frame: what starts threads is no news. */
static size_t end_of_stack(struct text *text, const struct stack *stack,
			   size_t first)
{
	size_t end = stack->count;

	if (text->options->is_verbose)
		return end;
	while (end > first + 1 && !place_is_own(&stack->frames[end - 1]))
		end--;
	return end;
}

/* From the innermost own frame outwards; verbose, from within it. */
static void print_stack(struct text *text, const struct stack *stack,
			const struct frame *own, const struct excerpt *excerpt,
			bool is_shown)
{
	bool is_verbose = text->options->is_verbose;
	size_t first = own ? (size_t)(own - stack->frames) : 0;
	size_t end = end_of_stack(text, stack, first), i;

	if (!stack->count) {
		sheet_prose(text->sheet, INDENT + 2, NULL,
			    "its stack is lost: ThreadSanitizer could not "
			    "restore it");
		return;
	}
	for (i = is_verbose ? 0 : first; i < first; i++)
		print_frame(text, &stack->frames[i], INDENT + 2, "inside    ",
			    STYLE_PLAIN);
	print_frame(text, &stack->frames[first], INDENT + 2, "", STYLE_STRONG);
	if (excerpt && excerpt->count)
		print_excerpt(text, excerpt, is_shown);
	for (i = first + 1; i < end && (is_verbose || i <= first + CALLERS);
	     i++)
		print_frame(text, &stack->frames[i], INDENT + 2, "called by ",
			    STYLE_PLAIN);
	if (i < end)
		sheet_prose(text->sheet, INDENT + 2, NULL, "and %s more",
			    stats_plural(&text->arena, end - i, "caller",
					 "callers"));
	if (stack->is_lost)
		sheet_prose(text->sheet, INDENT + 2, NULL,
			    "the rest of the stack is lost");
}

static void print_location(struct text *text, const struct report *report,
			   const struct location *location)
{
	const char *what = phrase_location(&text->arena, report, location);

	if (what)
		sheet_prose(text->sheet, INDENT, "data      ", "%s", what);
}

static void print_threads(struct text *text, const struct report *report)
{
	for (size_t i = 0; i < most_of(report->thread_count); i++) {
		const struct thread_info *t = &report->threads[i];
		const char *state = t->is_finished  ? " (finished)"
				    : t->is_running ? " (running)"
						    : "";

		sheet_prose(text->sheet, INDENT,
			    i ? "          " : "threads   ", "%s%s%s%s%s",
			    phrase_thread(&text->arena, report, t->id), state,
			    t->parent ? ", created by " : "",
			    t->parent ? phrase_thread(&text->arena, report,
						      t->parent)
				      : "",
			    phrase_at(&text->arena, &t->created));
		if (t->more_leaks)
			sheet_prose(text->sheet, INDENT, "          ",
				    "and %s leaked like it",
				    stats_plural(&text->arena, t->more_leaks,
						 "thread", "threads"));
	}
}

static void print_mutexes(struct text *text, const struct report *report)
{
	for (size_t i = 0; i < most_of(report->mutex_count); i++) {
		const struct mutex_info *m = &report->mutexes[i];
		const char *at = phrase_at(&text->arena, &m->created);

		sheet_prose(text->sheet, INDENT,
			    i ? "          " : "mutexes   ", "%s%s%s%s",
			    m->id ? m->id : "a mutex", *at ? ", created" : "",
			    at, m->is_destroyed ? ", destroyed" : "");
	}
}

static void print_side(struct text *text, const struct finding *finding,
		       size_t side)
{
	const struct access *access = &finding->report->accesses[side];
	const struct excerpt *excerpts = finding->excerpts;
	bool is_shown = false;

	for (size_t i = 0; excerpts && i < side && i < 8; i++)
		is_shown |= is_same_place(&excerpts[i], &excerpts[side]);
	print_title(text, finding->report, access);
	print_stack(text, &access->stack, place_of_side(finding, side),
		    excerpts ? &excerpts[side] : NULL, is_shown);
	if (access->held_stack.count)
		sheet_prose(text->sheet, INDENT + 2, NULL, "%s was taken%s",
			    access->holding ? access->holding : "it",
			    phrase_at(&text->arena, &access->held_stack));
	sheet_newline(text->sheet);
}

/* A deadlock lists every thread; those of the runtime and of the harness only
 * wait for the others. */
static bool is_bystander(const struct finding *finding, size_t side)
{
	return finding->report->accesses[side].op == OP_WAIT &&
	       !place_is_own(place_of_side(finding, side));
}

void text_report(struct text *text, const struct finding *finding)
{
	const struct report *report = finding->report;

	for (size_t i = 0; i < most_of(report->access_count); i++)
		if (text->options->is_verbose || !is_bystander(finding, i))
			print_side(text, finding, i);
	print_rest(text, report->access_count, "sides");
	for (size_t i = 0; i < most_of(report->location_count); i++)
		print_location(text, report, &report->locations[i]);
	print_threads(text, report);
	print_rest(text, report->thread_count, "threads");
	print_mutexes(text, report);
	print_rest(text, report->mutex_count, "mutexes");
	if (report->sleep.count)
		sheet_prose(text->sheet, INDENT, "sleep     ",
			    "the two are ordered by nothing but a sleep%s",
			    phrase_at(&text->arena, &report->sleep));
	if (report->is_incomplete)
		sheet_prose(text->sheet, INDENT, "missing   ", "%s",
			    report->missing ? report->missing
					    : "a part of the report");
}
