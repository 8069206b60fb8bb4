/*
 * harvest.h - what a run that has ended leaves in the result.
 */
#ifndef SNAG_PROGRAM_HARVEST_H
#define SNAG_PROGRAM_HARVEST_H

#include "program/state.h"

/* Reads its reports, names its end, counts both, and keeps what it printed if
 * it ended badly. */
void harvest(struct program *program, struct trial *trial);

#endif
