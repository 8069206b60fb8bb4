/*
 * spawn.h - starting a host: its descriptors, environment and address space.
 */
#ifndef SNAG_CAMPAIGN_SPAWN_H
#define SNAG_CAMPAIGN_SPAWN_H

#include <stdbool.h>
#include <sys/types.h>

#include "base/err.h"

struct spawn_fds {
	int wire, shared, reports, explore, lasting;
	int output; /* all are the host's ends */
};

/*
 * Starts the host in a process group of its own (Ctrl-C is the tool's), with
 * address randomisation off where that is allowed, no core files, and our
 * TSAN_OPTIONS after the user's, so that ours win.  pid < 0 on failure.
 */
pid_t spawn_host(const char *path, char *const *argv,
		 const struct spawn_fds *fds, bool detect_deadlocks,
		 struct err *err);
/* In a child that becomes a debugger, whose program will be the host: the
 * host's descriptors, by number, and its environment.  Standard input and
 * output stay; fds->output is not used. */
bool spawn_for_debugger(const struct spawn_fds *fds);
/* The options that a host is started with. */
const char *spawn_tsan_options(bool detect_deadlocks);

#endif
