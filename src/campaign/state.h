/*
 * state.h - what the parts of a campaign share.  For src/campaign only.
 */
#ifndef SNAG_CAMPAIGN_STATE_H
#define SNAG_CAMPAIGN_STATE_H

#include "base/status_line.h"
#include "campaign/campaign.h"
#include "campaign/describe.h"
#include "campaign/exploration.h"
#include "campaign/exploring.h"
#include "campaign/keeping.h"
#include "campaign/watch.h"
#include "campaign/worker.h"
#include "judge/unite.h"
#include "model/source_tree.h"
#include "read/symbols.h"

enum { MAX_HANGS = 3 }; /* of a scenario, before it is given up */

/* A scenario in the campaign; its subject has the same index. */
struct target {
	struct scenario_facts facts;
	bool is_over;  /* skipped, or failed in a way that ends it          */
	bool is_unmet; /* something required was not seen yet               */
	bool no_deadlock_detection; /* it holds more locks than TSan can     */
	bool is_quoted; /* what it printed before a crash is in a note */
	unsigned hangs; /* each costs its whole time limit                   */
	size_t first_cell, cell_count;
	/* Batches whose first iteration ended, and what its roles did. */
	uint64_t looks, role_points[SNAG_SHARED_ROLES];
};

/* One scenario with one engine and number of threads; its run has the same
 * place. */
struct cell {
	size_t target, run;
	unsigned threads_asked;
	uint64_t next;      /* number of the next iteration to hand out      */
	uint64_t in_flight; /* iterations handed out and not yet back        */
	uint64_t used_ms;   /* of workers                                    */
	uint64_t batches;   /* handed out */
	unsigned batches_in_flight;
	unsigned fruitless; /* batches in a row without any iteration        */
	bool is_known;      /* its rates are known well enough               */
	uint64_t *last_hit; /* of each of the run's findings: iteration + 1  */
	struct exploring *explore;       /* NULL: its engine is stress */
	struct exploration *exploration; /* as explore; NULL for single runs */
};

struct campaign {
	const struct campaign_options *options;
	struct result *result;
	struct unite *unite;  /* of the result's findings */
	struct arena scratch; /* of the batch being collected */
	struct target *targets;
	struct cell *cells;
	size_t cell_count;
	struct worker *workers;
	unsigned worker_count;
	struct symbols *symbols;
	struct source_tree *sources;
	struct watch_limits limits;
	struct keeping keeping;     /* schedules of first sights */
	uint32_t processors_a_host; /* that each may count as its own */
	uint64_t started_ms, deadline_ms;
	struct status_line progress;
	bool is_enough;         /* --until-fail or --stop-after came true */
	pid_t *spared;          /* children that were there before us ... */
	size_t spared_count;    /* ... and are not ours to end */
	unsigned host_failures; /* in a row: hosts that would not start */
	struct err trouble;     /* the first of our own failures        */
};

static inline struct subject *cell_subject(const struct campaign *campaign,
					   const struct cell *cell)
{
	return &campaign->result->subjects[cell->target];
}

static inline struct run *cell_run(const struct campaign *campaign,
				   const struct cell *cell)
{
	return &cell_subject(campaign, cell)->runs[cell->run];
}

#endif
