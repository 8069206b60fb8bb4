/*
 * tally.h - a scenario's runs, seen through its expectation.
 *
 * Grades outcomes and findings in place, and sums up what the verdict is made
 * from.  Everything is owned by the result's arena.
 */
#ifndef SNAG_JUDGE_TALLY_H
#define SNAG_JUDGE_TALLY_H

#include "judge/match.h"

/* Something seen, or required: how often, in how many iterations. */
struct sighting {
	const char *what; /* "data race between f and g", "outcome \"lost\"" */
	const char *why;  /* the line's sentence; NULL: no line            */
	uint64_t hits, iterations;
	bool is_at_least; /* several findings share the hits               */
	const struct finding *finding;
};

struct tally {
	uint64_t iterations, explored; /* explored: of them, by explore   */
	bool has_explore;              /* a run of it, even an empty one  */
	uint64_t exhausted; /* iterations of runs that left no schedule out */
	uint64_t reports, dropped;
	size_t report_findings;     /* reports that were read                 */
	size_t other_findings;      /* of them, allowed or required           */
	struct sighting *forbidden; /* graded FORBIDDEN                   */
	size_t forbidden_count;
	struct sighting *news; /* reports of a blind scenario             */
	size_t news_count;
	struct sighting *required; /* lines that hold for what ran        */
	size_t required_count;
	size_t required_elsewhere; /* lines that hold for other engines   */
	const char *trouble;       /* our own failure, a sentence; or NULL*/
};

struct tally tally_of(struct result *result, struct subject *subject);
/* What a reader must know besides the verdict, which stands already. */
void judge_notes(struct result *result, struct subject *subject,
		 const struct tally *tally);

#endif
