/*
 * tidy.h - folders of our own, made and removed.
 */
#ifndef SNAG_PROGRAM_TIDY_H
#define SNAG_PROGRAM_TIDY_H

#include "base/arena.h"
#include "base/err.h"

/* A new folder that only we may enter, in TMPDIR or /tmp, whose path can stand
 * in TSAN_OPTIONS; NULL with err. */
const char *tidy_private_folder(struct arena *arena, struct err *err);
/* Removes it with all that is in it, on its file system; links are not
 * followed. */
void tidy_folder(const char *path);

#endif
