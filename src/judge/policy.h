/*
 * policy.h - what of that which was found may stay, and what fails.
 *
 * Findings are compared with the baseline, all but those that only scenarios
 * saw, and that all of these expect; and then every subject has its
 * verdict: programs, tests and logs by what was found and how their runs
 * ended, scenarios once more where all that is forbidden is known.  Each
 * verdict comes with one finished sentence.  What was found is a fact, and
 * goes before any trouble of ours; but where it is forgiven, the trouble
 * stands (subject.trouble), and is never green.
 */
#ifndef SNAG_JUDGE_POLICY_H
#define SNAG_JUDGE_POLICY_H

#include "model/baseline.h"
#include "model/result.h"

enum fail_on {
	FAIL_ON_NEW = 0, /* what is not in the baseline, or no longer        */
	FAIL_ON_ANY,     /* also what is known                               */
	FAIL_ON_NEVER,   /* no report, whatever it says: verdicts stay, and do
			    not count.  Bad ends, forbidden outcomes, MISSED
			    and ERROR count all the same                     */
};

struct policy {
	enum fail_on fail_on;
	/* Reports of another first cause do not fail; none: all do.  Bad ends
	 * and outcomes fail whatever their cause. */
	const char *const *fail_causes;
	size_t fail_cause_count;
	const struct baseline *baseline; /* NULL: none, so all is new */
	const char *today;               /* day.h; with a baseline */
};

/*
 * Call it after judge_scenario for each scenario, and before judge_result.
 * Subjects that are no scenarios need nothing set but SKIPPED or ERROR, with a
 * `why`, by whoever ran them, and CLEAN for a log that proves it; outcomes of
 * their runs that are a bad end are graded GRADE_FORBIDDEN, all others
 * GRADE_NONE.  A result that was judged before, and stored, may be judged
 * anew.
 */
void policy_judge(struct result *result, const struct policy *policy);
/* Of a scenario that tally_of has graded: is something forbidden that is not
 * forgiven?  Where causes are not known yet, all count. */
bool policy_is_failing(struct result *result, struct subject *subject,
		       const struct policy *policy);

#endif
