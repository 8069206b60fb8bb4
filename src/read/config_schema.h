/*
 * config_schema.h - the keys of snag.yaml, and what each holds.
 *
 * One table for libcyaml, which fills the structs below, and for config_look.h,
 * which finds what is wrong with a file.  Every value is text here; what it
 * means is seen to in config_values.c.
 */
#ifndef SNAG_READ_CONFIG_SCHEMA_H
#define SNAG_READ_CONFIG_SCHEMA_H

#include <cyaml/cyaml.h>

enum { CONFIG_TEXT_MAX_BYTES = 4096 };

struct raw_list {
	char **items;
	unsigned count;
};

struct raw_effort {
	char *time, *count, *until_rate, *seed, *noise, *jobs, *timeout;
};

struct raw_run {
	struct raw_effort effort;
	char *host, *max_memory;
	char *engine, *strategy, *points, *max_steps;
	struct raw_list filters, threads;
};

struct raw_exec {
	struct raw_effort effort;
	struct raw_list command, success;
};

struct raw_gate {
	char *baseline;
	struct raw_list fail_on, fail_causes, allow_missing;
};

struct raw_own_frames {
	struct raw_list own, plumbing;
};

struct raw_path_map {
	char *from, *to;
};

struct raw_config {
	char *version, *out;
	struct raw_run *run;
	struct raw_exec *exec;
	struct raw_gate *gate;
	struct raw_own_frames *own_frames;
	struct raw_list source_roots, suppressions, formats;
	struct raw_path_map *path_maps;
	unsigned path_map_count;
};

/* Of the whole file; a struct raw_config. */
extern const cyaml_schema_value_t config_schema;

#endif
