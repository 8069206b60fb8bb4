/* rerun_part.h - what rerun.c, rerun_open.c and retrace.c share. */
#ifndef SNAG_CAMPAIGN_RERUN_PART_H
#define SNAG_CAMPAIGN_RERUN_PART_H

#include "campaign/rerun.h"
#include "campaign/state.h"

/* A campaign of one cell, of which each batch is looked at by itself. */
struct rerun {
	struct campaign campaign;
	struct campaign_options options;
	struct result result;
	struct snag_batch_order order; /* of one iteration */
	struct arena arena;            /* of what was seen last */
};

static inline struct worker *rerun_worker(struct rerun *rerun)
{
	return &rerun->campaign.workers[0];
}

/* Runs the order to its end; what is left of it is collected. */
bool rerun_order(struct rerun *rerun, const struct snag_batch_order *order,
		 struct err *err);
/* Is the host there and fit? */
bool rerun_prepare_host(struct rerun *rerun, struct err *err);
/* Turns to replay, from that place on in the memory; where they end. */
uint32_t rerun_load(struct rerun *rerun, const struct schedule_turn *turns,
		    size_t count, uint32_t at);
/* Names for the events that the batch wrote down. */
void retrace(struct rerun *rerun, struct arena *arena, struct trace *trace);

#endif
