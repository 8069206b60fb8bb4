/*
 * settle.h - a result that does not depend on the order of its batches.
 *
 * Which host was faster decides in what order things are seen.  Once a
 * campaign is over, outcomes and findings of a run stand by the iteration that
 * first showed them, findings of the result by the first run that did, and
 * what explore came to is put together.
 */
#ifndef SNAG_CAMPAIGN_SETTLE_H
#define SNAG_CAMPAIGN_SETTLE_H

#include "campaign/state.h"

/* Indices of findings mean nothing any more. */
void settle_result(struct campaign *campaign);

#endif
