/*
 * environment.h - what a program under test is started with.
 */
#ifndef SNAG_PROGRAM_ENVIRONMENT_H
#define SNAG_PROGRAM_ENVIRONMENT_H

#include "program/trial.h"

/* The empty file of flags whose being read shows that ThreadSanitizer began. */
const char *environment_flag_file(struct arena *arena, const char *folder);
bool environment_make_flag_file(struct arena *arena, const char *folder,
				struct err *err);
/*
 * The caller's environment with what a run adds to it: TSAN_OPTIONS, with noise
 * LD_PRELOAD and its level and seed, and, where it has a TMPDIR of its own,
 * that and SNAG_RUN, its number.
 */
char **environment_of(struct arena *arena, const struct trial_plan *plan,
		      const struct trial *trial);

#endif
