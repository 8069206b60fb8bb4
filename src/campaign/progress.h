/*
 * progress.h - one line on a terminal that says how far the campaign is.
 */
#ifndef SNAG_CAMPAIGN_PROGRESS_H
#define SNAG_CAMPAIGN_PROGRESS_H

#include "campaign/state.h"

/* At most ten times a second; nothing when there is no terminal. */
void progress_show(struct campaign *campaign);

#endif
