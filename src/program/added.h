/*
 * added.h - the variables that ctest gives to one test and not to another.
 *
 * Two tests of a suite may differ in their ENVIRONMENT alone.  What a test
 * inherited from ctest's own environment is nobody's business and left out.
 */
#ifndef SNAG_PROGRAM_ADDED_H
#define SNAG_PROGRAM_ADDED_H

#include <stddef.h>

#include "base/arena.h"

enum { ADDED_MAX_VARIABLES = 64, ADDED_MAX_BYTES = 2048 };

/* Appends "NAME=value", made clean and sorted, to a list that grows by
 * arena_push: what our environment has and that of our parent had not when it
 * began.  Nothing where the parent is not ctest, or runs a script, which may
 * have set what must not be stored. */
void added_variables(struct arena *arena, const char ***list, size_t *count);

#endif
