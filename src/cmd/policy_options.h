/*
 * policy_options.h - what may stay and what fails: the options that all
 * commands that judge share.
 */
#ifndef SNAG_CMD_POLICY_OPTIONS_H
#define SNAG_CMD_POLICY_OPTIONS_H

#include <argp.h>
#include <stdbool.h>

#include "base/day.h"
#include "base/err.h"
#include "judge/policy.h"
#include "model/config.h"

/* Zeroed: no baseline, and all that is new fails. */
struct policy_options {
	const char *baseline_path;
	enum fail_on fail_on;
	bool has_fail_on;
	const char **fail_causes;
	size_t fail_cause_count;
	/* Made by policy_options_settle. */
	struct baseline baseline;
	char today[DAY_BYTES];
	struct arena arena;
};

enum { POLICY_BASELINE = 768, POLICY_FAIL_ON, POLICY_FAIL_CAUSE };

#define POLICY_OPTIONS                                                         \
	{"baseline",                                                           \
	 POLICY_BASELINE,                                                      \
	 "FILE",                                                               \
	 0,                                                                    \
	 "Known findings, as `snag baseline` keeps them: they do not fail",    \
	 0},                                                                   \
		{"fail-on",                                                    \
		 POLICY_FAIL_ON,                                               \
		 "WHAT",                                                       \
		 0,                                                            \
		 "new, any or never: which reports fail; a crash, a hang and " \
		 "a bad exit do in any case (default: new)",                   \
		 0},                                                           \
		{"fail-cause",                                                 \
		 POLICY_FAIL_CAUSE,                                            \
		 "LIST",                                                       \
		 0,                                                            \
		 "Only reports of these causes fail (lost-update,...; "        \
		 "`snag explain` lists them)",                                 \
		 0}

/* True when the key was one of ours; *is_good: its value would do. */
bool policy_options_take(int key, const char *value,
			 struct policy_options *options, bool *is_good,
			 struct err *err);
/* What was not given is the config's.  Reads the baseline.  The policy lives as
 * long as the options and the config. */
bool policy_options_settle(struct policy_options *options,
			   const struct config *config, struct policy *policy,
			   struct err *err);
void policy_options_release(struct policy_options *options);

#endif
