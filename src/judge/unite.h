/*
 * unite.h - reports into findings, by fingerprint.
 *
 * One finding a race, however often and by whomever it was reported.  A report
 * of which one side could not be restored joins a finding that it fits; the
 * most complete report speaks for all of them.  What is kept belongs to the
 * result.
 */
#ifndef SNAG_JUDGE_UNITE_H
#define SNAG_JUDGE_UNITE_H

#include "model/result.h"

enum {
	UNITE_MAX_FINDINGS = 20000,
	/* What unite_add gives when there are that many already. */
	UNITE_FULL = UNITE_MAX_FINDINGS,
};

struct unite;

/*
 * With many runs and no order among them, unite_settle has to be called at the
 * end: a report with a lost side that came before the finding that it fits is
 * a finding of its own until then.  The findings that the result has that the
 * result has are known from the start.
 */
struct unite *unite_new(struct result *result);
void unite_free(struct unite *unite);
/*
 * From now on a report with a lost side waits for unite_settle, even where it
 * fits a finding that is there: then what comes out is the same whatever the
 * order of the reports.  For sources where hits are reports; of two reports in
 * one iteration, both would count.
 */
void unite_defer(struct unite *unite);

/*
 * The index in result->findings of the one that the report belongs to, made
 * when there is none; it counts nothing.  The report is borrowed (a copy is
 * kept if it is the best so far); outcome is NULL for a report of
 * ThreadSanitizer's; subject is where it is seen, and lives as long as the
 * result.
 */
size_t unite_add(struct unite *unite, const struct report *report,
		 const char *outcome, const char *subject);
/*
 * Takes a finding of another result, with all that it says; its strings are
 * copied.  Counts are added up; causes and excerpts are those of the better
 * report.
 */
size_t unite_finding(struct unite *unite, const struct finding *finding);
/*
 * Each finding with a lost side, or of reports that were cut off, becomes part
 * of a whole one that it fits, in the findings and in the runs of all subjects;
 * of several the one on the same data, then the one with more reports, then the
 * lesser fingerprint.  Indices
 * that unite_add gave before mean nothing any more.
 */
void unite_settle(struct unite *unite);

#endif
