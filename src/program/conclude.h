/*
 * conclude.h - after the last run: numbers, and what must be said.
 */
#ifndef SNAG_PROGRAM_CONCLUDE_H
#define SNAG_PROGRAM_CONCLUDE_H

#include "program/state.h"

void conclude(struct program *program);

#endif
