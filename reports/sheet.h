/*
 * sheet.h - lines of text for a terminal or a file, with colour or without.
 *
 * Everything printed through here has been made valid UTF-8 without control
 * bytes; only the sheet itself writes escape sequences.  Widths count code
 * points.
 */
#ifndef SNAG_REPORTS_SHEET_H
#define SNAG_REPORTS_SHEET_H

#include <stdbool.h>
#include <stdio.h>

#include "base/arena.h"

/* Prose ends before the first, tables before the second. */
enum { SHEET_COLUMNS = 80, SHEET_TABLE_COLUMNS = 100 };

enum style {
	STYLE_PLAIN = 0,
	STYLE_STRONG,
	STYLE_FAINT,
	STYLE_GOOD,
	STYLE_BAD,
	STYLE_WARNING,
	STYLE_PLACE, /* where something stands: file and line */
};

struct sheet {
	FILE *file;
	struct arena arena; /* for what is being printed */
	bool is_colored;
};

/* One line of valid UTF-8: newlines and tabs become spaces; "" for NULL. */
const char *sheet_safe(struct sheet *sheet, const char *text);
unsigned sheet_width(const char *text);
/* Without a newline. */
void sheet_put(struct sheet *sheet, enum style style, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
/* Padded with spaces to so many columns, cut with "..." to them. */
void sheet_cell(struct sheet *sheet, enum style style, const char *text,
		unsigned columns);
void sheet_cell_right(struct sheet *sheet, const char *text, unsigned columns);
void sheet_newline(struct sheet *sheet);
/* Prose at that indent, its further lines under the first word after the
 * label (which may be NULL). */
void sheet_prose(struct sheet *sheet, unsigned indent, const char *label,
		 const char *fmt, ...) __attribute__((format(printf, 4, 5)));
/* "-- title -----------" over the width of prose, the tail in that style. */
void sheet_heading(struct sheet *sheet, const char *title, enum style style,
		   const char *tail);

#endif
