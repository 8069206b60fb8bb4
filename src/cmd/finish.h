/*
 * finish.h - the end of every campaign: stored, then shown.
 */
#ifndef SNAG_CMD_FINISH_H
#define SNAG_CMD_FINISH_H

#include "cmd/show.h"

/* result.json and the other formats into the folder, NULL for none, and the
 * first one to stdout; gives the exit code.  Stored first: what was gathered is
 * not lost to a broken pipe. */
int finish(const struct result *result, const struct show_options *show,
	   const char *out_dir);

#endif
