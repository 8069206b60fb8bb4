/*
 * confirm.h - what does a reported race or lock order do?
 *
 * The places that a report names become targets: explore steers the threads
 * into each other there, in both orders, and what came of it stands beside the
 * cause (finding.effect).  A race stays one, and its verdict what it is.
 */
#ifndef SNAG_CAMPAIGN_CONFIRM_H
#define SNAG_CAMPAIGN_CONFIRM_H

#include "campaign/state.h"

/* Each finding that has places and was seen in a subject that can be explored;
 * until the campaign's time is up, a second each at most. */
void confirm_findings(struct campaign *campaign);

#endif
