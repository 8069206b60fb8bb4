/* trace_rows.h - the lines of a trace, before they are laid out.  For
 * trace.c and trace_rows.c. */
#ifndef SNAG_REPORTS_TRACE_ROWS_H
#define SNAG_REPORTS_TRACE_ROWS_H

#include "model/trace.h"
#include "reports/sheet.h"

struct trace_row {
	const struct trace_event *event; /* NULL: said in text alone */
	uint64_t number;                 /* of the step; 0: none */
	size_t column;                   /* which thread's */
	const char *text, *mark;
	enum style style;
	bool ends_turn; /* another thread is next */
};

struct trace_rows {
	struct trace_row *rows;
	size_t count;
	bool is_short;
};

/* All is the arena's.  is_short: places are lines alone. */
void trace_rows_make(const struct trace *trace, struct arena *arena,
		     bool is_short, struct trace_rows *out);
/* "counter.c:34": without folders. */
const char *trace_place(struct arena *arena, const struct trace_event *event);
/* The file that all rows with a place are in, without folders; NULL: there are
 * several. */
const char *trace_only_file(const struct trace_rows *rows);

#endif
