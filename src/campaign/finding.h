/*
 * finding.h - reports and outcomes of a campaign, united by fingerprint.
 */
#ifndef SNAG_CAMPAIGN_FINDING_H
#define SNAG_CAMPAIGN_FINDING_H

#include "campaign/state.h"

/*
 * The index of the finding that the report belongs to, made when there is
 * none.  The report is borrowed (a copy is kept if it is the best so far);
 * outcome is NULL for a report of ThreadSanitizer's.
 */
size_t finding_add(struct campaign *campaign, struct report *report,
		   const char *outcome, const struct subject *subject);
/* Counts a hit of that finding in that iteration of the cell, once.  True
 * when the run had not shown it before. */
bool finding_hit(struct campaign *campaign, struct cell *cell, size_t finding,
		 uint64_t iteration);
/* Each finding's best report as text, into the result's folder. */
void finding_write_texts(struct campaign *campaign);

#endif
