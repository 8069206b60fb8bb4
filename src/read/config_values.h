/*
 * config_values.h - the texts of snag.yaml as values.
 */
#ifndef SNAG_READ_CONFIG_VALUES_H
#define SNAG_READ_CONFIG_VALUES_H

#include <stdbool.h>

#include "base/err.h"
#include "model/config.h"
#include "read/config_look.h"
#include "read/config_schema.h"

/* Fills the config, whose path is set, and keeps nothing of raw.  false: the
 * sentence names file and line. */
bool config_values(const struct config_look *look, const struct raw_config *raw,
		   struct config *config, struct err *err);

#endif
