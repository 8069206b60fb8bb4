/*
 * trace.h - one iteration, for a person: a column a thread, time downwards.
 *
 * What only one thread ever touches is folded, and so are loops; the events
 * that ThreadSanitizer reported are marked, and so are the two whose order
 * decides.  Writes to the file and leaves it to the caller to ask whether all
 * arrived.
 */
#ifndef SNAG_REPORTS_TRACE_H
#define SNAG_REPORTS_TRACE_H

#include <stdbool.h>
#include <stdio.h>

#include "model/trace.h"

enum { TRACE_LEAST_COLUMNS = 60, TRACE_MAX_ROWS = 400 };

struct trace_view {
	unsigned columns; /* of the terminal */
	bool is_colored;
	const char *title;
	const char *outcome; /* NULL: it did not end */
};

void render_trace(const struct trace *trace, const struct trace_view *view,
		  FILE *file);

#endif
