#include "evidence_case.h"

#include "gather/evidence.h"

#define HEAD "{\"kind\":\"ctestInfo\",\"version\":{\"major\":1,\"minor\":0},"
#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static bool take(struct suite *suite, const char *tests, struct err *err)
{
	char *text;
	bool is_taken;

	*suite = (struct suite){0};
	assert_true(asprintf(&text, HEAD "\"tests\":[%s]}", tests) > 0);
	is_taken = suite_take_json(suite, text, strlen(text), err);
	free(text);
	return is_taken;
}

static void the_program_stands_behind_the_launcher(void **state)
{
	static const struct {
		const char *words, *command;
	} rows[] = {
		{"\"/bin/snag\",\"exec\",\"--collect\",\"d\",\"--\",\"p\",\"a "
		 "b\"",
		 "p 'a b'"},
		{"\"snag\",\"exec\",\"--collect=d\",\"p\",\"--\",\"x\"",
		 "p -- x"},
		{"\"snag\",\"exec\",\"--runs\",\"3\",\"--collect\",\"d\",\"--"
		 "noise=light\",\"p\"",
		 "p"},
		{"\"env\",\"A=1\",\"snag\",\"exec\",\"--collect\",\"d\",\"--\","
		 "\"p\"",
		 "p"},
		{"\"snag\",\"exec\",\"--\",\"p\"", NULL},
		{"\"p\",\"--collect\",\"d\",\"--\",\"q\"", NULL},
		{"\"snag\",\"exec\",\"--collect\",\"d\",\"--\"", NULL},
		{"\"snag\",\"exec\",\"--collect\"", NULL},
		{"\"exec\"", NULL},
		{"\"p\"", NULL},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct suite suite;
		struct err err = {0};
		char test[512];

		snprintf(test, sizeof(test),
			 "{\"name\":\"t\",\"command\":[%s]}", rows[i].words);
		assert_true(take(&suite, test, &err));
		assert_true(suite.tests[0].has_program);
		if (rows[i].command)
			assert_string_equal(suite.tests[0].command,
					    rows[i].command);
		else
			assert_null(suite.tests[0].command);
		suite_release(&suite);
	}
}

static void properties_are_taken_and_odd_ones_ignored(void **state)
{
	struct suite suite;
	struct err err = {0};

	(void)state;
	assert_true(take(
		&suite,
		"{\"name\":\"t\\u001b[2J\",\"properties\":["
		"{\"name\":\"DISABLED\",\"value\":true},"
		"{\"name\":\"SKIP_RETURN_CODE\",\"value\":77},"
		"{\"name\":\"WORKING_DIRECTORY\",\"value\":\"/x\"},"
		"{\"name\":\"ENVIRONMENT\",\"value\":[\"Z=1\",\"A=\",7,\"odd\"]"
		"}"
		",{\"name\":\"ENVIRONMENT_MODIFICATION\",\"value\":[\"M=set:2\""
		",\"N=path_list_append:3\"]},"
		"{\"name\":\"LABELS\",\"value\":{\"a\":[]}},"
		"{\"name\":\"ENVIRONMENT\",\"value\":3},"
		"{\"name\":\"DISABLED\"},{\"value\":1},7,[]]}",
		&err));
	assert_null(strchr(suite.tests[0].name, '\x1b'));
	assert_false(suite.tests[0].has_program);
	assert_int_equal(suite.tests[0].skip_status, 77);
	assert_string_equal(suite.tests[0].folder, "/x");
	assert_int_equal(suite.tests[0].environment_count, 3);
	assert_string_equal(suite.tests[0].environment[0], "A=");
	assert_string_equal(suite.tests[0].environment[1], "M=2");
	suite_release(&suite);
}

static void an_answer_of_another_form_is_trouble(void **state)
{
	static const char *const texts[] = {
		"",
		"[]",
		"Test project /x\n",
		"{\"kind\":\"ctestInfo\",\"version\":{\"major\":2}}",
		"{\"kind\":\"ctestInfo\"}",
		HEAD "\"tests\":7}",
		HEAD "\"tests\":[7]}",
		HEAD "\"tests\":[{\"command\":[\"x\"]}]}",
		HEAD "\"tests\":[{\"name\":\"t\",\"command\":[7]}]}",
		HEAD "\"tests\":[",
	};

	(void)state;
	for (size_t i = 0; i < COUNT(texts); i++) {
		struct suite suite = {0};
		struct err err = {0};

		assert_false(suite_take_json(&suite, texts[i], strlen(texts[i]),
					     &err));
		assert_int_equal(err.code, EXIT_TROUBLE);
		assert_true(strlen(err.text) > 20);
		assert_int_equal(suite.count, 0);
		suite_release(&suite);
	}
}

#define LAUNCHED "\"command\":[\"snag\",\"exec\",\"--collect\",\"d\",\"p\"],"

static const char two_tests[] =
	"{\"name\":\"one\"," LAUNCHED
	"\"properties\":[{\"name\":\"ENVIRONMENT\",\"value\":[\"X=1\"]}]},"
	"{\"name\":\"two\"," LAUNCHED
	"\"properties\":[{\"name\":\"ENVIRONMENT\",\"value\":[\"X=2\"]}]}";

static const char same_tests[] =
	"{\"name\":\"one\"," LAUNCHED
	"\"properties\":[]},{\"name\":\"two\"," LAUNCHED "\"properties\":[]}";

/* Of tests one and two, with pieces that had these variables: have they any
 * evidence? */
static void match(const struct folder *folder, const char *tests,
		  const char *const *variables, size_t count, bool has_one,
		  bool has_two)
{
	struct result result = {0};
	struct evidence *e = evidence_new(&result);
	struct arena arena = {0};
	struct err err = {0};
	struct suite suite;

	assert_true(take(&suite, tests, &err));
	for (size_t i = 0; i < count; i++) {
		const struct record record = {.id = "p",
					      .command = "p",
					      .variable = variables[i],
					      .iterations = 1};

		assert_true(evidence_file(
			e, store(&arena, folder, "x", &record, 1), &err));
	}
	evidence_end(e, &(struct evidence_terms){.suite = &suite});
	assert_int_equal(result.subject_count, 2);
	assert_string_equal(result.subjects[0].id, "one");
	assert_string_equal(result.subjects[1].id, "two");
	assert_int_equal(result.subjects[0].verdict == VERDICT_NONE, has_one);
	assert_int_equal(result.subjects[1].verdict == VERDICT_NONE, has_two);
	evidence_free(e);
	result_release(&result);
	suite_release(&suite);
	arena_release(&arena);
}

static void variables_tell_tests_with_one_command_apart(void **state)
{
	static const char *const both[] = {"X=2", "X=1"};
	static const char *const retried[] = {"X=1", "X=1", "X=1"};
	static const char *const inherited[] = {NULL, "X=2"};
	static const char *const others[] = {"Y=1", "Y=1"};

	match(*state, two_tests, both, 2, true, true);
	match(*state, two_tests, retried, 3, true, false);
	match(*state, two_tests, inherited, 2, true, true);
	match(*state, two_tests, others, 2, true, true);
	match(*state, two_tests, others, 1, true, false);
}

static void tests_that_are_alike_need_as_many_pieces(void **state)
{
	static const char *const pieces[] = {NULL, NULL, NULL};

	match(*state, same_tests, pieces, 0, false, false);
	match(*state, same_tests, pieces, 1, true, false);
	match(*state, same_tests, pieces, 2, true, true);
	match(*state, same_tests, pieces, 3, true, true);
}

#define IN_FOLDER(test) \
	cmocka_unit_test_setup_teardown(test, make_folder, remove_folder)

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_program_stands_behind_the_launcher),
		cmocka_unit_test(properties_are_taken_and_odd_ones_ignored),
		cmocka_unit_test(an_answer_of_another_form_is_trouble),
		IN_FOLDER(variables_tell_tests_with_one_command_apart),
		IN_FOLDER(tests_that_are_alike_need_as_many_pieces),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
