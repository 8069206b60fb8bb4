#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdbool.h>
#include <string.h>

#include "model/cause.h"

static bool is_sentence(const char *text)
{
	size_t len = text ? strlen(text) : 0;

	return len > 10 && (text[len - 1] == '.');
}

static void every_cause_says_all_of_it(void **state)
{
	(void)state;
	for (size_t i = 0; i < cause_count; i++) {
		const struct cause *cause = &cause_table[i];

		assert_true(is_sentence(cause->meaning));
		assert_true(is_sentence(cause->harm));
		assert_true(is_sentence(cause->repair));
		assert_true(is_sentence(cause->in_python));
		assert_in_range(cause->practice, PRACTICE_NONE,
				PRACTICE_COUNT - 1);
	}
}

static void names_are_found_and_unique(void **state)
{
	(void)state;
	for (size_t i = 0; i < cause_count; i++)
		assert_ptr_equal(cause_by_name(cause_table[i].name),
				 &cause_table[i]);
	assert_null(cause_by_name("no-such-cause"));
	assert_null(cause_by_name(NULL));
}

static void practices_are_numbered_as_on_the_wire(void **state)
{
	static const char *const names[] = {
		"none",      "immutable", "thread-safe-collection",
		"partition", "executor",  "message-passing",
		"locking",   "atomics",   "lifetime"};

	(void)state;
	for (unsigned i = 0; i < PRACTICE_COUNT; i++) {
		assert_int_equal(practice_table[i].practice, i);
		assert_string_equal(practice_name((enum practice)i), names[i]);
		assert_int_equal(practice_by_name(names[i]), i);
	}
	assert_int_equal(practice_by_name("magic"), PRACTICE_NONE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_cause_says_all_of_it),
		cmocka_unit_test(names_are_found_and_unique),
		cmocka_unit_test(practices_are_numbered_as_on_the_wire),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
