#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <jansson.h>
#include <string.h>

#include "model/config.h"
#include "read/config_schema.h"
#include "read/config_yaml.h"

static struct config parsed;
static struct err problem;

static int forget(void **state)
{
	(void)state;
	config_release(&parsed);
	problem = (struct err){0};
	return 0;
}

static bool parse_at(const char *path, const char *text)
{
	forget(NULL);
	return config_parse(path, text, strlen(text), &parsed, &problem);
}

static bool parse(const char *text)
{
	return parse_at("snag.yaml", text);
}

static void a_version_is_enough(void **state)
{
	(void)state;
	assert_true(parse("version: 1\n"));
	assert_string_equal(parsed.path, "snag.yaml");
	assert_null(parsed.run.host);
	assert_int_equal(parsed.run.thread_count, 0);
	assert_false(parsed.run.effort.has_seed);
	assert_int_equal(parsed.run.filters.line, 0);
	assert_null(parsed.out);
}

static void a_run_is_read(void **state)
{
	const struct config_run *run = &parsed.run;

	(void)state;
	assert_true(parse("version: 1\n"
			  "run:\n"
			  "  host: /opt/host\n"
			  "  filters: [a/b, '@c']\n"
			  "  threads: [2, 64]\n"
			  "  until-rate: 1e-4\n"
			  "  seed: 0\n"
			  "  noise: off\n"
			  "  jobs: 3\n"
			  "  timeout: 500ms\n"
			  "  max-memory: 2G\n"));
	assert_string_equal(run->host, "/opt/host");
	assert_int_equal(run->filters.count, 2);
	assert_int_equal(run->filters.line, 4);
	assert_string_equal(run->filters.items[1], "@c");
	assert_int_equal(run->thread_count, 2);
	assert_int_equal(run->threads[1], 64);
	assert_true(run->effort.until_rate == 1e-4);
	assert_int_equal(run->effort.time_ms, 0);
	assert_true(run->effort.has_seed);
	assert_int_equal(run->effort.seed, 0);
	assert_string_equal(run->effort.noise, "off");
	assert_int_equal(run->effort.jobs, 3);
	assert_int_equal(run->effort.timeout_ms, 500);
	assert_true(run->max_memory_bytes == 2ULL << 30);
}

static void exec_and_gate_are_read(void **state)
{
	const struct config_exec *exec = &parsed.exec;
	const struct config_gate *gate = &parsed.gate;

	(void)state;
	assert_true(parse("version: 1\n"
			  "exec:\n"
			  "  command: [prog, '', -x]\n"
			  "  runs: 20\n"
			  "  environment: {B: '2 3', A: }\n"
			  "  success: [77, 3]\n"
			  "gate:\n"
			  "  fail-on: [new]\n"
			  "  fail-causes: [lost-update]\n"
			  "  allow-missing: ['slow/*']\n"));
	assert_int_equal(exec->command.count, 3);
	assert_string_equal(exec->command.items[0], "prog");
	assert_string_equal(exec->command.items[1], "");
	assert_int_equal(exec->effort.count, 20);
	assert_int_equal(exec->environment.count, 2);
	assert_string_equal(exec->environment.items[0], "B=2 3");
	assert_string_equal(exec->environment.items[1], "A=");
	assert_int_equal(exec->success_count, 2);
	assert_int_equal(exec->success[1], 3);
	assert_string_equal(gate->fail_on.items[0], "new");
	assert_int_equal(gate->fail_on.line, 8);
	assert_string_equal(gate->fail_causes.items[0], "lost-update");
	assert_string_equal(gate->allow_missing.items[0], "slow/*");
	assert_null(gate->baseline);
}

static void frames_and_sources_are_read(void **state)
{
	(void)state;
	assert_true(parse("version: 1\n"
			  "own-frames:\n"
			  "  own: ['a*']\n"
			  "  plumbing:\n"
			  "  - log_*\n"
			  "source-roots: [src]\n"
			  "path-map:\n"
			  "- {from: /build/, to: .}\n"
			  "suppressions: [x.supp]\n"
			  "formats: [text, json]\n"));
	assert_string_equal(parsed.own.items[0], "a*");
	assert_string_equal(parsed.plumbing.items[0], "log_*");
	assert_string_equal(parsed.source_roots.items[0], "src");
	assert_int_equal(parsed.path_map_count, 1);
	assert_string_equal(parsed.path_maps[0].from, "/build/");
	assert_string_equal(parsed.path_maps[0].to, ".");
	assert_string_equal(parsed.suppressions.items[0], "x.supp");
	assert_int_equal(parsed.formats.count, 2);
}

static void paths_are_relative_to_the_file(void **state)
{
	(void)state;
	assert_true(parse_at("../../snag.yaml",
			     "version: 1\n"
			     "run: {host: out/h, filters: [a/b]}\n"
			     "exec: {command: [./t, a/b]}\n"
			     "gate: {baseline: /abs/b}\n"
			     "source-roots: [src]\n"
			     "path-map: [{from: b, to: .}]\n"
			     "own-frames: {own: [a/b]}\n"
			     "suppressions: [s]\n"
			     "out: o\n"));
	assert_string_equal(parsed.run.host, "../../out/h");
	assert_string_equal(parsed.run.filters.items[0], "a/b");
	assert_string_equal(parsed.exec.command.items[0], "../.././t");
	assert_string_equal(parsed.exec.command.items[1], "a/b");
	assert_string_equal(parsed.gate.baseline, "/abs/b");
	assert_string_equal(parsed.source_roots.items[0], "../../src");
	assert_string_equal(parsed.path_maps[0].from, "b");
	assert_string_equal(parsed.path_maps[0].to, "../../.");
	assert_string_equal(parsed.own.items[0], "a/b");
	assert_string_equal(parsed.suppressions.items[0], "../../s");
	assert_string_equal(parsed.out, "../../o");
}

static void what_is_put_in_comments_is_not_set(void **state)
{
	(void)state;
	assert_true(parse("version: 1\n"
			  "run:\n"
			  "  # threads: [2]\n"
			  "exec: ~\n"
			  "gate: {fail-on: , allow-missing: []}\n"
			  "own-frames:\n"
			  "path-map:\n"));
	assert_int_equal(parsed.gate.fail_on.count, 0);
	assert_int_equal(parsed.path_map_count, 0);
}

static void the_example_of_the_manual_is_accepted(void **state)
{
	(void)state;
	if (!config_read(GOLDEN_DIR "/../../docs/snag.example.yaml", &parsed,
			 &problem))
		fail_msg("%s", problem.text);
	assert_int_equal(parsed.exec.success[0], 77);
}

/* The same keys, at every depth? */
static void keys_agree(json_t *schema, const cyaml_schema_value_t *value)
{
	json_t *keys = json_object_get(schema, "properties");
	size_t count = 0;

	if (value->type == CYAML_SEQUENCE &&
	    value->sequence.entry->type == CYAML_MAPPING)
		keys_agree(json_object_get(schema, "items"),
			   value->sequence.entry);
	if (value->type != CYAML_MAPPING)
		return;
	for (const cyaml_schema_field_t *f = value->mapping.fields; f->key;
	     f++) {
		json_t *inner = json_object_get(keys, f->key);

		if (!inner)
			fail_msg("the JSON schema has no '%s'", f->key);
		keys_agree(inner, &f->value);
		count++;
	}
	assert_int_equal(json_object_size(keys), count);
}

static void the_schema_for_editors_has_the_same_keys(void **state)
{
	json_t *schema = json_load_file(
		GOLDEN_DIR "/../../docs/config.schema.json", 0, NULL);

	(void)state;
	assert_non_null(schema);
	keys_agree(schema, &config_schema);
	json_decref(schema);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_teardown(name, forget)
	const struct CMUnitTest tests[] = {
		TEST(a_version_is_enough),
		TEST(a_run_is_read),
		TEST(exec_and_gate_are_read),
		TEST(frames_and_sources_are_read),
		TEST(paths_are_relative_to_the_file),
		TEST(what_is_put_in_comments_is_not_set),
		TEST(the_example_of_the_manual_is_accepted),
		TEST(the_schema_for_editors_has_the_same_keys),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
