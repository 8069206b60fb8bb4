#include "result_fixture.h"

static void fails_with(const struct place *place, const char *text, size_t len,
		       const char *words)
{
	struct result result = {0};
	struct err err = {0};

	write_file(place->path, text, len);
	assert_false(result_read(place->path, &result, &err));
	assert_int_equal(err.code, EXIT_USAGE);
	if (!strstr(err.text, words))
		fail_msg("not \"%s\": %s", words, err.text);
	result_release(&result);
}

static void a_file_cannot_smuggle_escapes_in(void **state)
{
	const struct place *place = *state;
	static const char text[] =
		"{\"format\":\"snag-result\",\"version\":1,\"exit\":0,"
		"\"verdict\":\"none\",\"command\":\"\\u001b[2J\\u202e\","
		"\"started\":\"\\u001b[2J\"}";
	struct result got = {0};
	struct err err = {0};

	write_file(place->path, text, strlen(text));
	assert_true(result_read(place->path, &got, &err));
	assert_null(strchr(got.command, '\x1b'));
	assert_string_equal(got.started, "");
	result_release(&got);
}

static void another_format_or_version_is_one_clear_sentence(void **state)
{
	static const struct {
		const char *text, *words;
	} rows[] = {
		{"{\"format\":\"snag-list\",\"version\":1}",
		 "is not a file of format snag-result"},
		{"{}", "is not a file of format snag-result"},
		{"{\"format\":\"snag-result\",\"version\":7}",
		 "is snag-result version 7, and this Snag reads version 1"},
		{"[1]", "is not a JSON object"},
		{"", "is not JSON: line 1"},
		{"{\"a\":\"\x1b[31m\"}", "is not JSON"},
		{"{\"format\":\"snag-result\",\"format\":1}", "duplicate"},
	};

	for (size_t i = 0; i < COUNT(rows); i++)
		fails_with(*state, rows[i].text, strlen(rows[i].text),
			   rows[i].words);
}

static void what_was_read_may_grow(void **state)
{
	const struct place *place = *state;
	static const char text[] =
		"{\"format\":\"snag-result\",\"version\":1,\"exit\":0,"
		"\"verdict\":\"none\",\"notes\":[\"1\",\"2\",\"3\",\"4\","
		"\"5\"],\"subjects\":[{\"id\":\"a\",\"type\":\"log\","
		"\"verdict\":\"clean\",\"notes\":[\"6\"]}]}";
	struct result got = {0};
	struct err err = {0};

	write_file(place->path, text, strlen(text));
	assert_true(result_read(place->path, &got, &err));
	for (int i = 0; i < 20; i++) {
		result_note(&got, "note %d", i);
		subject_note(&got, &got.subjects[0], "note %d", i);
	}
	assert_string_equal(got.notes[4], "5");
	assert_string_equal(got.notes[24], "note 19");
	assert_string_equal(got.subjects[0].id, "a");
	assert_string_equal(got.subjects[0].notes[0], "6");
	assert_string_equal(got.subjects[0].notes[20], "note 19");
	result_release(&got);
}

static void a_wrong_member_is_named_with_its_place(void **state)
{
	static const struct {
		const char *member, *words;
	} rows[] = {
		{"\"subjects\":[{\"id\":\"a\",\"type\":\"log\",\"verdict\":"
		 "\"clean\",\"runs\":[{\"engine\":\"stress\",\"threads\":-1}]}"
		 "]",
		 "subjects[0].runs[0].threads is not a count"},
		{"\"subjects\":[{\"id\":\"a\",\"type\":\"log\"}]",
		 "subjects[0].verdict is missing"},
		{"\"subjects\":[{\"id\":\"a\",\"type\":\"dog\",\"verdict\":"
		 "\"clean\"}]",
		 "subjects[0].type is none of the words"},
		{"\"subjects\":[{\"id\":\"a\",\"type\":\"log\",\"verdict\":"
		 "\"fine\"}]",
		 "subjects[0].verdict is none of the words"},
		{"\"subjects\":{}", "subjects is not a list"},
		{"\"subjects\":[1]", "subjects[0] is not an object"},
		{"\"notes\":[1]", "notes is not a list of texts"},
		{"\"command\":1", "command is not a text"},
		{"\"interrupted\":1", "interrupted is neither"},
		{"\"duration_ms\":9007199254740993", "is not a count"},
		{"\"duration_ms\":1.5", "is not a count"},
		{"\"findings\":[{\"fingerprint\":\"../../x\"}]",
		 "findings[0].fingerprint is not 32 hexadecimal digits"},
		{"\"findings\":[{\"fingerprint\":\"" RACE
		 "\",\"kind\":\"data race\",\"causes\":[{\"cause\":\"x\","
		 "\"confidence\":1e9}]}]",
		 "findings[0].causes[0].confidence is not a number from 0"},
		{"\"findings\":[{\"fingerprint\":\"" RACE
		 "\",\"kind\":\"data race\",\"accesses\":[{\"op\":\"read\","
		 "\"frames\":[{\"offset\":\"12\"}]}]}]",
		 "findings[0].accesses[0].frames[0].offset is not a number"},
		{"\"findings\":[{\"fingerprint\":\"" RACE
		 "\",\"kind\":\"data race\",\"location\":{\"fd\":"
		 "4294967296}}]",
		 "findings[0].location.fd is not a number"},
	};
	char text[1024];

	for (size_t i = 0; i < COUNT(rows); i++) {
		snprintf(text, sizeof(text),
			 "{\"format\":\"snag-result\",\"version\":1,\"exit\":0,"
			 "\"verdict\":\"none\",%s}",
			 rows[i].member);
		fails_with(*state, text, strlen(text), rows[i].words);
	}
	fails_with(*state,
		   "{\"format\":\"snag-result\",\"version\":1,\"exit\":9,"
		   "\"verdict\":\"none\"}",
		   62, "exit is no exit code");
}

static void unknown_members_are_ignored(void **state)
{
	const struct place *place = *state;
	static const char text[] =
		"{\"format\":\"snag-result\",\"version\":1,\"exit\":0,"
		"\"verdict\":\"clean\",\"later\":[{\"x\":{}}],\"notes\":null}";
	struct result got = {0};
	struct err err = {0};

	write_file(place->path, text, strlen(text));
	assert_true(result_read(place->path, &got, &err));
	assert_int_equal(got.verdict, VERDICT_CLEAN);
	result_release(&got);
}

static void what_would_fill_memory_is_refused_before(void **state)
{
	size_t len = 6 * 1024 * 1024;
	char *text = malloc(len);

	memset(text, '[', len);
	fails_with(*state, text, len, "is nested too deep");
	for (size_t i = 0; i < len; i++)
		text[i] = "[],"[i % 3];
	text[0] = '[';
	fails_with(*state, text, len, "JSON"); /* few enough to be parsed */
	len *= 3;
	free(text);
	text = malloc(len);
	assert_non_null(text);
	for (size_t i = 0; i < len; i++)
		text[i] = "[],"[i % 3];
	fails_with(*state, text, len, "holds too many values");
	free(text);
}

static void a_file_that_never_ends_is_refused(void **state)
{
	struct result result = {0};
	struct err err = {0};

	(void)state;
	assert_false(result_read("/dev/zero", &result, &err));
	assert_non_null(strstr(err.text, "is larger than 256 MiB"));
	assert_false(result_read("/tmp", &result, &err));
	assert_non_null(strstr(err.text, "cannot read '/tmp': Is a directory"));
	assert_false(result_read("/nonexistent/x", &result, &err));
	assert_non_null(strstr(err.text, "No such file"));
	result_release(&result);
}

/* Whatever it is made of, reading ends with a result or a sentence. */
static void try_bytes(const struct place *place, const char *text, size_t len)
{
	struct result result = {0};
	struct err err = {0};

	write_file(place->path, text, len);
	if (!result_read(place->path, &result, &err)) {
		assert_int_equal(err.code, EXIT_USAGE);
		assert_true(err.text[0]);
	}
	result_release(&result);
}

static void cut_files_do_no_harm(void **state)
{
	struct result first = everything();
	size_t len;
	char *text = text_of(&first, &len);

	for (size_t cut = 0; cut < len; cut += 1 + cut % 13)
		try_bytes(*state, text, cut);
	free(text);
}

static void mutated_files_do_no_harm(void **state)
{
	static const char *const bits[] = {
		"null",
		"[]",
		"{}",
		"-1",
		"1e999",
		"\"\"",
		"true",
		"9223372036854775807",
		"\"\\ud800\"",
		"\xff",
		"[[[[[[",
		"\"0xffffffffffffffff\"",
		"9007199254740992",
		"4294967295",
	};
	struct result first = everything();
	size_t len;
	char *text = text_of(&first, &len);
	unsigned seed = 1;

	for (int i = 0; i < 1500; i++) {
		const char *bit = bits[(seed = seed * 1103515245 + 12345) /
				       65536 % COUNT(bits)];
		char *copy = malloc(len + 64);
		size_t at, end, n;

		/* Put a bit in the place of a value: after a colon. */
		at = (seed = seed * 1103515245 + 12345) / 16 % len;
		while (at < len && text[at] != ':')
			at++;
		at = at < len ? at + 2 : 0;
		end = at + strcspn(text + at, ",\n");
		n = strlen(bit);
		memcpy(copy, text, at);
		memcpy(copy + at, bit, n);
		memcpy(copy + at + n, text + end, len - end);
		try_bytes(*state, copy, at + n + len - end);
		free(copy);
	}
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			a_file_cannot_smuggle_escapes_in, make_place,
			remove_place),
		cmocka_unit_test_setup_teardown(
			another_format_or_version_is_one_clear_sentence,
			make_place, remove_place),
		cmocka_unit_test_setup_teardown(what_was_read_may_grow,
						make_place, remove_place),
		cmocka_unit_test_setup_teardown(
			a_wrong_member_is_named_with_its_place, make_place,
			remove_place),
		cmocka_unit_test_setup_teardown(unknown_members_are_ignored,
						make_place, remove_place),
		cmocka_unit_test_setup_teardown(
			what_would_fill_memory_is_refused_before, make_place,
			remove_place),
		cmocka_unit_test_setup_teardown(
			a_file_that_never_ends_is_refused, make_place,
			remove_place),
		cmocka_unit_test_setup_teardown(cut_files_do_no_harm,
						make_place, remove_place),
		cmocka_unit_test_setup_teardown(mutated_files_do_no_harm,
						make_place, remove_place),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
