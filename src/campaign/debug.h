/*
 * debug.h - one iteration of a scenario under gdb, in the host itself.
 */
#ifndef SNAG_CAMPAIGN_DEBUG_H
#define SNAG_CAMPAIGN_DEBUG_H

#include "campaign/rerun.h"

/*
 * Starts gdb on the terminal that the caller has, with the commands
 * `snag threads`, `snag bt N` and `snag step [N]`, stopped before that step of
 * the schedule (from 1; 0: not at all); returns when gdb ends.  batch: commands
 * to run in place of what a person types; NULL: none.  The rerun's host is
 * ended.
 */
bool debug_run(struct rerun *rerun, const struct schedule_turn *turns,
	       size_t count, uint64_t stop_at, const char *batch,
	       struct err *err);

#endif
