/*
 * fingerprint.h - when are two reports the same race?
 *
 * Three levels.  exact: kind and both whole stacks.  race: kind and the first
 * own frame of each side, function and file; the identity of a finding.
 * family: what is raced on.  The order of the sides never matters, nor do ids,
 * addresses, pids and line numbers, nor the folder that the project was built
 * in.  All kinds of race on memory count as one kind here: which of them
 * ThreadSanitizer prints depends on which side came first.
 *
 * Stable across releases: a change needs FINGERPRINT_VERSION + 1
 * (model/result.h).
 */
#ifndef SNAG_JUDGE_FINGERPRINT_H
#define SNAG_JUDGE_FINGERPRINT_H

#include <stdbool.h>
#include <stddef.h>

#include "model/report.h"
#include "model/result.h"

enum { FINGERPRINT_MAX_PLACES = 64 }; /* edges, waits, sides that count */

struct fingerprint {
	char race[FINGERPRINT_HEX + 1];
	char exact[FINGERPRINT_HEX + 1];
	char family[FINGERPRINT_HEX + 1];
	/* A race on memory: kind and one side, sorted, "" for a side that
	 * was not restored; both "" for other kinds. */
	char sides[2][FINGERPRINT_HEX + 1];
	bool is_partial; /* a side is missing: see fingerprint_matches */
};

void fingerprint_of(const struct report *report, struct fingerprint *out);
/* Of an outcome that comes without a report: the kind, the outcome's name and
 * the subject's id.  For a kind with stacks use fingerprint_of. */
void fingerprint_of_outcome(enum kind kind, const char *outcome,
			    const char *subject, struct fingerprint *out);
/* Is that family one of a report of that race, or of the same with lost sides,
 * that does not say what is raced on? */
bool fingerprint_family_is_unsaid(const struct fingerprint *print,
				  enum kind kind, const char *family);
/* The same race, where a side that could not be restored stands for any. */
bool fingerprint_matches(const struct fingerprint *a,
			 const struct fingerprint *b);
/* The places that the identity is made of, as a sorted set; how many there are,
 * at most FINGERPRINT_MAX_PLACES.  0: the report does not say where, and cannot
 * be told from others like it. */
size_t fingerprint_places(const struct report *report,
			  char (*places)[FINGERPRINT_HEX + 1]);
/* The name as it is hashed, a part of it: of C++ the function's own
 * (cxx_name.h), without what compilers append to clones. */
const char *fingerprint_name(const char *name, size_t *len);
/* The path as it is hashed: its last two components, so that neither where a
 * project was built nor where Snag was started matters.  buf holds what is
 * returned. */
const char *fingerprint_path(const char *path, char *buf, size_t size);

#endif
