/*
 * judging.h - what exec, triage and gate have in common once there is
 * something to judge: snag.yaml, the sources, the baseline and the policy.
 */
#ifndef SNAG_CMD_JUDGING_H
#define SNAG_CMD_JUDGING_H

#include "cmd/config_options.h"
#include "cmd/policy_options.h"
#include "cmd/source_options.h"

/* Zeroed, it is ready. */
struct judging {
	struct config_options settings;
	struct config config; /* of the file */
	struct policy_options policy_options;
	struct policy policy;
	struct source_options sources;
};

/* Two groups of a command's --help. */
#define JUDGING_OPTIONS                                                        \
	{0, 0, 0, 0, "What fails:", 20}, POLICY_OPTIONS,                       \
		{0, 0, 0, 0, "What is whose, and where:", 30}, CONFIG_OPTIONS, \
		SOURCE_OPTIONS

/* True when the key was one of these; *is_good: its value would do. */
bool judging_take(int key, const char *value, struct judging *judging,
		  bool *is_good, struct err *err);
/* After the options: reads snag.yaml and the baseline, and gives `show` the
 * formats that no option named. */
bool judging_settle(struct judging *judging, struct show_options *show,
		    struct err *err);
/*
 * What the findings mean, and whether they fail; then the result is complete.
 * With a folder their texts are written there.  false: not all of these; the
 * result is judged all the same.
 */
bool judging_conclude(struct judging *judging, struct result *result,
		      const char *folder, struct err *err);
void judging_release(struct judging *judging);

#endif
