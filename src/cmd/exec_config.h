/*
 * exec_config.h - what snag exec takes from snag.yaml, and how noise gets in.
 */
#ifndef SNAG_CMD_EXEC_CONFIG_H
#define SNAG_CMD_EXEC_CONFIG_H

#include <stdbool.h>

#include "base/arena.h"
#include "model/config.h"
#include "program/program.h"

/*
 * Fills what the command line left at zero: from the config, and then with the
 * defaults.  The texts are the config's.  argv stays NULL when nobody named a
 * program; seed counts as given when has_seed, success when its count is set.
 */
void exec_config_fill(const struct config *config, struct arena *arena,
		      struct program_options *options, bool has_seed);
/* Is noise asked for?  "off" is none. */
bool exec_config_wants_noise(struct program_options *options);
/* What is to be preloaded for it into the program, which was probed, or why
 * that cannot be. */
bool exec_config_noise(struct program_options *options, struct arena *arena,
		       struct err *err);

#endif
