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

/*
 * Each race and lock order whose report names places, and that was seen in a
 * subject that the host can explore, whatever engine saw it.  A second each at
 * most; all of them in what is left of --time (or a second, if that is no more
 * than half of it), without --time in half of what the campaign took.
 * Scenarios: all of the host, of which some say what repairs forbid.
 */
void confirm_findings(struct campaign *campaign,
		      const struct result *scenarios);

#endif
