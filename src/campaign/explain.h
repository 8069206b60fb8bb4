/*
 * explain.h - after a campaign: what each finding means.
 *
 * Gives every finding its causes, practice, source excerpts and the scenario
 * that shows the repair; makes findings of wrong outcomes that no report
 * explains.  Judging comes after.
 */
#ifndef SNAG_CAMPAIGN_EXPLAIN_H
#define SNAG_CAMPAIGN_EXPLAIN_H

#include "campaign/state.h"

/* catalogue: all scenarios of the host, also those that were not selected. */
void explain_findings(struct campaign *campaign,
		      const struct result *catalogue);
/* Notes for roles that did nothing that could be seen: what they were to do
 * was optimised away, or stands in code that is not instrumented. */
/* Of a whole program: ends that no report explains are findings too. */
void explain_program(struct campaign *campaign);
void explain_idle_roles(struct campaign *campaign);

#endif
