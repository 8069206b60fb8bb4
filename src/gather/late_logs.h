/*
 * late_logs.h - reports of a collected test that its result does not hold.
 *
 * A folder NAME.logs that is there when a suite is judged belongs to a test
 * that was killed, or whose processes outlived it: what its report files say is
 * added to the test's result.  They may grow meanwhile, and be anything.
 */
#ifndef SNAG_GATHER_LATE_LOGS_H
#define SNAG_GATHER_LATE_LOGS_H

#include "model/result.h"
#include "read/symbols.h"

enum {
	/* More of one test is not read, and it is said so. */
	LATE_LOGS_MAX_BYTES = 1 << 30,
	LATE_LOGS_MAX_FILES = 10000,
};

/*
 * Into the first run of the first subject, which are made if they are not
 * there; as seen in its last iteration.  Notes say what was added; what was not
 * read, and failures of ThreadSanitizer itself, make the subject an ERROR.
 * false: the folder cannot be read.
 */
bool late_logs_add(struct result *result, const char *folder,
		   struct symbols *symbols, struct err *err);

#endif
