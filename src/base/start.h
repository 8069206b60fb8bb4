/*
 * start.h - starting another program, and knowing whether it started.
 */
#ifndef SNAG_BASE_START_H
#define SNAG_BASE_START_H

#include <stdbool.h>
#include <sys/types.h>

#include "base/err.h"

struct start {
	const char *path;
	char *const *argv;
	char *const *environment; /* NULL: the caller's, as the child left it */
	/* Runs in the child before the program is loaded: descriptors, limits.
	 * Only what is safe after fork; false with errno: it cannot be started.
	 */
	bool (*prepare)(void *context);
	void *context;
	int first_free_fd; /* no descriptor below it is used up here */
	bool keeps_mask;   /* the caller's blocked signals stay blocked */
};

/*
 * The child, whose program is loaded when this returns, with no signal
 * blocked, unless it keeps the mask, and address randomisation off where that
 * is allowed.  -1: err says why it did not start; it is reaped then.
 */
pid_t start_program(const struct start *start, struct err *err);

#endif
