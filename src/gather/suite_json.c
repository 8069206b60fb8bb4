/*
 * ctest --show-only=json-v1: its tests as JSON.
 */
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "gather/suite.h"
#include "model/json_get.h"

enum { SKIP_STATUS_MAX = 255 };

static const char *clean(struct json_reader *r, const json_t *value)
{
	const char *text = json_string_value(value);

	return text ? text_clean(r->arena, text, json_string_length(value),
				 false)
		    : NULL;
}

/* Options of `snag exec --collect` whose value is the next word. */
static bool has_value(const char *word)
{
	static const char *const options[] = {"--collect", "--runs",
					      "--noise",   "--seed",
					      "--own",     "--plumbing"};

	for (size_t i = 0; i < sizeof(options) / sizeof(options[0]); i++)
		if (!strcmp(word, options[i]))
			return true;
	return false;
}

/* Where the program of the test begins, behind our launcher's words: `snag exec
 * ... --collect DIR ... [--] PROGRAM`; 0: they are not there. */
static size_t program_at(const char *const *words, size_t count)
{
	bool is_collecting = false;
	size_t at = 1;

	while (at < count && strcmp(words[at], "exec") != 0)
		at++;
	for (at++; at < count; at++) {
		if (words[at][0] != '-')
			break;
		if (!strcmp(words[at], "--")) {
			at++;
			break;
		}
		is_collecting |= !strncmp(words[at], "--collect", 9);
		at += has_value(words[at]);
	}
	return is_collecting && at < count ? at : 0;
}

static void take_command(struct json_reader *r, const json_t *object,
			 struct suite_test *test)
{
	size_t count, at;
	const char **words = get_texts(r, object, "command", &count);
	char **rest;

	test->has_program = count > 0;
	at = count ? program_at(words, count) : 0;
	if (!at)
		return;
	rest = arena_alloc(r->arena, (count - at + 1) * sizeof(*rest));
	for (size_t i = at; i < count; i++)
		rest[i - at] = (char *)words[i];
	test->command = text_command(r->arena, rest);
}

static void add_variable(struct json_reader *r, struct suite_test *test,
			 const char *text)
{
	const char **slot = arena_push(r->arena, &test->environment,
				       &test->environment_count, sizeof(*slot));

	*slot = text;
}

/* A list of "NAME=value"; of a modification, "NAME=set:value". */
static void take_variables(struct json_reader *r, const json_t *list,
			   bool is_modification, struct suite_test *test)
{
	size_t i;
	const json_t *value;

	json_array_foreach (list, i, value) {
		const char *text = clean(r, value);
		const char *equal = text ? strchr(text, '=') : NULL;

		if (!equal)
			continue;
		if (!is_modification)
			add_variable(r, test, text);
		else if (!strncmp(equal, "=set:", 5))
			add_variable(r, test,
				     arena_printf(r->arena, "%.*s=%s",
						  (int)(equal - text), text,
						  equal + 5));
	}
}

static void take_property(struct json_reader *r, const char *name,
			  const json_t *value, struct suite_test *test)
{
	json_int_t n;

	if (!strcmp(name, "WORKING_DIRECTORY")) {
		test->folder = clean(r, value);
	} else if (!strcmp(name, "ENVIRONMENT")) {
		take_variables(r, value, false, test);
	} else if (!strcmp(name, "ENVIRONMENT_MODIFICATION")) {
		take_variables(r, value, true, test);
	} else if (!strcmp(name, "DISABLED")) {
		test->is_disabled = json_is_true(value);
	} else if (!strcmp(name, "SKIP_RETURN_CODE")) {
		n = json_integer_value(value);
		if (n > 0 && n <= SKIP_STATUS_MAX)
			test->skip_status = (unsigned)n;
	}
}

static int by_text(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void take_test(struct json_reader *r, const json_t *object, void *slot)
{
	const json_t *properties = json_object_get(object, "properties");
	struct suite_test *test = slot;
	const json_t *property;
	size_t i;

	test->name = clean(r, json_object_get(object, "name"));
	if (!test->name)
		get_fail(r, "name", "is missing");
	take_command(r, object, test);
	json_array_foreach (properties, i, property) {
		const char *name =
			json_string_value(json_object_get(property, "name"));

		if (name)
			take_property(r, name,
				      json_object_get(property, "value"), test);
	}
	if (test->environment_count)
		qsort(test->environment, test->environment_count,
		      sizeof(*test->environment), by_text);
}

static bool is_tests_of_ctest(const json_t *root)
{
	const char *kind = json_string_value(json_object_get(root, "kind"));
	const json_t *version = json_object_get(root, "version");

	return kind && !strcmp(kind, "ctestInfo") &&
	       json_integer_value(json_object_get(version, "major")) == 1;
}

bool suite_take_json(struct suite *suite, const char *text, size_t len,
		     struct err *err)
{
	static const char name[] = "the answer of ctest";
	struct json_reader r = {
		.arena = &suite->arena, .err = err, .path = name};
	struct arena scratch = {0};
	/* ctest gives bytes of names as they are: invalid ones are no JSON. */
	const char *clean_text = text_clean(&scratch, text, len, true);
	json_t *root =
		json_parse_checked(clean_text, strlen(clean_text), name, err);

	arena_release(&scratch);
	if (root && !is_tests_of_ctest(root)) {
		err_set(err, EXIT_TROUBLE,
			"%s is not of the form json-v1: is it older than "
			"CMake 3.14?",
			name);
		r.is_bad = true;
	} else if (root) {
		suite->tests = get_objects(&r, root, "tests", &suite->count,
					   sizeof(*suite->tests), take_test);
	}
	json_decref(root);
	if (!root || r.is_bad) {
		suite->count = 0;
		err->code = EXIT_TROUBLE;
		return false;
	}
	return true;
}
