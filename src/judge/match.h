/*
 * match.h - does a line of a scenario's expectation describe what was seen?
 *
 * Pure functions of the line and the finding or the outcome.  A line that does
 * not hold for an engine describes nothing seen under it, except that what is
 * REQUIRED of another engine is ALLOWED under this one.
 */
#ifndef SNAG_JUDGE_MATCH_H
#define SNAG_JUDGE_MATCH_H

#include "model/result.h"

/* What grades a thing that no line describes. */
struct match {
	enum grade grade; /* GRADE_NONE: not judged                        */
	const char *why;  /* of the line; NULL without one                 */
	const struct expected_report *report;   /* the line, or ...        */
	const struct expected_outcome *outcome; /* ... NULL                */
};

/* The engine's mask by its name; both for one that is not known. */
unsigned match_engine(const char *name);
/*
 * Does the line describe the finding, whatever the engine and the cause?  0:
 * no.  Else the better the higher: the kind must be equal, and each function
 * of `between` be at another side, better innermost than further out.  Of a
 * lock cycle any two edges count as the sides; a side whose stack is lost may
 * be any function.
 */
unsigned match_rank(const struct expected_report *line,
		    const struct finding *finding);
/* The outcome that a finding is judged as: its own, "@crash" for a deadly
 * signal; NULL for a report, which report lines judge. */
const char *match_outcome_name(const struct finding *finding);
/* By the line that fits best, of equal ones the one that names the finding's
 * own cause, then the first; FORBIDDEN without one. */
struct match match_report(const struct subject *subject,
			  const struct finding *finding, unsigned engine);
/*
 * By the line of that name, then by "*" for check()'s own; FORBIDDEN without
 * one.  GRADE_NONE for check()'s own when there is no line at all, and for ""
 * when only the harness's outcomes have lines (there is no check() then).
 */
struct match match_outcome(const struct subject *subject, const char *name,
			   unsigned engine);

#endif
