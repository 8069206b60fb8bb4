/*
 * plan.h - what to run next, and how much of it.
 *
 * Each cell (scenario, number of threads) has an equal share of the time.  The
 * cell that has used least of its share comes next; one whose scenario still
 * lacks something required comes four times as often; one that has shown what
 * it must, at a rate that is known well enough, yields.
 */
#ifndef SNAG_CAMPAIGN_PLAN_H
#define SNAG_CAMPAIGN_PLAN_H

#include "campaign/state.h"

enum { PLAN_ANY_WORKER = -1 };

/* Lays out the cells of all selected targets. */
void plan_cells(struct campaign *campaign);
/* The order for a cell that should run now on that worker; false: there is
 * none. */
bool plan_next(struct campaign *campaign, int worker, size_t *cell,
	       struct snag_batch_order *order);
/* It was handed out to that worker. */
void plan_take(struct campaign *campaign, int worker, size_t cell,
	       const struct snag_batch_order *order);
/* After a batch of that cell: does it still have to run? */
void plan_update(struct campaign *campaign, struct cell *cell, bool has_news);

#endif
