/* TSAN_OPTIONS, read and written. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "program/tsan_flags.h"

static struct tsan_flags read_flags(struct arena *arena, const char *text)
{
	struct tsan_flags flags;
	struct err err = {0};

	assert_true(tsan_flags_read(&flags, arena, text, &err));
	return flags;
}

static void refused(const char *text)
{
	struct arena arena = {0};
	struct tsan_flags flags;
	struct err err = {0};

	assert_false(tsan_flags_read(&flags, &arena, text, &err));
	assert_int_equal(err.code, EXIT_USAGE);
	arena_release(&arena);
}

static void flags_are_parted_by_any_separator(void **state)
{
	struct arena arena = {0};
	struct tsan_flags flags =
		read_flags(&arena, " a=1:b=2,c=3 d=4\n:e=5::f=");

	(void)state;
	assert_int_equal(flags.count, 6);
	assert_string_equal(tsan_flags_get(&flags, "a"), "1");
	assert_string_equal(tsan_flags_get(&flags, "e"), "5");
	assert_string_equal(tsan_flags_get(&flags, "f"), "");
	assert_null(tsan_flags_get(&flags, "g"));
	arena_release(&arena);
}

static void the_later_of_two_counts(void **state)
{
	struct arena arena = {0};
	struct tsan_flags flags = read_flags(&arena, "a=1:a=2");

	(void)state;
	assert_string_equal(tsan_flags_get(&flags, "a"), "2");
	tsan_flags_default(&flags, "a", "3");
	assert_string_equal(tsan_flags_get(&flags, "a"), "2");
	tsan_flags_set(&flags, "a", "4");
	assert_string_equal(tsan_flags_get(&flags, "a"), "4");
	arena_release(&arena);
}

static void quoted_values_hold_separators(void **state)
{
	struct arena arena = {0};
	struct tsan_flags flags =
		read_flags(&arena, "log_path=\"/a b:c\":x='y,\"z\"'");

	(void)state;
	assert_string_equal(tsan_flags_get(&flags, "log_path"), "/a b:c");
	assert_string_equal(tsan_flags_get(&flags, "x"), "y,\"z\"");
	arena_release(&arena);
}

static void what_is_written_is_read_back(void **state)
{
	struct arena arena = {0};
	struct tsan_flags flags = read_flags(&arena, NULL), again;

	(void)state;
	tsan_flags_set(&flags, "plain", "1");
	tsan_flags_set(&flags, "path", "/a b/c:d");
	tsan_flags_set(&flags, "quote", "x \"y\"");
	tsan_flags_set(&flags, "empty", "");
	again = read_flags(&arena, tsan_flags_text(&flags));
	assert_int_equal(again.count, 4);
	for (size_t i = 0; i < again.count; i++)
		assert_string_equal(tsan_flags_get(&again, again.list[i].name),
				    tsan_flags_get(&flags, again.list[i].name));
	arena_release(&arena);
}

static void what_is_replaced_is_not_written(void **state)
{
	struct arena arena = {0};
	struct tsan_flags flags = read_flags(&arena, "exitcode=9:x=1");

	(void)state;
	tsan_flags_set(&flags, "exitcode", "0");
	assert_string_equal(tsan_flags_text(&flags), "x=1:exitcode=0");
	arena_release(&arena);
}

static void every_include_stays(void **state)
{
	struct arena arena = {0};
	struct tsan_flags flags = read_flags(&arena, "include=a");

	(void)state;
	tsan_flags_add(&flags, "include", "b");
	assert_string_equal(tsan_flags_text(&flags), "include=a:include=b");
	arena_release(&arena);
}

static void what_threadsanitizer_refuses_is_refused(void **state)
{
	(void)state;
	refused("nonsense");
	refused("a=1 nonsense b=2");
	refused("=1");
	refused("a=\"no end");
	refused("a='no end\"");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(flags_are_parted_by_any_separator),
		cmocka_unit_test(the_later_of_two_counts),
		cmocka_unit_test(quoted_values_hold_separators),
		cmocka_unit_test(what_is_written_is_read_back),
		cmocka_unit_test(what_is_replaced_is_not_written),
		cmocka_unit_test(every_include_stays),
		cmocka_unit_test(what_threadsanitizer_refuses_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
