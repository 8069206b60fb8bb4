#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/day.h"

static void days_of_the_calendar_are_valid(void **state)
{
	static const char *const good[] = {"2026-11-23", "2024-02-29",
					   "2000-02-29", "0001-01-01",
					   "9999-12-31"};

	(void)state;
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++)
		assert_true(day_is_valid(good[i]));
}

static void nothing_else_is(void **state)
{
	static const char *const bad[] = {
		"",           "2026-11-2",  "2026-11-230", "2026/11/23",
		"2026-02-29", "1900-02-29", "2026-13-01",  "2026-00-01",
		"2026-01-00", "2026-04-31", "0000-01-01",  "2026-1 -01",
		"tomorrow",   "-026-11-23", "2026-11-23\n"};

	(void)state;
	assert_false(day_is_valid(NULL));
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_false(day_is_valid(bad[i]));
}

static void a_clock_has_its_day_in_utc(void **state)
{
	char day[DAY_BYTES];

	(void)state;
	day_of(0, day);
	assert_string_equal(day, "1970-01-01");
	day_of(951868799, day);
	assert_string_equal(day, "2000-02-29");
	day_of((time_t)1 << 60, day);
	assert_string_equal(day, "9999-12-31");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(days_of_the_calendar_are_valid),
		cmocka_unit_test(nothing_else_is),
		cmocka_unit_test(a_clock_has_its_day_in_utc),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
