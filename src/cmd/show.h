/*
 * show.h - how a result is shown: the options that run and report share.
 */
#ifndef SNAG_CMD_SHOW_H
#define SNAG_CMD_SHOW_H

#include <argp.h>
#include <stdbool.h>

#include "base/arena.h"
#include "base/err.h"
#include "model/result.h"

struct show_options {
	const char *formats; /* "text,json" */
	const char *color;   /* "auto", "always", "never" */
	bool is_quiet, is_verbose;
};

#define SHOW_DEFAULTS {.formats = "text", .color = "auto"}

enum { SHOW_FORMAT = 512, SHOW_COLOR };

#define SHOW_OPTIONS                                                     \
	{"format",                                                       \
	 SHOW_FORMAT,                                                    \
	 "LIST",                                                         \
	 0,                                                              \
	 "text, json, junit, sarif, markdown, codequality, github: the " \
	 "first is printed, the others become files (default: text)",    \
	 0},                                                             \
		{"verbose",                                              \
		 'v',                                                    \
		 0,                                                      \
		 0,                                                      \
		 "Every finding in full, also those that were expected", \
		 0},                                                     \
		{"quiet", 'q', 0, 0, "Print nothing but errors", 0},     \
		{"color",                                                \
		 SHOW_COLOR,                                             \
		 "WHEN",                                                 \
		 0,                                                      \
		 "auto, always or never (default: auto, which honours "  \
		 "NO_COLOR)",                                            \
		 0}

/* True when the key was one of ours; *is_good: its value would do. */
bool show_take(int key, const char *value, struct show_options *options,
	       bool *is_good, struct err *err);
/* The first format, to stdout (nothing when quiet). */
bool show_print(const struct result *result, const struct show_options *options,
		const char *out_dir, struct err *err);
/* The first format, into that file, which is replaced whole or not at all. */
bool show_write(const struct result *result, const struct show_options *options,
		const char *out_dir, const char *path, struct err *err);
/* The other formats, as files in the folder. */
bool show_store(const struct result *result, const struct show_options *options,
		const char *out_dir, struct err *err);

/* The result.json that the path means: itself, or the one in that folder. */
const char *result_file(struct arena *arena, const char *path);
/* The command as a shell would take it. */
const char *command_line(struct arena *arena, int argc, char **argv);

#endif
