/*
 * glob.h - patterns for names and paths that people write.
 *
 * '*' stands for any bytes, '/' too; '?' for one byte; all else for itself.
 * Time is bounded by the product of both lengths, whatever they hold.
 */
#ifndef SNAG_BASE_GLOB_H
#define SNAG_BASE_GLOB_H

#include <stdbool.h>
#include <stddef.h>

bool glob_matches(const char *glob, const char *text);
/* The whole path, or all of it after any '/': "lib/x.c" matches
 * "/home/me/lib/x.c" and not "/home/me/mylib/x.c". */
bool glob_matches_path(const char *glob, const char *path);

#endif
