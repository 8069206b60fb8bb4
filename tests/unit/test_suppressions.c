/*
 * What ThreadSanitizer of clang 22 and of gcc 12 does with each pattern and
 * each line has been tried; these tests hold us to it.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "read/suppressions.h"
#include "temp_file.h"

static bool read_text(const char *text, size_t len, struct suppressions *s,
		      struct err *err)
{
	FILE *file = fopen(path, "w");

	if (!file)
		abort();
	assert_int_equal(fwrite(text, 1, len, file), len);
	assert_int_equal(fclose(file), 0);
	return suppressions_read(path, s, err);
}

static void patterns_match_as_threadsanitizer_does_it(void **state)
{
	static const struct {
		const char *pattern, *name;
		bool is_match;
	} cases[] = {
		{"bump", "bump", true},
		{"bum", "bump", true},
		{"ump", "bump", true},
		{"^bump$", "bump", true},
		{"^bum$", "bump", false},
		{"^ump", "bump", false},
		{" bump", "bump", false},
		{"BUMP", "bump", false},
		{"b^mp", "bump", false},
		{"bump$x", "bump", true}, /* what is after '$' is not read */
		{"b*p", "bump", true},
		{"*", "bump", true},
		{"**", "bump", true},
		{"^*$", "bump", true},
		{"^", "bump", true},
		{"$", "bump", false},
		{"base/s.c$", "/tmp/base/s.c", true},
		{"^s.c$", "/tmp/base/s.c", false},
		/* The first place found is the only one tried. */
		{"ab$", "abab", false},
		{"*ab$", "abab", false},
		{"abab$", "abab", true},
		{"a*b$", "abab", false},
		{"a*ab$", "abab", true},
		{"^a*b*$", "abab", true},
		{"^ba*", "abab", false},
		{"^*bab$", "abab", true},
		{"^^abab", "abab", false},
		{"abab#c", "abab", false},
		{"$b", "abab", false},
		{"*$x", "abab", true},
		{"a", "", false},
		{"*", "", false},
		{"*", NULL, false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		if (suppression_pattern_matches(cases[i].pattern,
						cases[i].name) !=
		    cases[i].is_match)
			fail_msg("'%s' on '%s'", cases[i].pattern,
				 cases[i].name);
}

static void lines_are_read_as_threadsanitizer_reads_them(void **state)
{
	static const char text[] = "# first\n"
				   "#   words\n"
				   "race:bump\n"
				   "  \trace_top:^a b$ \t\r\n"
				   "\n"
				   "   \n"
				   "mutex:x\nthread:x\nsignal:x\n"
				   "  # of the library\n"
				   "called_from_lib:libx.so\n"
				   "deadlock:a:b # c";
	struct suppressions s = {0};
	struct err err = {0};

	(void)state;
	if (!read_text(text, strlen(text), &s, &err))
		fail_msg("%s", err.text);
	assert_int_equal(s.count, 7);
	assert_int_equal(s.list[0].type, SUPPRESS_RACE);
	assert_string_equal(s.list[0].comment, "first words");
	assert_int_equal(s.list[0].line, 3);
	assert_int_equal(s.list[1].type, SUPPRESS_RACE_TOP);
	assert_string_equal(s.list[1].pattern, "^a b$");
	assert_string_equal(s.list[1].comment, "first words");
	assert_null(s.list[2].comment);
	assert_int_equal(s.list[5].type, SUPPRESS_CALLED_FROM_LIB);
	assert_string_equal(s.list[5].comment, "of the library");
	assert_string_equal(s.list[6].pattern, "a:b # c");
	suppressions_release(&s);
}

static void several_files_become_one(void **state)
{
	struct suppressions s = {0};
	struct err err = {0};
	char *text;
	size_t len;
	FILE *file;

	(void)state;
	assert_true(read_text("race:a\n", 7, &s, &err));
	assert_true(read_text("#b\n mutex:b\n", 12, &s, &err));
	assert_int_equal(s.count, 2);
	assert_string_equal(s.list[1].path, path);
	file = open_memstream(&text, &len);
	suppressions_write(&s, file);
	fclose(file);
	assert_string_equal(text, "race:a\nmutex:b\n");
	free(text);
	suppressions_release(&s);
}

static void a_line_that_would_end_every_program_is_refused(void **state)
{
	static const struct {
		const char *text, *sentence;
	} faults[] = {
		{"junk", ":1: 'junk' is not TYPE:PATTERN, and ThreadSanitizer "
			 "ends every program"},
		{"race:a\nrace\n", ":2: 'race' is not TYPE:PATTERN"},
		{"Race:a", "did you mean race?"},
		{"race :a", ":1: 'race :a' is not"},
		{"leak:a", ":1: 'leak:a' is not"},
		{"none:a", ":1: 'none:a' is not"},
		{":a", ":1: ':a' is not"},
		{"race_toprace:a", "is not TYPE:PATTERN"},
		{"race:a\r\n\r\nrace:b\r\n", ":2: there is a carriage return"},
		{"race:a\nrace:\n", ":2: 'race:' has no pattern, and would "
				    "hide every report"},
		{"race: \t\n", ":1: 'race:' has no pattern"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(faults) / sizeof(faults[0]); i++) {
		struct suppressions s = {0};
		struct err err = {0};

		assert_false(read_text(faults[i].text, strlen(faults[i].text),
				       &s, &err));
		assert_int_equal(err.code, EXIT_USAGE);
		assert_memory_equal(err.text, path, strlen(path));
		if (!strstr(err.text, faults[i].sentence))
			fail_msg("case %zu: %s", i, err.text);
		suppressions_release(&s);
	}
}

static void a_nul_byte_is_refused(void **state)
{
	struct suppressions s = {0};
	struct err err = {0};

	(void)state;
	assert_false(read_text("race:a\n\0race:b\n", 15, &s, &err));
	assert_non_null(strstr(err.text, ":2: there is a NUL byte"));
	suppressions_release(&s);
	assert_false(suppressions_read("/nosuch/file", &s, &err));
	assert_non_null(strstr(err.text, "cannot read '/nosuch/file'"));
	assert_false(suppressions_read("/dev/zero", &s, &err));
	assert_non_null(strstr(err.text, "larger than 16 MiB"));
	suppressions_release(&s);
}

/* bump called by main, beside get; on the global "counter". */
static struct frame bump[] = {
	{.function = "bump", .file = "/src/a.c", .module = "/bin/prog"},
	{.function = "main", .file = "/src/main.c", .module = "/bin/prog"}};
static struct frame get[] = {{.function = "get", .file = "/src/b.c"}};
static struct frame make[] = {{.function = "make", .file = "/src/m.c"}};
static struct access sides[] = {{.op = OP_WRITE, .stack = {bump, 2, false}},
				{.op = OP_READ, .stack = {get, 1, false}}};
static struct location places[] = {
	{.type = LOCATION_GLOBAL, .name = "counter", .module = "libx.so"}};
static struct thread_info threads[] = {{.created = {make, 1, false}}};

static bool hides(const char *text, enum kind kind, size_t *index)
{
	const struct report report = {.kind = kind,
				      .accesses = sides,
				      .access_count = 2,
				      .locations = places,
				      .location_count = 1,
				      .threads = threads,
				      .thread_count = 1};
	struct suppressions s = {0};
	struct err err = {0};
	bool is_match;

	if (!read_text(text, strlen(text), &s, &err))
		fail_msg("%s", err.text);
	is_match = suppressions_match(&s, &report, index);
	suppressions_release(&s);
	return is_match;
}

static void any_frame_of_either_side_will_do(void **state)
{
	size_t at;

	(void)state;
	assert_true(hides("race:main", KIND_DATA_RACE, &at));
	assert_true(hides("race:^get$", KIND_USE_AFTER_FREE, &at));
	assert_true(hides("race:/src/b.c", KIND_DATA_RACE, &at));
	assert_true(hides("race:prog$", KIND_DATA_RACE, &at));
	assert_true(hides("race:^counter$", KIND_DATA_RACE, &at));
	assert_true(hides("race:libx", KIND_DATA_RACE, &at));
	assert_false(hides("race:nosuch", KIND_DATA_RACE, &at));
}

static void race_top_is_about_innermost_frames(void **state)
{
	size_t at;

	(void)state;
	assert_true(hides("race_top:bump", KIND_DATA_RACE, &at));
	assert_true(hides("race_top:/src/b.c", KIND_DATA_RACE, &at));
	assert_false(hides("race_top:main", KIND_DATA_RACE, &at));
	assert_false(hides("race_top:counter", KIND_DATA_RACE, &at));
	assert_false(hides("race_top:bump", KIND_LOCK_INVERSION, &at));
}

static void a_type_is_for_its_kinds(void **state)
{
	size_t at;

	(void)state;
	assert_false(hides("mutex:*", KIND_DATA_RACE, &at));
	assert_false(hides("race:*", KIND_MUTEX_DOUBLE_LOCK, &at));
	assert_true(hides("mutex:bump", KIND_MUTEX_DOUBLE_LOCK, &at));
	assert_true(hides("signal:bump", KIND_SIGNAL_UNSAFE, &at));
	assert_true(hides("deadlock:get", KIND_LOCK_INVERSION, &at));
	assert_false(hides("called_from_lib:*", KIND_DATA_RACE, &at));
	assert_false(hides("race:*", KIND_TSAN_FATAL, &at));
	assert_false(hides("race:*", KIND_WRONG_OUTCOME, &at));
}

static void where_a_thread_was_made_counts_for_leaks_alone(void **state)
{
	size_t at;

	(void)state;
	assert_true(hides("thread:make", KIND_THREAD_LEAK, &at));
	assert_false(hides("race:make", KIND_DATA_RACE, &at));
}

static void the_hit_is_of_the_line_that_threadsanitizer_counts(void **state)
{
	size_t at;

	(void)state;
	/* The innermost frame first, its function before its file. */
	assert_true(hides("race:main\nrace:a.c\nrace:bump\nrace:bump\n",
			  KIND_DATA_RACE, &at));
	assert_int_equal(at, 2);
}

#define TEST(test) cmocka_unit_test_setup_teardown(test, make_file, remove_file)

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(patterns_match_as_threadsanitizer_does_it),
		TEST(lines_are_read_as_threadsanitizer_reads_them),
		TEST(several_files_become_one),
		TEST(a_line_that_would_end_every_program_is_refused),
		TEST(a_nul_byte_is_refused),
		TEST(any_frame_of_either_side_will_do),
		TEST(race_top_is_about_innermost_frames),
		TEST(a_type_is_for_its_kinds),
		TEST(where_a_thread_was_made_counts_for_leaks_alone),
		TEST(the_hit_is_of_the_line_that_threadsanitizer_counts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
