/*
 * muster.h - before a campaign: who is there, and who takes part.
 */
#ifndef SNAG_CAMPAIGN_MUSTER_H
#define SNAG_CAMPAIGN_MUSTER_H

#include "campaign/state.h"

/* Starts the host and has it describe all its scenarios (of the catalogue's
 * arena); the worker is idle then. */
bool muster_host(struct worker *worker, const char *path,
		 struct result *catalogue, struct scenario_facts **facts,
		 struct err *err);
/* Selected subjects into the result, which borrows them from the catalogue;
 * kept says which, and is the caller's (free) in any case.  false when a
 * filter matches none. */
bool muster_select(const struct result *catalogue, const char *const *filters,
		   size_t filter_count, struct result *result, bool **kept,
		   struct err *err);
/* A target for each subject of the campaign's result. */
/* The one subject of a whole program. */
void muster_program(struct campaign *campaign,
		    const struct scenario_facts *facts);
void muster_targets(struct campaign *campaign, const struct result *catalogue,
		    const struct scenario_facts *facts, const bool *kept);

#endif
