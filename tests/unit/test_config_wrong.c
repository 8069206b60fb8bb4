#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model/config.h"
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

static bool parse(const char *text)
{
	forget(NULL);
	return config_parse("snag.yaml", text, strlen(text), &parsed, &problem);
}

static void refuses(const char *text, const char *sentence)
{
	if (parse(text))
		fail_msg("accepted: %s", text);
	assert_string_equal(problem.text, sentence);
	assert_int_equal(problem.code, EXIT_USAGE);
	assert_null(parsed.path);
	assert_null(parsed.arena.newest);
}

static void unknown_keys_name_a_near_one_and_their_line(void **state)
{
	(void)state;
	refuses("version: 1\nrun:\n  host: a\n\n  thread: [2]\n",
		"snag.yaml:5: unknown key 'thread'; did you mean 'threads'?");
	refuses("version: 1\nformat: [text]\n",
		"snag.yaml:2: unknown key 'format'; did you mean 'formats'?");
	refuses("version: 1\ngate:\n  qqqq: 1\n",
		"snag.yaml:3: unknown key 'qqqq'; 'gate' takes baseline, "
		"fail-on, fail-causes, allow-missing");
	refuses("version: 1\n<<: {a: 1}\n",
		"snag.yaml:2: unknown key '<<'; the file takes version, run, "
		"exec, gate, own-frames, source-roots, path-map, suppressions, "
		"formats, out");
}

static void another_shape_is_refused(void **state)
{
	(void)state;
	refuses("[a]", "snag.yaml:1: the file takes keys with values, such as "
		       "'key: 1', not a list");
	refuses("version: 1\nrun: 7\n",
		"snag.yaml:2: 'run' takes keys with values, such as 'key: 1', "
		"not one value");
	refuses("version: 1\nrun:\n  threads: 8\n",
		"snag.yaml:3: 'threads' takes a list, such as [a, b], not one "
		"value");
	refuses("version: 1\nformats:\n- text\n- [json]\n",
		"snag.yaml:4: an entry of 'formats' takes one value, not a "
		"list");
	refuses("version: 1\nout: {a: 1}\n",
		"snag.yaml:2: 'out' takes one value, not keys with values");
	refuses("version: 1\nout:\n", "snag.yaml:2: 'out' has no value");
	refuses("version: 1\nout: ''\n", "snag.yaml:2: 'out' is empty");
	refuses("version: 1\nexec: {environment: [A=1]}\n",
		"snag.yaml:2: 'environment' takes names with values, such as "
		"'NAME: 1', not a list");
	refuses("version: 1\nexec: {environment: {A: [1]}}\n",
		"snag.yaml:2: 'A' takes one value, not a list");
	refuses("version: 1\nexec: {environment: {A=B: 1}}\n",
		"snag.yaml:2: 'A=B' is not a name for a variable");
	refuses("? [a]\n: 1\n", "snag.yaml:1: a key is one word, not a list");
}

static void what_is_missing_or_twice_is_refused(void **state)
{
	(void)state;
	refuses("\nout: a\n", "snag.yaml:2: the file lacks the key 'version'");
	refuses("version: 1\npath-map:\n- to: a\n",
		"snag.yaml:3: an entry of 'path-map' lacks the key 'from'");
	refuses("version: 1\nout: a\nout: b\n",
		"snag.yaml:3: key 'out' is given a second time");
	refuses("version: 1\nexec:\n  environment:\n    A: 1\n    A: 1\n",
		"snag.yaml:5: key 'A' is given a second time");
	refuses("version: 1\nrun:\n  time: 1s\n  iterations: 2\n",
		"snag.yaml:4: 'run' may have one of time, iterations and "
		"until-rate, not several");
	refuses("version: 1\nexec:\n  runs: 2\n  time: 1s\n",
		"snag.yaml:4: 'exec' may have one of time, runs and "
		"until-rate, not several");
}

static void values_are_understood_or_refused(void **state)
{
	(void)state;
	refuses("version: 2\n", "snag.yaml:1: version '2' is not known; this "
				"snag reads version 1");
	refuses("version: 1\nrun:\n  time: soon\n",
		"snag.yaml:3: time 'soon' is not a duration such as 500ms, "
		"30s, 5m or 2h");
	refuses("version: 1\nrun:\n  threads:\n  - 2\n  - 0\n",
		"snag.yaml:5: threads '0' is not a whole number from 1 to "
		"1024");
	refuses("version: 1\nrun: {seed: -1}\n",
		"snag.yaml:2: seed '-1' is not a whole number of 0 or more");
	refuses("version: 1\nexec: {noise: hevy}\n",
		"snag.yaml:2: noise 'hevy' is none of: off, light, heavy; did "
		"you mean heavy?");
	refuses("version: 1\nexec: {success: [256]}\n",
		"snag.yaml:2: success '256' is not a whole number from 0 to "
		"255");
	refuses("version: 1\nexec: {command: ['']}\n",
		"snag.yaml:2: 'command' names no program");
	refuses("version: 1\nrun: {max-memory: much}\n",
		"snag.yaml:2: max-memory 'much' is not a size such as 512M or "
		"2G");
	refuses("version: 1\nrun: {jobs: 257}\n",
		"snag.yaml:2: jobs '257' is not a whole number from 1 to 256");
	refuses("version: 1\nrun: {until-rate: 2}\n",
		"snag.yaml:2: until-rate '2' is not a rate between 1e-12 and "
		"1, such as 1e-4");
	refuses("version: 1\ngate:\n  fail-causes: [lost-updat]\n",
		"snag.yaml:3: 'lost-updat' is not a cause; did you mean "
		"'lost-update'?");
}

static void only_plain_yaml_is_read(void **state)
{
	static const char *const extras =
		"anchors (&), aliases (*) and tags (!) are not read; quote a "
		"value that begins like one";
	char sentence[200];

	(void)state;
	snprintf(sentence, sizeof(sentence), "snag.yaml:2: %s", extras);
	refuses("version: 1\nout: &a b\n", sentence);
	refuses("version: 1\nout: !!str b\n", sentence);
	refuses("version: 1\nformats: [*a]\n", sentence);
	refuses("version: 1\n*a : b\n", sentence);
	refuses("", "'snag.yaml' holds nothing; the least is 'version: 1'");
	refuses("# a\n",
		"'snag.yaml' holds nothing; the least is 'version: 1'");
	refuses("---\n...\n", "snag.yaml:2: the file takes keys with values, "
			      "such as 'key: 1', not one value");
	refuses("version: 1\n---\nversion: 1\n",
		"snag.yaml:2: a second document begins; there may be one");
	refuses("version: 1\nrun:\n\tjobs: 1\n",
		"snag.yaml:3: this is not YAML: a tab stands where only spaces "
		"may");
	refuses("version: 1\nout: \"\xff\"\n",
		"snag.yaml:2: this is not YAML: invalid leading UTF-8 octet");
	refuses("version: 1\nout: \"a\\0b\"\n",
		"snag.yaml:2: 'out' holds a zero byte");
	refuses("version: 1\nformats: [a\n",
		"snag.yaml:3: this is not YAML: did not find expected ',' or "
		"']'");
}

static char *repeated(const char *before, const char *piece, size_t times,
		      const char *after)
{
	size_t len = strlen(piece), at = strlen(before);
	char *text = malloc(at + times * len + strlen(after) + 1);

	assert_non_null(text);
	memcpy(text, before, at);
	for (size_t i = 0; i < times; i++, at += len)
		memcpy(text + at, piece, len);
	strcpy(text + at, after);
	return text;
}

static void nothing_is_without_bounds(void **state)
{
	char *many = repeated("version: 1\nformats: [", "a,", 1001, "]\n");
	char *long_one = repeated("version: 1\nout: ", "a", 4097, "\n");
	char *threads =
		repeated("version: 1\nrun: {threads: [", "1,", 17, "]}");
	char *deep = repeated("version: ", "[", 1000000, "");
	char *maps = repeated("", "{a: ", 250000, "");
	char *wide = repeated("version: 1\n", "? ", 500000, "a");

	(void)state;
	refuses(many, "snag.yaml:2: 'formats' holds more than 1000 entries");
	refuses(long_one, "snag.yaml:2: 'out' is longer than 4096 bytes");
	refuses(threads, "snag.yaml:2: 'threads' holds more than 16 entries");
	assert_false(parse(deep));
	assert_false(parse(maps));
	assert_false(parse(wide));
	free(many);
	free(long_one);
	free(threads);
	free(deep);
	free(maps);
	free(wide);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_teardown(name, forget)
	const struct CMUnitTest tests[] = {
		TEST(unknown_keys_name_a_near_one_and_their_line),
		TEST(another_shape_is_refused),
		TEST(what_is_missing_or_twice_is_refused),
		TEST(values_are_understood_or_refused),
		TEST(only_plain_yaml_is_read),
		TEST(nothing_is_without_bounds),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
