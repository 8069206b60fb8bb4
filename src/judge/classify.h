/*
 * classify.h - what went wrong, by name, and how sure that is.
 *
 * Ranks the causes that fit a report, each with its evidence as sentences.
 * Sees what a report and its source files show, and what the harness saw: never
 * the meaning of names that the project chose.  Renaming every identifier and
 * every file of a project and dropping its comments does not change the
 * answer; libc's and pthreads' names and the shape of the code are what counts.
 */
#ifndef SNAG_JUDGE_CLASSIFY_H
#define SNAG_JUDGE_CLASSIFY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "model/report.h"
#include "model/result.h"
#include "model/source_tree.h"

/* What the harness saw besides the report. */
struct witness {
	uint64_t iterations, hits; /* hits: with this finding; 0: not counted */
	bool saw_deadlock, saw_hang, saw_crash,
		saw_abort;     /* in this campaign */
	uint64_t bad_outcomes; /* iterations with a forbidden outcome of check()
				*/
	uint64_t hits_with_bad_outcome; /* of hits */
	bool is_any_report;  /* the campaign saw a report of ThreadSanitizer */
	const char *outcome; /* of KIND_WRONG_OUTCOME: its name, for evidence */
};

/*
 * Candidates, best first, at least one.  sources and witness may be NULL: then
 * the report alone speaks.  All that is returned belongs to the arena or is
 * static.
 */
void classify(const struct report *report, struct source_tree *sources,
	      const struct witness *witness, struct arena *arena,
	      struct candidate **out, size_t *count);

#endif
