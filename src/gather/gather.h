/*
 * gather.h - logs into a result: every report of any text, united.
 *
 * Each log is a subject with one run of engine "log": how many reports it
 * holds, and for each finding how many of them and the line of the first.
 * Memory grows with distinct findings, at most UNITE_MAX_FINDINGS, and never
 * with a log's length; what is beyond is counted in the run's `dropped` and
 * said in a note.  So is everything else that is missing from a log.
 *
 * Call gather_log for each log, then gather_end once; judging comes after
 * (policy.h).  A log that proves nothing - no report, reports cut off or lost,
 * ThreadSanitizer failed - is an ERROR already.
 */
#ifndef SNAG_GATHER_GATHER_H
#define SNAG_GATHER_GATHER_H

#include <signal.h>
#include <stdio.h>

#include "model/result.h"

struct gather_options {
	/* Folders with a '/' at their end: what is below them is stored
	 * relative to them. */
	const char *const *roots;
	size_t root_count;
	FILE *progress; /* a terminal; or NULL */
	/* Set by a signal handler: end soon, keep what is there. */
	volatile sig_atomic_t *is_interrupted;
};

struct gather;

/* The options are borrowed until gather_free. */
struct gather *gather_new(struct result *result,
			  const struct gather_options *options);
void gather_free(struct gather *gather);
/*
 * From where the file stands now to its end; "-" is standard input.  A name
 * that was read before is not read again.  false: it could not be opened or
 * is no text (EXIT_USAGE), or not read to its end (EXIT_TROUBLE); then the
 * subject is an error, with what was read by then.
 */
bool gather_log(struct gather *gather, const char *name, struct err *err);
/* The same for text that is at hand, whatever it holds. */
void gather_text(struct gather *gather, const char *id, const char *text,
		 size_t len);
/* Nothing more comes: unites what had to wait. */
void gather_end(struct gather *gather);

#endif
