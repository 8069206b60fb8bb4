/*
 * finding.h - reports and outcomes of a campaign, united by fingerprint.
 */
#ifndef SNAG_CAMPAIGN_FINDING_H
#define SNAG_CAMPAIGN_FINDING_H

#include "campaign/state.h"

/*
 * The finding that the report belongs to (unite.h): an index, or UNITE_FULL,
 * which the other two take in silence.  outcome is NULL for a report of
 * ThreadSanitizer's.
 */
size_t finding_add(struct campaign *campaign, const struct report *report,
		   const char *outcome, const struct subject *subject);
void finding_count(struct campaign *campaign, size_t finding, uint64_t reports);
/* Counts a hit of that finding in that iteration of the cell, once.  True
 * when the run had not shown it before. */
bool finding_hit(struct campaign *campaign, struct cell *cell, size_t finding,
		 uint64_t iteration);

#endif
