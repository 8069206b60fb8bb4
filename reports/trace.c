#include "reports/trace.h"

#include <inttypes.h>
#include <string.h>

#include "reports/trace_rows.h"

enum {
	MARGIN = 6,       /* for the number of the step */
	LEAST_COLUMN = 4, /* of a thread, before the next one's begins */
	LAST_COLUMN = 34, /* what is left for the last thread's */
	TOP_ROWS = 60,    /* that are shown of a trace that is too long */
};

struct page {
	struct sheet sheet;
	const struct trace *trace;
	unsigned columns, width; /* of all; of a thread but the last */
	size_t shown;            /* threads that have a row */
	bool has_rows[256];      /* by thread */
	size_t place[256];       /* by thread: which of those shown */
	struct arena arena;      /* the sheet's lives no longer than a line */
};

static void lay_out(struct page *p, const struct trace_rows *rows)
{
	unsigned room = p->columns - MARGIN;

	for (size_t i = 0; i < rows->count; i++)
		if (rows->rows[i].event && rows->rows[i].column < 256)
			p->has_rows[rows->rows[i].column] = true;
	for (size_t i = 0; i < p->trace->thread_count && i < 256; i++) {
		p->place[i] = p->shown;
		p->shown += p->has_rows[i];
	}
	if (!p->shown)
		return;
	p->width = room / (unsigned)p->shown;
	if (p->width < LAST_COLUMN && p->shown > 1)
		p->width = (room - LAST_COLUMN) / (unsigned)(p->shown - 1);
	if (p->width < LEAST_COLUMN)
		p->width = LEAST_COLUMN;
}

static unsigned begin_of(const struct page *p, size_t thread)
{
	unsigned at =
		(unsigned)p->place[thread < 256 ? thread : 255] * p->width;

	return at + LAST_COLUMN > p->columns - MARGIN
		       ? p->columns - MARGIN - LAST_COLUMN
		       : at;
}

/* Lines between the columns, from `from` to before `to`. */
static void rule(struct page *p, unsigned from, unsigned to)
{
	for (unsigned i = from; i < to; i++) {
		bool is_edge =
			i && i % p->width == 0 && i / p->width < p->shown;

		sheet_put(&p->sheet, STYLE_FAINT, "%c", is_edge ? '|' : ' ');
	}
}

/* How many bytes of the text have at most that width; at a blank, if any. */
static size_t fitting(const char *text, unsigned width)
{
	size_t len = 0, blank = 0;
	unsigned used = 0;

	while (text[len]) {
		size_t next = len + 1;

		while ((text[next] & 0xc0) == 0x80)
			next++;
		if (used++ == width)
			return blank ? blank : len;
		if (text[len] == ' ')
			blank = len;
		len = next;
	}
	return len;
}

static void put_number(struct page *p, uint64_t number)
{
	if (number)
		sheet_put(&p->sheet, STYLE_FAINT, "%4" PRIu64 "  ", number);
	else
		sheet_put(&p->sheet, STYLE_PLAIN, "%*s", MARGIN, "");
}

/* The rest of a line that is too long goes below, indented. */
static void put_row(struct page *p, const struct trace_row *row)
{
	unsigned begin = begin_of(p, row->column);
	const char *text = row->mark ? arena_printf(&p->arena, "%s %s",
						    row->text, row->mark)
				     : row->text;
	unsigned indent = 0;

	put_number(p, row->number);
	while (*text) {
		size_t len =
			fitting(text, p->columns - MARGIN - begin - 2 - indent);
		unsigned end;

		rule(p, 0, begin);
		sheet_put(&p->sheet, STYLE_FAINT, "%s", begin ? "| " : "  ");
		sheet_put(&p->sheet, row->style, "%*s%.*s", (int)indent, "",
			  (int)len, text);
		end = begin + 2 + indent +
		      sheet_width(arena_dup_n(&p->sheet.arena, text, len));
		if (end < p->width * (unsigned)(p->shown - 1) + 1)
			rule(p, end, p->width * (unsigned)(p->shown - 1) + 1);
		sheet_newline(&p->sheet);
		text += len;
		while (*text == ' ')
			text++;
		indent = 2;
		if (*text)
			put_number(p, 0);
	}
}

/* Does any row need a second line? */
static bool is_narrow(const struct page *p, const struct trace_rows *rows)
{
	for (size_t i = 0; i < rows->count; i++) {
		const struct trace_row *r = &rows->rows[i];
		unsigned width = sheet_width(r->text) +
				 (r->mark ? 1 + sheet_width(r->mark) : 0);

		if (width > p->columns - MARGIN - begin_of(p, r->column) - 2)
			return true;
	}
	return false;
}

/* Where the names of files take too much room and are all the same, they are
 * said once. */
static const char *make_rows(struct page *p, struct trace_rows *rows)
{
	const char *file;

	trace_rows_make(p->trace, &p->arena, false, rows);
	lay_out(p, rows);
	file = trace_only_file(rows);
	if (!file || !p->shown || !is_narrow(p, rows))
		return NULL;
	trace_rows_make(p->trace, &p->arena, true, rows);
	return file;
}

static const char *thread_title(struct page *p, size_t i)
{
	const struct trace_thread *t = &p->trace->threads[i];

	return arena_printf(&p->arena, "T%u%s%s", t->number, t->name ? " " : "",
			    t->name ? t->name : "");
}

static void put_heads(struct page *p)
{
	unsigned at = 0;

	put_number(p, 0);
	for (size_t i = 0; i < p->trace->thread_count && i < 256; i++) {
		unsigned begin = begin_of(p, i);
		const char *title = thread_title(p, i);

		if (!p->has_rows[i] || at > begin)
			continue;
		sheet_put(&p->sheet, STYLE_PLAIN, "%*s", (int)(begin - at), "");
		title = sheet_safe(&p->sheet, title);
		if (p->place[i] + 1 < p->shown)
			title = arena_dup_n(&p->sheet.arena, title,
					    fitting(title, p->width - 3));
		sheet_put(&p->sheet, STYLE_STRONG, "  %s", title);
		at = begin + 2 + sheet_width(title);
	}
	sheet_newline(&p->sheet);
}

static void put_rows(struct page *p, const struct trace_rows *rows)
{
	size_t skipped =
		rows->count > TRACE_MAX_ROWS ? rows->count - TRACE_MAX_ROWS : 0;

	for (size_t i = 0; i < rows->count; i++) {
		const struct trace_row *r = &rows->rows[i];

		/* A thread that did nothing worth a column. */
		if (r->column >= 256 || !p->has_rows[r->column])
			continue;
		if (skipped && i == TOP_ROWS) {
			sheet_put(&p->sheet, STYLE_FAINT,
				  "      ... %zu lines left out ...", skipped);
			sheet_newline(&p->sheet);
			i += skipped;
		}
		put_row(p, r);
	}
}

static void put_marked(struct page *p, const struct trace_event *e)
{
	sheet_put(&p->sheet, STYLE_PLAIN, "      step %-5" PRIu64 "T%u  ",
		  e->number, e->thread);
	sheet_put(&p->sheet, STYLE_PLACE, "%s",
		  trace_place(&p->sheet.arena, e));
	sheet_put(&p->sheet, STYLE_PLAIN, "  %s",
		  sheet_safe(&p->sheet, e->source));
	sheet_newline(&p->sheet);
}

static void put_notes(struct page *p)
{
	for (size_t n = 0; n < p->trace->note_count; n++) {
		sheet_newline(&p->sheet);
		sheet_put(&p->sheet, STYLE_BAD, "[%zu]", n + 1);
		sheet_put(&p->sheet, STYLE_PLAIN, " ThreadSanitizer: %s",
			  sheet_safe(&p->sheet, p->trace->notes[n]));
		sheet_newline(&p->sheet);
		for (size_t i = 0; i < p->trace->event_count; i++)
			if (p->trace->events[i].note == n + 1)
				put_marked(p, &p->trace->events[i]);
	}
}

/* What each thread waits for, when nobody can go on. */
static void put_stuck(struct page *p)
{
	for (size_t i = 0; i < p->trace->thread_count; i++) {
		const struct trace_thread *t = &p->trace->threads[i];

		if (!t->is_stuck || !t->file)
			continue;
		sheet_put(&p->sheet, STYLE_PLAIN, "  %s%s%s %s",
			  thread_title(p, i), t->held ? " holds " : "",
			  t->held ? arena_printf(&p->sheet.arena, "%s and",
						 t->held)
				  : "",
			  t->waits_for ? "waits" : "is");
		if (t->waits_for)
			sheet_put(&p->sheet, STYLE_PLAIN, " for %s,",
				  t->waits_for);
		if (t->holder)
			sheet_put(&p->sheet, STYLE_PLAIN, " held by %s,",
				  t->holder);
		sheet_put(&p->sheet, STYLE_PLAIN, " at ");
		sheet_put(&p->sheet, STYLE_PLACE, "%s:%u", t->file, t->line);
		sheet_newline(&p->sheet);
	}
}

static void put_end(struct page *p, const char *outcome)
{
	sheet_newline(&p->sheet);
	if (!outcome)
		sheet_put(&p->sheet, STYLE_BAD, "It did not end.");
	else if (*outcome)
		sheet_put(&p->sheet, STYLE_STRONG, "Outcome: %s",
			  sheet_safe(&p->sheet, outcome));
	else
		sheet_put(&p->sheet, STYLE_STRONG,
			  "It ended; no outcome was "
			  "named.");
	sheet_newline(&p->sheet);
	if (outcome && outcome[0] == '@')
		put_stuck(p);
}

void render_trace(const struct trace *trace, const struct trace_view *view,
		  FILE *file)
{
	struct page p = {
		.sheet = {.file = file, .is_colored = view->is_colored},
		.trace = trace,
		.columns = view->columns < TRACE_LEAST_COLUMNS
				   ? TRACE_LEAST_COLUMNS
				   : view->columns};
	struct trace_rows rows;
	const char *only = make_rows(&p, &rows);

	if (view->title) {
		sheet_put(&p.sheet, STYLE_STRONG, "%s",
			  sheet_safe(&p.sheet, view->title));
		if (only)
			sheet_put(&p.sheet, STYLE_PLACE, " (%s)", only);
		sheet_newline(&p.sheet);
		sheet_newline(&p.sheet);
	}
	if (p.shown) {
		put_heads(&p);
		put_rows(&p, &rows);
	}
	if (trace->left_out) {
		sheet_put(&p.sheet, STYLE_FAINT,
			  "      ... %" PRIu64 " events were not written down",
			  trace->left_out);
		sheet_newline(&p.sheet);
	}
	put_notes(&p);
	put_end(&p, view->outcome);
	arena_release(&p.arena);
	arena_release(&p.sheet.arena);
}
