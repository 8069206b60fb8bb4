/*
 * exec_explore.h - snag exec --engine explore: a program that is linked for
 * it, on schedules that Snag chooses.
 */
#ifndef SNAG_CMD_EXEC_EXPLORE_H
#define SNAG_CMD_EXEC_EXPLORE_H

#include "campaign/campaign.h"
#include "model/config.h"
#include "program/program.h"

/* What explore has other defaults for than stress, where neither the command
 * line nor the file says anything; before exec_config_fill. */
void exec_explore_defaults(const struct config *config,
			   struct program_options *options);
/* Runs what the options of exec ask for, where they have a meaning; explore
 * holds those of EXPLORE_OPTIONS.  false: nothing could be run. */
bool exec_explore(const struct program_options *options,
		  struct campaign_options *explore, struct result *result,
		  struct err *err);
/* After a run under stress: what was found is steered into, unless --no-confirm
 * is given or the program is not linked for explore. */
void exec_confirm(const struct program_options *options,
		  struct campaign_options *explore, struct result *result);

#endif
