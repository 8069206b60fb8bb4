/*
 * explore_options.h - which engine runs, and how explore does.
 */
#ifndef SNAG_CMD_EXPLORE_OPTIONS_H
#define SNAG_CMD_EXPLORE_OPTIONS_H

#include <argp.h>
#include <stdbool.h>

#include "base/err.h"
#include "campaign/campaign.h"

enum {
	EXPLORE_ENGINE = 1024,
	EXPLORE_STRATEGY,
	EXPLORE_POINTS,
	EXPLORE_SPURIOUS,
	EXPLORE_MAX_STEPS,
	EXPLORE_NO_CONFIRM,
};

#define EXPLORE_OPTIONS                                                        \
	{"engine",                                                             \
	 EXPLORE_ENGINE,                                                       \
	 "NAME",                                                               \
	 0,                                                                    \
	 "stress, explore or both: real threads on the kernel's schedule, or " \
	 "virtual ones on schedules that Snag chooses (default: stress)",      \
	 0},                                                                   \
		{"strategy",                                                   \
		 EXPLORE_STRATEGY,                                             \
		 "NAME[:ARG]",                                                 \
		 0,                                                            \
		 "random, pct, pos, surw, rff, dfs or portfolio: "             \
		 "who "                                                        \
		 "runs next, under explore (default: portfolio)",              \
		 0},                                                           \
		{"points",                                                     \
		 EXPLORE_POINTS,                                               \
		 "WHICH",                                                      \
		 0,                                                            \
		 "all, shared or sync: where explore may switch threads, at "  \
		 "every access, at those of memory that threads share, or at " \
		 "calls and atomics alone (default: all)",                     \
		 0},                                                           \
		{"spurious",                                                   \
		 EXPLORE_SPURIOUS,                                             \
		 0,                                                            \
		 0,                                                            \
		 "Under explore, waits on conditions end for nothing too",     \
		 0},                                                           \
		{"max-steps",                                                  \
		 EXPLORE_MAX_STEPS,                                            \
		 "N",                                                          \
		 0,                                                            \
		 "Steps of one iteration under explore, before it is a "       \
		 "livelock (default: 1,000,000)",                              \
		 0},                                                           \
		{"no-confirm",                                                 \
		 EXPLORE_NO_CONFIRM,                                           \
		 0,                                                            \
		 0,                                                            \
		 "Races and lock orders that were found are not steered "      \
		 "into, to see what they do; else that takes a second "        \
		 "for each at most, and a tenth of --time",                    \
		 0}

/* True when the key was one of ours; *is_good: its value would do. */
bool explore_options_take(int key, const char *value,
			  struct campaign_options *options, bool *is_good,
			  struct err *err);
/* The mask of "stress", "explore" or "both". */
unsigned explore_options_engines(const char *name);

#endif
