/*
 * evidence.h - what many runs left behind, united into one result.
 *
 * Takes folders of `snag exec --collect` and stored results of any command,
 * from shards, attempts and machines.  What was seen of the same thing several
 * times becomes one subject with several sources and united runs: a test by
 * its command, folder and environment, or by the name that ctest gives it; a
 * scenario by its id; a program by its command; a log by itself.  A finding
 * that one of them saw stays: no retry hides it.
 *
 * Whatever a file holds, the others are judged; a file of a folder that cannot
 * be read is a subject with verdict ERROR.  Memory is bounded.
 *
 * Subjects come out with NONE, to be judged by policy, or with ERROR, SKIPPED
 * or CLEAN (a log that proves it) and `why`; an ERROR may have findings beside
 * it, which go before.  A scenario that was seen once stays as it was judged.
 */
#ifndef SNAG_GATHER_EVIDENCE_H
#define SNAG_GATHER_EVIDENCE_H

#include "gather/suite.h"
#include "model/result.h"
#include "model/source_tree.h"

struct evidence;

/* The result is filled by evidence_end, and must live until evidence_free. */
struct evidence *evidence_new(struct result *result);
void evidence_free(struct evidence *evidence);

/* All of a folder.  false: the folder itself cannot be read (EXIT_USAGE). */
bool evidence_folder(struct evidence *evidence, const char *path,
		     struct err *err);
/* One result.json.  false: it cannot be used (EXIT_USAGE). */
bool evidence_file(struct evidence *evidence, const char *path,
		   struct err *err);

struct evidence_terms {
	const struct suite *suite; /* tests that must be there; or NULL */
	/* Globs of names of tests that need not be there, or in which
	 * ThreadSanitizer need not start. */
	const char *const *allowed;
	size_t allowed_count;
};

/* Nothing more comes: unites all there is. */
void evidence_end(struct evidence *evidence,
		  const struct evidence_terms *terms);
/*
 * What the findings mean, by those sources; paths become relative to the roots
 * (with a '/' at their ends).  A stored meaning stays where
 * its source was shown and is not to be found here.
 */
void evidence_explain(struct evidence *evidence, struct source_tree *sources,
		      const char *const *roots, size_t root_count,
		      const struct result *catalogue);
/* Judges the scenarios that were united; once, when findings have causes. */
void evidence_judge(struct evidence *evidence);
/* One sentence for each file of a folder that could not be read, and one for
 * each result that is not whole. */
const char *const *evidence_complaints(const struct evidence *evidence,
				       size_t *count);

#endif
