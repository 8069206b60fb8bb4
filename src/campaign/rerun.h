/*
 * rerun.h - single iterations of one scenario, each on a schedule that is
 * given, one after another on one host.
 *
 * What an iteration shows is judged as in a campaign: outcomes, and reports
 * with the fingerprints that a result has.
 */
#ifndef SNAG_CAMPAIGN_RERUN_H
#define SNAG_CAMPAIGN_RERUN_H

#include <signal.h>

#include "model/result.h"
#include "model/schedule.h"
#include "model/trace.h"

struct rerun;

/* What came of one iteration; valid until the next. */
struct rerun_seen {
	const char *outcome; /* "" is one, too; NULL: it did not end */
	const char **fingerprints;
	size_t fingerprint_count;
	/* The schedule that was followed. */
	struct schedule_turn *turns;
	size_t turn_count;
	bool is_cut;
	uint64_t steps, preemptions, trace_hash;
	uint64_t left_at; /* the first event, from 1, that did not fit */
};

/*
 * Starts the schedule's host and looks its scenario up; scenario, threads,
 * seed, iteration, points and flags are taken from it.  NULL with a sentence
 * when that cannot be: a host or scenario that does not exist is EXIT_USAGE.
 * is_interrupted, set by a signal handler, ends whatever runs.
 */
struct rerun *rerun_open(const struct schedule *schedule,
			 volatile sig_atomic_t *is_interrupted,
			 struct err *err);
void rerun_close(struct rerun *rerun);
/* From now another iteration, from 1. */
void rerun_set_iteration(struct rerun *rerun, uint64_t iteration);

/* Runs these turns.  False: our trouble, or the scenario cannot run. */
bool rerun_turns(struct rerun *rerun, const struct schedule_turn *turns,
		 size_t count, struct rerun_seen *seen, struct err *err);
/* What came of one of many. */
struct rerun_tried {
	const struct schedule_turn *turns; /* the caller's */
	size_t turn_count;
	bool is_done, is_shown; /* what `schedule` was kept for */
	uint64_t switches, preemptions, steps, left_at, trace_hash;
	char outcome[64]; /* its beginning */
};

/*
 * Runs all of them in as few processes as can be, a thousand a second.  What
 * ThreadSanitizer reports may then rest on those before: who relies on one runs
 * it by itself.  Longer schedules than fit are not done.
 */
bool rerun_many(struct rerun *rerun, struct rerun_tried *tried, size_t count,
		const struct schedule *schedule, struct err *err);
/* The same, with everything written down; the trace is the arena's. */
bool rerun_traced(struct rerun *rerun, const struct schedule_turn *turns,
		  size_t count, struct arena *arena, struct rerun_seen *seen,
		  struct trace *trace, struct err *err);
/*
 * The same turns for another build: each as long as it takes until the thread's
 * next one begins where it did, by function and line of source.  *fitted: so
 * many turns were found, before the first that was not, which is as long as it
 * was.  The turns are the arena's.
 */
bool rerun_realign(struct rerun *rerun, const struct schedule *schedule,
		   struct arena *arena, struct schedule_turn **turns,
		   size_t *count, size_t *fitted, struct err *err);
/* Finds the turns that the strategy chooses for the iteration: runs what it
 * may have learned from. */
bool rerun_strategy(struct rerun *rerun, const char *strategy,
		    struct rerun_seen *seen, struct err *err);

/* The subject is the only one; findings are all that any iteration showed. */
const struct result *rerun_result(const struct rerun *rerun);
/* NULL: none of that fingerprint. */
const struct finding *rerun_finding(const struct rerun *rerun,
				    const char *fingerprint);
/* Does what was seen hold what the schedule was kept for?  One that was kept
 * for nothing is shown by any. */
bool rerun_shows(const struct rerun *rerun, const struct rerun_seen *seen,
		 const struct schedule *schedule);
/* The build id of a program, in hexadecimal; NULL: it has none. */
const char *rerun_build(struct arena *arena, const char *host);

#endif
