/*
 * wrong.h - is what an iteration came to what nobody wants?
 *
 * A pure function of what scenarios expect.  A broken scenario allows what it
 * does wrong, so its line alone does not tell; its repairs do.
 */
#ifndef SNAG_JUDGE_WRONG_H
#define SNAG_JUDGE_WRONG_H

#include "model/result.h"

/*
 * Of an outcome of check(), under explore: is it forbidden here; or has its
 * line the cause of a bug; or does a repair forbid it, among all scenarios of
 * the host?  A repair forbids by a line of its own; one without such lines,
 * that has an outcome in common with the subject, forbids all that it does not
 * name.  Of a program, all but an end with success is wrong.
 */
bool wrong_outcome(const struct result *scenarios,
		   const struct subject *subject, const char *name);

#endif
