/*
 * out_dir.h - the folder that a campaign leaves its results in.
 */
#ifndef SNAG_CMD_OUT_DIR_H
#define SNAG_CMD_OUT_DIR_H

#include <stdbool.h>

#include "base/err.h"
#include "model/result.h"

/*
 * Makes the folder (and those above it) and its reports/, and proves that one
 * can write there, before any time is spent.  What an earlier campaign left
 * stays until the new result is written.
 */
bool out_dir_prepare(const char *path, struct err *err);
/* Removes the texts of reports that are not of this result. */
void out_dir_tidy(const char *path, const struct result *result);

#endif
