#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "model/baseline.h"
#include "temp_file.h"

#define A "0123456789abcdef0123456789abcdef"
#define B "fedcba9876543210fedcba9876543210"
#define C "00000000000000000000000000000000"

static void put(const char *text)
{
	FILE *file = fopen(path, "w");

	if (!file)
		abort();
	fputs(text, file);
	assert_int_equal(fclose(file), 0);
}

static char *get(void)
{
	FILE *file = fopen(path, "r");
	char *text = calloc(1, 64 * 1024);

	if (!file || !text)
		abort();
	assert_true(fread(text, 1, 64 * 1024 - 1, file) > 0);
	fclose(file);
	return text;
}

static struct baseline_entry *push(struct baseline *b, const char *fingerprint,
				   const char *family)
{
	struct baseline_entry *e =
		arena_push(&b->arena, &b->entries, &b->entry_count, sizeof(*e));
	const char **slot = arena_push(&b->arena, &e->families,
				       &e->family_count, sizeof(*slot));

	*slot = family;
	e->fingerprint = fingerprint;
	e->reason = "a \"quoted\" reason\nof two lines";
	return e;
}

static void what_is_written_is_read_again(void **state)
{
	struct baseline b = {0}, again = {0};
	static const char *sides[] = {"get (a.c)", "?"};
	struct baseline_entry *e = push(&b, A, B);
	struct err err = {0};

	(void)state;
	e->side_hashes[0] = "";
	e->side_hashes[1] = C;
	e->kind = "data race";
	e->outcome = "@crash";
	e->cause = "lost-update";
	e->sides = sides;
	e->side_count = 2;
	e->data = "global 'x'";
	e->subject = "counter/lost_update";
	e->owner = "alice \xc3\xa9";
	e->link = "https://x/</script>";
	e->added = "2026-01-02";
	e->expires = "2026-11-01";
	e->seen = "2026-10-01";
	assert_true(baseline_write(&b, path, &err));
	if (!baseline_read(path, &again, &err))
		fail_msg("%s", err.text);
	assert_int_equal(again.entry_count, 1);
	e = &again.entries[0];
	assert_string_equal(e->fingerprint, A);
	assert_string_equal(e->families[0], B);
	assert_string_equal(e->side_hashes[0], "");
	assert_string_equal(e->side_hashes[1], C);
	assert_string_equal(e->kind, "data race");
	assert_string_equal(e->outcome, "@crash");
	assert_string_equal(e->cause, "lost-update");
	assert_string_equal(e->sides[1], "?");
	assert_string_equal(e->data, "global 'x'");
	assert_string_equal(e->subject, "counter/lost_update");
	assert_string_equal(e->reason, "a \"quoted\" reason\nof two lines");
	assert_string_equal(e->owner, "alice \xc3\xa9");
	assert_string_equal(e->link, "https://x/</script>");
	assert_string_equal(e->added, "2026-01-02");
	assert_string_equal(e->expires, "2026-11-01");
	assert_string_equal(e->seen, "2026-10-01");
	baseline_release(&b);
	baseline_release(&again);
}

static void the_order_of_adding_does_not_show(void **state)
{
	struct baseline one = {0}, two = {0};
	struct err err = {0};
	char *first, *second;

	(void)state;
	push(&one, A, B);
	push(&one, B, A);
	push(&one, A, C);
	push(&two, A, C);
	push(&two, B, A);
	push(&two, A, B);
	assert_true(baseline_write(&one, path, &err));
	first = get();
	assert_true(baseline_write(&two, path, &err));
	second = get();
	assert_string_equal(first, second);
	free(first);
	free(second);
	baseline_release(&one);
	baseline_release(&two);
}

static void members_of_tomorrow_are_ignored(void **state)
{
	struct baseline b = {0};
	struct err err = {0};

	(void)state;
	put("{\"format\":\"snag-baseline\",\"version\":1,"
	    "\"fingerprint_version\":1,\"mood\":[{}],\"entries\":["
	    "{\"fingerprint\":\"" A "\",\"reason\":\"r\",\"color\":3}]}");
	assert_true(baseline_read(path, &b, &err));
	assert_int_equal(b.entries[0].family_count, 0);
	baseline_release(&b);
}

#define HEAD                                           \
	"{\"format\":\"snag-baseline\",\"version\":1," \
	"\"fingerprint_version\":1,\"entries\":["
#define GOOD                                                   \
	"{\"fingerprint\":\"" A "\",\"families\":[\"" B "\"]," \
	"\"reason\":\"r\"}"
#define ENTRY(members) HEAD GOOD ",{\"fingerprint\":\"" B "\"," members "}]}"

static void each_fault_has_its_sentence(void **state)
{
	static const struct {
		const char *text, *sentence;
	} faults[] = {
		{"", "is not JSON"},
		{"[]", "is not a JSON object"},
		{"{\"format\":\"snag-result\",\"version\":1}",
		 "is not a file of format snag-baseline"},
		{"{\"format\":\"snag-baseline\",\"version\":2}",
		 "snag-baseline version 2, and this Snag reads version 1"},
		{"{\"format\":\"snag-baseline\",\"version\":1,\"entries\":[]}",
		 "fingerprint_version is missing"},
		{"{\"format\":\"snag-baseline\",\"version\":1,"
		 "\"fingerprint_version\":2,\"entries\":[]}",
		 "holds fingerprints of version 2, and this Snag makes version "
		 "1, so none would match: run the tests anew, and make a new "
		 "file with `snag baseline add`"},
		{"{\"format\":\"snag-baseline\",\"version\":1,"
		 "\"fingerprint_version\":1}",
		 "entries is not a list"},
		{HEAD GOOD ",7]}", "entry 2 is not an object"},
		{ENTRY("\"families\":[]"),
		 "entry 2: it does not say its reason"},
		{ENTRY("\"reason\":\" \\n\""),
		 "entry 2: it does not say its reason"},
		{ENTRY("\"reason\":3"), "entry 2.reason is not a text"},
		{ENTRY("\"reason\":\"r\",\"families\":[\"xyz\"]"),
		 "entry 2: 'xyz' is no family"},
		{ENTRY("\"reason\":\"r\",\"families\":[\"" C "\",\"" C "\"]"),
		 "entry 2: it names family " C " twice"},
		{ENTRY("\"reason\":\"r\",\"side_hashes\":[\"\"]"),
		 "entry 2: it has 1 side_hashes, and not 2"},
		{ENTRY("\"reason\":\"r\",\"side_hashes\":[\"\",\"q\"]"),
		 "entry 2: 'q' in side_hashes"},
		{ENTRY("\"reason\":\"r\",\"expires\":\"2026-02-30\""),
		 "entry 2: expires '2026-02-30' is not a day"},
		{ENTRY("\"reason\":\"r\",\"seen\":\"yesterday\""),
		 "entry 2: seen 'yesterday' is not a day"},
		{ENTRY("\"reason\":\"r\",\"fingerprint\":\"" B "\""),
		 "is not JSON"},
		{HEAD GOOD "," GOOD "]}",
		 "entry 2: it says again what entry 1 says"},
		{HEAD "{\"reason\":\"r\"}]}", "entry 1.fingerprint is missing"},
		{HEAD "{\"fingerprint\":\"\\u001b[31m\",\"reason\":\"r\"}]}",
		 "entry 1: '\xef\xbf\xbd[31m' is no fingerprint"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(faults) / sizeof(faults[0]); i++) {
		struct baseline b = {0};
		struct err err = {0};

		put(faults[i].text);
		assert_false(baseline_read(path, &b, &err));
		assert_int_equal(err.code, EXIT_USAGE);
		if (!strstr(err.text, faults[i].sentence))
			fail_msg("case %zu: %s", i, err.text);
		baseline_release(&b);
	}
}

static void too_many_entries_are_refused(void **state)
{
	struct baseline b = {0};
	struct err err = {0};
	FILE *file = fopen(path, "w");

	(void)state;
	if (!file)
		abort();
	fputs(HEAD, file);
	for (int i = 0; i <= BASELINE_MAX_ENTRIES; i++)
		fprintf(file, "%s{\"fingerprint\":\"%032x\",\"reason\":\"r\"}",
			i ? "," : "", (unsigned)i);
	fputs("]}", file);
	assert_int_equal(fclose(file), 0);
	assert_false(baseline_read(path, &b, &err));
	assert_non_null(strstr(err.text, "entries are more than 20,000"));
	baseline_release(&b);
}

static void a_file_cut_anywhere_is_refused(void **state)
{
	static const char text[] = HEAD GOOD "]}";

	(void)state;
	for (size_t n = 0; n + 1 < strlen(text); n++) {
		struct baseline b = {0};
		struct err err = {0};
		char cut[sizeof(text)] = "";

		memcpy(cut, text, n);
		put(cut);
		assert_false(baseline_read(path, &b, &err));
		assert_int_equal(err.code, EXIT_USAGE);
		baseline_release(&b);
	}
}

#define TEST(test) cmocka_unit_test_setup_teardown(test, make_file, remove_file)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(what_is_written_is_read_again),
		TEST(the_order_of_adding_does_not_show),
		TEST(members_of_tomorrow_are_ignored),
		TEST(each_fault_has_its_sentence),
		TEST(too_many_entries_are_refused),
		TEST(a_file_cut_anywhere_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
