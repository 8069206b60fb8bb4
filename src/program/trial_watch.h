/*
 * trial_watch.h - does a run still get on, and how it is ended.
 */
#ifndef SNAG_PROGRAM_TRIAL_WATCH_H
#define SNAG_PROGRAM_TRIAL_WATCH_H

#include "program/trial.h"

/*
 * TRIAL_TIMED_OUT after timeout_ms by the clock (0: never).  TRIAL_DEADLOCKED:
 * for a while nothing ran in any of its processes, and each has only threads
 * that wait in a futex without a time limit, or waits for a child that does;
 * nobody is left to wake them.  In both cases trial->stacks has the threads of
 * what hangs.
 */
enum trial_end trial_watch(struct trial *trial, uint64_t timeout_ms,
			   struct symbols *symbols);
/* Its process group and descendants are sent SIGKILL. */
void trial_kill(const struct trial *trial);
/* After it was reaped: ends what is left of its group.  Was there anything? */
bool trial_end_rest(const struct trial *trial);

#endif
