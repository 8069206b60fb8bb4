/*
 * program.h - runs any program that is built with ThreadSanitizer, and fills a
 * result.
 *
 * Runs are counted as iterations of one run of the result, each with how it
 * ended: "" for a good exit, "exit 3", or an outcome of the harness (@crash,
 * @abort, @hang, @deadlock).  What was gathered is in the result however it
 * ends, and no process is left behind.  Judging comes after (policy.h), except
 * that a subject of which nothing can be said is an ERROR already.
 */
#ifndef SNAG_PROGRAM_PROGRAM_H
#define SNAG_PROGRAM_PROGRAM_H

#include <signal.h>
#include <stdint.h>
#include <stdio.h>

#include "model/result.h"
#include "program/probe.h"

enum { PROGRAM_MAX_JOBS = 256, PROGRAM_MAX_SUCCESS = 16 };

struct program_options {
	char *const *argv; /* the program and its arguments                 */
	const struct probe *probe; /* of argv[0], which can be run          */
	const char *const *environment; /* "NAME=value", besides the caller's */
	size_t environment_count;
	/* Budget: exactly one is set; the others are 0. */
	uint64_t runs;
	uint64_t time_ms;
	double until_rate;   /* runs enough to exclude it at 95 %             */
	bool until_fail;     /* stop at the first finding or bad end          */
	uint64_t stop_after; /* stop after so many findings; 0: never       */
	unsigned jobs;
	uint64_t timeout_ms; /* of one run, by the clock; 0: none           */
	const char *noise;   /* "light", "heavy"; NULL: off                 */
	const char *preload; /* the noise's library; NULL: none             */
	/* Its ThreadSanitizer has delays of its own: noise uses them too. */
	bool has_adaptive_delay;
	uint64_t seed; /* of the first run's noise; the next has one more */
	int success[PROGRAM_MAX_SUCCESS]; /* exit statuses besides 0        */
	size_t success_count;
	const char *const *suppressions; /* files, besides those of the flags */
	size_t suppression_count;
	const char *out_dir; /* exists and is writable; not for collecting  */
	/* A folder that collects results of many tests, which the runner of
	 * those tests judges: see program_collect.  NULL: no. */
	const char *collect_dir;
	FILE *progress; /* a terminal; or NULL                         */
	volatile sig_atomic_t *is_interrupted;
};

/* false: nothing could be run; err says why. */
bool program_run(const struct program_options *options, struct result *result,
		 struct err *err);

/*
 * Runs one test of a suite as if Snag were not there: its standard streams,
 * signals and exit status are its own, and so is every one of its TSAN_OPTIONS
 * but log_path, whose files (or stderr) get the reports afterwards.  Leaves
 * NAME.json in the folder, a result that is not judged, under a name that no
 * other has.  Until it has ended, and where it leaves processes behind that may
 * report later, its reports are in NAME.logs beside it, and not in the result.
 *
 * *status: of waitpid.  false: it did not run; err says why.  Where it ran and
 * its result cannot be written, *status is set and err too.
 */
bool program_collect(const struct program_options *options,
		     struct result *result, int *status, struct err *err);

#endif
