/*
 * config.h - what a team sets once, in snag.yaml (docs/config.md).
 *
 * Plain data; a zeroed struct says nothing, like a file that is not there.
 * Zero, NULL and an empty list mean "not set", so that a command takes its own
 * default; what can be zero has a `has_` beside it.  Values are checked, except
 * where a field says otherwise.  Paths stand as the current folder sees them:
 * what the file gives relative to itself is joined to its folder.  Everything
 * lives in the arena until config_release().
 */
#ifndef SNAG_MODEL_CONFIG_H
#define SNAG_MODEL_CONFIG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"

enum {
	CONFIG_VERSION = 1,
	CONFIG_MAX_THREAD_COUNTS = 16,
	CONFIG_MAX_SUCCESS = 16,
	CONFIG_MAX_JOBS = 256,
	CONFIG_MAX_ENTRIES = 1000, /* of each list */
};

struct config_list {
	const char **items;
	size_t count;
	unsigned line; /* of the key; 0: not set */
};

/* What run and exec have in common. */
struct config_effort {
	/* Budget: at most one is set. */
	uint64_t time_ms;
	uint64_t count; /* iterations of run, runs of exec */
	double until_rate;
	bool has_seed;
	uint64_t seed;
	const char *noise; /* "off", "light", "heavy" */
	uint64_t jobs, timeout_ms;
};

struct config_run {
	struct config_effort effort;
	const char *host;
	struct config_list filters; /* as on the command line; not checked */
	unsigned threads[CONFIG_MAX_THREAD_COUNTS];
	size_t thread_count;
	uint64_t max_memory_bytes;
	const char *engine;   /* "stress", "explore", "both" */
	const char *strategy; /* not checked */
	unsigned strategy_line;
	const char *points; /* "all", "shared", "sync" */
	uint64_t max_steps;
};

struct config_exec {
	struct config_effort effort;
	struct config_list command;      /* a program with its arguments */
	struct config_list environment;  /* "NAME=value" */
	int success[CONFIG_MAX_SUCCESS]; /* exit codes besides 0 */
	size_t success_count;
};

struct config_gate {
	const char *baseline;
	struct config_list fail_on;     /* words of snag gate; not checked */
	struct config_list fail_causes; /* of cause_table */
	struct config_list allow_missing;
};

struct config_path_map {
	const char *from; /* a folder, as reports name it */
	const char *to;
};

struct config {
	struct arena arena;
	const char *path; /* of the file; NULL: there is none */
	struct config_run run;
	struct config_exec exec;
	struct config_gate gate;
	struct config_list own, plumbing; /* globs: judge/own_frame.h */
	struct config_list source_roots, suppressions;
	struct config_path_map *path_maps;
	size_t path_map_count;
	struct config_list formats; /* of reports; not checked */
	const char *out;
};

void config_release(struct config *config);
/* Says of a sentence about a value where that stands: "snag.yaml:7: ...".
 * Always false. */
bool config_blame(const struct config *config, unsigned line, struct err *err);

#endif
