/*
 * state.h - what the parts of src/program share while a program is run.
 */
#ifndef SNAG_PROGRAM_STATE_H
#define SNAG_PROGRAM_STATE_H

#include "base/status_line.h"
#include "judge/unite.h"
#include "program/program.h"
#include "program/trial.h"
#include "read/suppressions.h"

struct program {
	const struct program_options *options;
	struct result *result;
	struct unite *unite;
	struct symbols *symbols;
	struct trial_plan plan;
	struct trial *trials; /* options->jobs of them */
	const char *user_log; /* log_path of the user's options; or NULL    */
	uint64_t started_ms, limit; /* limit: runs; 0: time is              */
	uint64_t next;      /* number of the next run, from 1              */
	uint64_t with_tsan; /* runs in which ThreadSanitizer was seen      */
	uint64_t unknown;   /* runs of which that cannot be told           */
	uint64_t left_things;
	uint64_t stored;     /* runs whose output was kept as files         */
	uint64_t suppressed; /* reports that suppressions hid, all told      */
	struct suppressions suppressions;
	uint64_t *suppressed_by; /* of each line of them */
	bool has_fatal; /* ThreadSanitizer itself failed               */
	bool is_over;
	struct err trouble; /* the first failure of our own                */
	struct status_line progress;
};

static inline struct subject *program_subject(const struct program *p)
{
	return &p->result->subjects[0];
}

static inline struct run *program_only_run(const struct program *p)
{
	return &p->result->subjects[0].runs[0];
}

#endif
