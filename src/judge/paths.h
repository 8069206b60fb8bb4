/*
 * paths.h - names of files and functions as a reader knows them.
 *
 * Debug information holds absolute paths of the build machine.  Those below
 * the root of the project (the folder with .git above the file, else the
 * current folder) become relative to it, once, before anything is stored.
 */
#ifndef SNAG_JUDGE_PATHS_H
#define SNAG_JUDGE_PATHS_H

#include "base/arena.h"
#include "model/result.h"

/* The root that the file's paths are relative to, with a '/' at its end. */
const char *paths_root(struct arena *arena, const char *file);
/* The file relative to the root, or as it is. */
const char *paths_relative(const char *root, const char *file);
/* All frames of a report, by the result's root; interceptors lose their
 * prefix. */
void paths_shorten(const struct result *result, struct report *report);
/* All subjects' files; sets the result's root from the first one. */
void paths_shorten_subjects(struct result *result);

#endif
