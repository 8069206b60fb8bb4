#include "read/config_schema.h"

#include "model/config.h"

/* A key whose value may be left out altogether: all that follows it can be
 * put in comments. */
#define MAY_BE_EMPTY (CYAML_FLAG_OPTIONAL | CYAML_FLAG_POINTER_NULL_STR)

#define TEXT(key, type, member)                                               \
	CYAML_FIELD_STRING_PTR(key, CYAML_FLAG_OPTIONAL | CYAML_FLAG_POINTER, \
			       type, member, 1, CONFIG_TEXT_MAX_BYTES)
#define NEEDED(key, type, member)                                        \
	CYAML_FIELD_STRING_PTR(key, CYAML_FLAG_POINTER, type, member, 1, \
			       CONFIG_TEXT_MAX_BYTES)
#define SHORT_LIST(key, type, items, count, max)                          \
	CYAML_FIELD_SEQUENCE_COUNT(key, MAY_BE_EMPTY, type, items, count, \
				   &word, 0, max)
#define LIST(key, type, items, count) \
	SHORT_LIST(key, type, items, count, CONFIG_MAX_ENTRIES)
#define SECTION(key, member, fields)                                          \
	CYAML_FIELD_MAPPING_PTR(key, MAY_BE_EMPTY, struct raw_config, member, \
				fields)
#define EFFORT(type)                                         \
	TEXT("time", type, effort.time),                     \
		TEXT("until-rate", type, effort.until_rate), \
		TEXT("seed", type, effort.seed),             \
		TEXT("noise", type, effort.noise),           \
		TEXT("jobs", type, effort.jobs),             \
		TEXT("timeout", type, effort.timeout)

static const cyaml_schema_value_t word = {
	CYAML_VALUE_STRING(CYAML_FLAG_POINTER, char, 1, CONFIG_TEXT_MAX_BYTES)};

/* An argument may be empty. */
static const cyaml_schema_value_t argument = {
	CYAML_VALUE_STRING(CYAML_FLAG_POINTER, char, 0, CONFIG_TEXT_MAX_BYTES)};

static const cyaml_schema_field_t run_fields[] = {
	TEXT("host", struct raw_run, host),
	LIST("filters", struct raw_run, filters.items, filters.count),
	SHORT_LIST("threads", struct raw_run, threads.items, threads.count,
		   CONFIG_MAX_THREAD_COUNTS),
	TEXT("iterations", struct raw_run, effort.count),
	EFFORT(struct raw_run),
	TEXT("max-memory", struct raw_run, max_memory),
	TEXT("engine", struct raw_run, engine),
	TEXT("strategy", struct raw_run, strategy),
	TEXT("points", struct raw_run, points),
	TEXT("max-steps", struct raw_run, max_steps),
	CYAML_FIELD_END,
};

static const cyaml_schema_field_t exec_fields[] = {
	CYAML_FIELD_SEQUENCE_COUNT("command", MAY_BE_EMPTY, struct raw_exec,
				   command.items, command.count, &argument, 0,
				   CONFIG_MAX_ENTRIES),
	TEXT("runs", struct raw_exec, effort.count),
	EFFORT(struct raw_exec),
	/* Its keys are anyone's: config_look() reads it. */
	CYAML_FIELD_IGNORE("environment", CYAML_FLAG_OPTIONAL),
	SHORT_LIST("success", struct raw_exec, success.items, success.count,
		   CONFIG_MAX_SUCCESS),
	CYAML_FIELD_END,
};

static const cyaml_schema_field_t gate_fields[] = {
	TEXT("baseline", struct raw_gate, baseline),
	LIST("fail-on", struct raw_gate, fail_on.items, fail_on.count),
	LIST("fail-causes", struct raw_gate, fail_causes.items,
	     fail_causes.count),
	LIST("allow-missing", struct raw_gate, allow_missing.items,
	     allow_missing.count),
	CYAML_FIELD_END,
};

static const cyaml_schema_field_t own_fields[] = {
	LIST("own", struct raw_own_frames, own.items, own.count),
	LIST("plumbing", struct raw_own_frames, plumbing.items, plumbing.count),
	CYAML_FIELD_END,
};

static const cyaml_schema_field_t map_fields[] = {
	NEEDED("from", struct raw_path_map, from),
	NEEDED("to", struct raw_path_map, to),
	CYAML_FIELD_END,
};

static const cyaml_schema_value_t map = {CYAML_VALUE_MAPPING(
	CYAML_FLAG_DEFAULT, struct raw_path_map, map_fields)};

static const cyaml_schema_field_t fields[] = {
	NEEDED("version", struct raw_config, version),
	SECTION("run", run, run_fields),
	SECTION("exec", exec, exec_fields),
	SECTION("gate", gate, gate_fields),
	SECTION("own-frames", own_frames, own_fields),
	LIST("source-roots", struct raw_config, source_roots.items,
	     source_roots.count),
	CYAML_FIELD_SEQUENCE_COUNT("path-map", MAY_BE_EMPTY, struct raw_config,
				   path_maps, path_map_count, &map, 0,
				   CONFIG_MAX_ENTRIES),
	LIST("suppressions", struct raw_config, suppressions.items,
	     suppressions.count),
	LIST("formats", struct raw_config, formats.items, formats.count),
	TEXT("out", struct raw_config, out),
	CYAML_FIELD_END,
};

const cyaml_schema_value_t config_schema = {
	CYAML_VALUE_MAPPING(CYAML_FLAG_POINTER, struct raw_config, fields)};
