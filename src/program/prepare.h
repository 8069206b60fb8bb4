/*
 * prepare.h - before the first run: is there something to run, and how?
 */
#ifndef SNAG_PROGRAM_PREPARE_H
#define SNAG_PROGRAM_PREPARE_H

#include "program/state.h"

/* Looks at the program and at TSAN_OPTIONS, and makes the private folder. */
bool prepare_plan(struct program *program, struct err *err);
/* The subject, its run, and what must be said before anything ran. */
void prepare_subject(struct program *program);

#endif
