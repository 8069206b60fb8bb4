/*
 * out_dir.h - the folder that a campaign leaves its results in.
 */
#ifndef SNAG_CMD_OUT_DIR_H
#define SNAG_CMD_OUT_DIR_H

#include <stdbool.h>

#include "base/err.h"

/*
 * Makes the folder (and those above it) and its reports/, and proves that one
 * can write there, before any time is spent.  Texts of an earlier campaign's
 * reports are removed; its result.json stays until it is replaced.
 */
bool out_dir_prepare(const char *path, struct err *err);

#endif
