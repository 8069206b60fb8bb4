#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>

#include "base/stats.h"

#define TEXT(want, call)                         \
	do {                                     \
		struct arena arena = {0};        \
                                                 \
		assert_string_equal(call, want); \
		arena_release(&arena);           \
	} while (0)

static void near(double a, double b)
{
	if (!(fabs(a - b) <= 1e-10 * fabs(b)))
		fail_msg("%.12g is not %.12g", a, b);
}

/* Computed with 60 digits from Wilson's formula. */
static void wilson_has_its_reference_values(void **state)
{
	static const struct {
		uint64_t hits, n;
		double low, high;
	} rows[] = {
		{3, 10, 0.107791267406301, 0.603221852538855},
		{10, 10, 0.722467200137111, 1},
		{1, 100, 0.00176743206414065, 0.0544861961787053},
		{7, 1000, 0.00339486840099076, 0.0143783154657666},
		{1, 1000000, 1.76524576744948e-07, 5.66491180431211e-06},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct interval in = stats_wilson(rows[i].hits, rows[i].n);

		near(in.low, rows[i].low);
		near(in.high, rows[i].high);
	}
}

static void wilson_stays_within_0_and_1(void **state)
{
	(void)state;
	for (uint64_t n = 0; n < 70; n++)
		for (uint64_t hits = 0; hits <= n; hits++) {
			struct interval in = stats_wilson(hits, n);

			assert_true(in.low >= 0 && in.high <= 1);
			assert_true(in.low < in.high);
		}
	assert_true(stats_wilson(9, 3).high <= 1); /* counts that lie */
	assert_true(stats_wilson(UINT64_MAX, UINT64_MAX).high <= 1);
}

static void nothing_seen_gives_the_exact_bound(void **state)
{
	(void)state;
	near(stats_zero_bound(100), 0.0295130496070399);
	near(stats_zero_bound(1), 0.95);
	near(stats_zero_bound(20000), 0.000149775396222962);
	near(stats_zero_bound(0), 1);
	near(stats_interval(0, 100).high, 0.0295130496070399);
	near(stats_interval(0, 100).low, 0);
}

static void so_many_iterations_show_a_rate(void **state)
{
	(void)state;
	assert_int_equal(stats_iterations_for(0.01, 0.95), 299);
	assert_int_equal(stats_iterations_for(0.01, 0.99), 459);
	assert_int_equal(stats_iterations_for(1e-6, 0.95), 2995731);
	assert_int_equal(stats_iterations_for(0.5, 0.95), 5);
	assert_int_equal(stats_iterations_for(1, 0.95), 1);
	assert_int_equal(stats_iterations_for(0.3, 0), 1);
	assert_true(stats_iterations_for(0, 0.95) == UINT64_MAX);
	assert_true(stats_iterations_for(1e-300, 0.95) == UINT64_MAX);
	assert_true(stats_iterations_for(NAN, 0.95) == UINT64_MAX);
	assert_true(stats_iterations_for(0.1, 1) == UINT64_MAX);
}

static void the_bound_of_n_iterations_asks_for_n_again(void **state)
{
	(void)state;
	for (uint64_t n = 1; n < 2000000; n += 1 + n / 7)
		assert_int_equal(
			stats_iterations_for(stats_zero_bound(n), 0.95), n);
}

static void a_rate_is_known_once_its_interval_is_narrow(void **state)
{
	(void)state;
	assert_false(stats_is_known(0, 1000000, 0.25));
	assert_false(stats_is_known(5, 10000, 0.25));
	assert_true(stats_is_known(100, 10000, 0.25));
	assert_true(stats_is_known(1000, 1000, 0.05));
	assert_false(stats_is_known(1, 0, 0.25));
}

static void counts_have_separators(void **state)
{
	(void)state;
	TEXT("0", stats_count(&arena, 0));
	TEXT("999", stats_count(&arena, 999));
	TEXT("1,000", stats_count(&arena, 1000));
	TEXT("123,456", stats_count(&arena, 123456));
	TEXT("18,446,744,073,709,551,615", stats_count(&arena, UINT64_MAX));
}

static void plurals_are_right(void **state)
{
	(void)state;
	TEXT("0 reports", stats_plural(&arena, 0, "report", "reports"));
	TEXT("1 report", stats_plural(&arena, 1, "report", "reports"));
	TEXT("2,000 reports", stats_plural(&arena, 2000, "report", "reports"));
}

static void percents_show_two_digits_that_matter(void **state)
{
	(void)state;
	TEXT("0 %", stats_percent(&arena, 0));
	TEXT("100 %", stats_percent(&arena, 1));
	TEXT("41 %", stats_percent(&arena, 0.411));
	TEXT("3.4 %", stats_percent(&arena, 0.0342));
	TEXT("0.34 %", stats_percent(&arena, 0.00342));
	TEXT("0.00015 %", stats_percent(&arena, 0.0000015));
	TEXT("1.5e-07 %", stats_percent(&arena, 1.5e-9));
	TEXT("99.966 %", stats_percent(&arena, 0.99966));
	TEXT("99.999999 %", stats_percent(&arena, 1 - 1e-12));
}

static void rates_carry_their_interval(void **state)
{
	(void)state;
	TEXT("7/1,000 (0.34-1.4 %)", stats_rate(&arena, 7, 1000));
	TEXT("0/20,000 (below 0.015 %)", stats_rate(&arena, 0, 20000));
	TEXT("1,000/1,000 (above 99.62 %)", stats_rate(&arena, 1000, 1000));
	TEXT("0/0 (unknown)", stats_rate(&arena, 0, 0));
	TEXT("1/1,000,000 (0.000018-0.00057 %)",
	     stats_rate(&arena, 1, 1000000));
	/* Digits are added until the two ends differ. */
	TEXT("400,000/1,000,000 (39.9-40.1 %)",
	     stats_rate(&arena, 400000, 1000000));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(wilson_has_its_reference_values),
		cmocka_unit_test(wilson_stays_within_0_and_1),
		cmocka_unit_test(nothing_seen_gives_the_exact_bound),
		cmocka_unit_test(so_many_iterations_show_a_rate),
		cmocka_unit_test(the_bound_of_n_iterations_asks_for_n_again),
		cmocka_unit_test(a_rate_is_known_once_its_interval_is_narrow),
		cmocka_unit_test(counts_have_separators),
		cmocka_unit_test(plurals_are_right),
		cmocka_unit_test(percents_show_two_digits_that_matter),
		cmocka_unit_test(rates_carry_their_interval),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
