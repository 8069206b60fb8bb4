/*
 * campaign.h - runs scenarios of a host and fills a result.
 *
 * Hosts run in parallel, batches one after another on each; the time is shared
 * out among scenarios and numbers of threads, and what has shown what it must
 * yields the rest.  Whatever ends the campaign - time, a dead host, Ctrl-C -
 * what was counted by then is in the result, and no process is left behind.
 */
#ifndef SNAG_CAMPAIGN_CAMPAIGN_H
#define SNAG_CAMPAIGN_CAMPAIGN_H

#include <signal.h>
#include <stdint.h>
#include <stdio.h>

#include "judge/policy.h"
#include "model/result.h"

enum {
	CAMPAIGN_MAX_THREAD_COUNTS = 16,
	CAMPAIGN_MAX_JOBS = 256,
};

struct campaign_options {
	const char *host_path;
	/* A whole program that is linked for explore, and its arguments, NULL
	 * at the end: the one subject.  NULL: a host of scenarios. */
	char *const *argv;
	const char *const *filters;
	size_t filter_count;
	unsigned threads[CAMPAIGN_MAX_THREAD_COUNTS]; /* as asked for */
	size_t thread_count;
	/* Budget: exactly one is set; the others are 0. */
	uint64_t time_ms;    /* of the whole campaign                       */
	uint64_t iterations; /* of each scenario and number of threads      */
	double until_rate;   /* stop once a rate above it is excluded       */
	uint64_t stop_after; /* stop after so many findings; 0: never       */
	uint64_t seed;
	const char *noise;   /* "off", "light", "heavy"                     */
	uint64_t timeout_ms; /* of processor time, one iteration            */
	uint64_t max_rss_bytes;
	unsigned max_processes;
	unsigned jobs;
	unsigned engines; /* mask of ENGINE_STRESS and ENGINE_EXPLORE */
	bool until_fail;  /* stop at the first scenario that fails */
	/* Of explore. */
	bool is_spurious;     /* waits on conditions end for nothing */
	bool no_confirm;      /* what is found is not steered into */
	const char *strategy; /* as strategy_check() takes it */
	const char *points;   /* "all", "shared", "sync" */
	uint64_t max_steps;   /* of an iteration */
	/* What may stay; borrowed.  Zeroed: nothing unexpected may. */
	struct policy policy;
	const char *out_dir; /* exists and is writable                      */
	FILE *progress;      /* a terminal; or NULL                         */
	/* Set by a signal handler: end soon, keep what is there. */
	volatile sig_atomic_t *is_interrupted;
};

/* Runs and judges.  false: nothing could be run (err says why); the result is
 * valid then too, and holds what there is. */
bool campaign_run(const struct campaign_options *options, struct result *result,
		  struct err *err);

/*
 * The same for options->argv, which explore alone can run; finds and does not
 * judge: causes and the verdict are the caller's (judging_conclude).
 */
bool campaign_program(const struct campaign_options *options,
		      struct result *result, struct err *err);

/*
 * What another engine found in options->argv: explore is steered into it, where
 * the program is linked for that; else nothing happens.  The result's first
 * subject is the program, and has a run.
 */
void campaign_confirm_program(const struct campaign_options *options,
			      struct result *result);

/* Only describes: all scenarios of the host as subjects, selected by filters.
 * An ill-formed scenario is an error (EXIT_USAGE) with file and line. */
bool campaign_list(const char *host_path, const char *const *filters,
		   size_t filter_count, struct result *result, struct err *err);

#endif
