/*
 * status_line.h - one line on a terminal that says how far something is.
 */
#ifndef SNAG_BASE_STATUS_LINE_H
#define SNAG_BASE_STATUS_LINE_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

struct status_line {
	FILE *file;        /* a terminal; NULL: nothing is shown */
	uint64_t shown_ms; /* 0: not yet */
};

/* At most ten times a second, and then it counts as shown. */
bool status_line_is_due(struct status_line *line);
/* In the place of what stands there; cut to a terminal's width. */
void status_line_show(const struct status_line *line, const char *text);
void status_line_clear(const struct status_line *line);

#endif
