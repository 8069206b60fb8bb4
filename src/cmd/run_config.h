/*
 * run_config.h - what snag run takes from snag.yaml.
 */
#ifndef SNAG_CMD_RUN_CONFIG_H
#define SNAG_CMD_RUN_CONFIG_H

#include <stdbool.h>

#include "campaign/campaign.h"
#include "model/config.h"

/*
 * Fills what the command line left at zero: from the config, and then with the
 * defaults.  The texts are the config's.  host_path stays NULL when nobody
 * named a host; seed counts as given when has_seed.  False where the file names
 * a strategy that is none.
 */
bool run_config_fill(const struct config *config,
		     struct campaign_options *options, bool has_seed,
		     struct err *err);

#endif
