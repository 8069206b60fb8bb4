/*
 * paths.h - names of files and functions as a reader knows them.
 *
 * Debug information holds absolute paths of the build machine.  Those below
 * the root of the project (the folder with .git above the file, else the
 * current folder) become relative to it, once, before anything is stored.
 * Those of the catalogue are relative from the start, to wherever its sources
 * were installed.
 */
#ifndef SNAG_JUDGE_PATHS_H
#define SNAG_JUDGE_PATHS_H

#include "base/arena.h"
#include "model/result.h"

/* The root that the file's paths are relative to, with a '/' at its end. */
const char *paths_root(struct arena *arena, const char *file);
/* That of the current folder. */
const char *paths_root_here(struct arena *arena);
/* The file relative to the root, or as it is. */
const char *paths_relative(const char *root, const char *file);
/* Where the sources of a host came with it: share/snag beside it, or in the
 * folder that it was installed in as libexec/snag/HOST; else NULL. */
const char *paths_sources(struct arena *arena, const char *host);
/* All frames of a report, by that root or the result's; interceptors lose
 * their prefix. */
void paths_shorten_below(const char *root, struct report *report);
void paths_shorten(const struct result *result, struct report *report);
/* All subjects' files; sets the result's root from the first one. */
void paths_shorten_subjects(struct result *result);

#endif
