/*
 * source_options.h - where the sources are that reports speak of: the options
 * that commands share, over what snag.yaml says.
 */
#ifndef SNAG_CMD_SOURCE_OPTIONS_H
#define SNAG_CMD_SOURCE_OPTIONS_H

#include <argp.h>
#include <stdbool.h>

#include "base/arena.h"
#include "base/err.h"
#include "model/config.h"
#include "model/source_tree.h"

enum { SOURCE_ROOT = 660, SOURCE_MAP };

struct source_options {
	struct config_list roots;
	struct config_path_map *maps;
	size_t map_count;
	struct arena arena;
};

#define SOURCE_OPTIONS                                                        \
	{"source-root",                                                       \
	 SOURCE_ROOT,                                                         \
	 "DIR",                                                               \
	 0,                                                                   \
	 "Look for source files below DIR (repeatable; default: the current " \
	 "folder)",                                                           \
	 0},                                                                  \
		{"path-map",                                                  \
		 SOURCE_MAP,                                                  \
		 "FROM=TO",                                                   \
		 0,                                                           \
		 "Files that reports say are below FROM are below "           \
		 "TO (repeatable; the longest FROM first)",                   \
		 0}

/* True when the key was one of ours; *is_good: its value would do. */
bool source_options_take(int key, const char *value,
			 struct source_options *options, bool *is_good,
			 struct err *err);
/* Roots and maps of the command line before those of the file, which may be
 * zeroed; otherwise the root that the result's paths are relative to, NULL for
 * none.  source_tree_free(). */
struct source_tree *source_options_tree(const struct source_options *options,
					const struct config *config,
					const char *otherwise);
void source_options_release(struct source_options *options);

#endif
