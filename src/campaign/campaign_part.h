/*
 * campaign_part.h - what campaigns of scenarios (campaign.c) and of a whole
 * program (campaign_program.c) have in common.  For these two only.
 */
#ifndef SNAG_CAMPAIGN_CAMPAIGN_PART_H
#define SNAG_CAMPAIGN_CAMPAIGN_PART_H

#include "campaign/state.h"

void campaign_set_up(struct campaign *c, const struct campaign_options *options,
		     struct result *result);
/* Can the host that describes the subjects run them as is asked for? */
bool campaign_can_do(const struct campaign *c, struct err *err);
void campaign_run_cells(struct campaign *c);
/* Findings are steered into, in what is left of the time. */
void campaign_confirm(struct campaign *c, const struct result *scenarios);
void campaign_keep_symbol_notes(struct campaign *c);
void campaign_finish(struct campaign *c);

#endif
