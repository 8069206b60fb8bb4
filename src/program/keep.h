/*
 * keep.h - what a run printed that ended badly.
 */
#ifndef SNAG_PROGRAM_KEEP_H
#define SNAG_PROGRAM_KEEP_H

#include "program/state.h"

/* Removes what an earlier campaign left of it in the result's folder. */
void keep_begin(const char *out_dir);
/* Its last words into the outcome, and, of the first so many runs, stdout and
 * stderr into output/ below the result's folder. */
void keep_output(struct program *program, const struct trial *trial,
		 struct run_outcome *outcome);

#endif
