/*
 * suppressions.h - ThreadSanitizer's suppression files, read as it reads them.
 *
 * A line is TYPE:PATTERN, a comment after '#', or empty; blanks around it do
 * not count.  ThreadSanitizer ends every program under a file with any other
 * line in it, so such a line is refused here, before anything is run.  So is a
 * pattern of nothing, which would hide every report.
 *
 * A pattern is found anywhere in a name, '*' stands for any text, '^' at its
 * begin and '$' at its end hold it to the name's; as ThreadSanitizer does it,
 * each part is taken where it is found first, and never tried further on:
 * "ab$" is not found in "abab".
 */
#ifndef SNAG_READ_SUPPRESSIONS_H
#define SNAG_READ_SUPPRESSIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "base/arena.h"
#include "base/err.h"
#include "model/report.h"

enum suppression_type {
	SUPPRESS_RACE = 0,
	SUPPRESS_RACE_TOP, /* the innermost frame alone */
	SUPPRESS_MUTEX,
	SUPPRESS_THREAD,
	SUPPRESS_SIGNAL,
	SUPPRESS_CALLED_FROM_LIB, /* acts before there is a report */
	SUPPRESS_DEADLOCK,
	SUPPRESS_TYPES,
};

struct suppression {
	enum suppression_type type;
	const char *pattern; /* any bytes */
	const char *path;    /* of its file */
	unsigned line;
	/* The comment above its paragraph, made clean; NULL: none. */
	const char *comment;
};

struct suppressions {
	struct arena arena;
	struct suppression *list; /* as they stood */
	size_t count;
};

/*
 * Adds the file's lines to those that are there (a zeroed struct has none), so
 * that several files become one.  The error begins "FILE:LINE: "; EXIT_USAGE.
 * The caller releases in any case.
 */
bool suppressions_read(const char *path, struct suppressions *suppressions,
		       struct err *err);
void suppressions_release(struct suppressions *suppressions);
/*
 * Would ThreadSanitizer have kept that report to itself?  *index: the line it
 * counts the hit for.  It compares functions, files and modules of the sides,
 * of where a leaked thread was made, and the name and module of a global;
 * paths as the report has them.
 */
bool suppressions_match(const struct suppressions *suppressions,
			const struct report *report, size_t *index);
/* All lines as one file, for ThreadSanitizer. */
void suppressions_write(const struct suppressions *suppressions, FILE *file);
/* "race", "called_from_lib" */
const char *suppression_type_name(enum suppression_type type);
bool suppression_pattern_matches(const char *pattern, const char *name);

#endif
