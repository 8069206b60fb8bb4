/*
 * replace.h - a file is replaced whole or not at all.
 *
 * Text goes into a new file in the same folder, under a name of its own, which
 * takes the old one's place only when every byte is on the disk.  On failure,
 * a full disk too, the old file is untouched and the new one is gone.  Errors
 * are EXIT_TROUBLE.
 */
#ifndef SNAG_BASE_REPLACE_H
#define SNAG_BASE_REPLACE_H

#include <stdbool.h>
#include <stdio.h>

#include "base/err.h"

struct replacement {
	FILE *file; /* to be written to; owned by the replacement */
	char *path, *temp;
};

bool replace_begin(struct replacement *r, const char *path, struct err *err);
/* Ends it either way. */
bool replace_commit(struct replacement *r, struct err *err);
void replace_abort(struct replacement *r);

#endif
