/*
 * host_file.h - is this program a scenario host?  Told without running it.
 */
#ifndef SNAG_CAMPAIGN_HOST_FILE_H
#define SNAG_CAMPAIGN_HOST_FILE_H

#include <stdbool.h>

#include "base/err.h"

/* False with a sentence (EXIT_USAGE) that says why not and what to do. */
bool host_file_check(const char *path, bool is_program, struct err *err);

#endif
