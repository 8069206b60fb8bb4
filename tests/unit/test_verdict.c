#include "judge_bench.h"

static void a_silent_clean_scenario_states_its_bound(void **state)
{
	struct bench b = bench_of(EXPECT_CLEAN, "stress", 20000);

	(void)state;
	judge(&b, VERDICT_AS_EXPECTED,
	      "clean, as expected: no report and no forbidden outcome in "
	      "20,000 iterations, so a rate above 0.015 % is excluded at 95 %");
	assert_int_equal(b.subject->note_count, 0);
	result_release(&b.result);
}

static void a_green_of_few_iterations_is_warned_of(void **state)
{
	struct bench b = bench_of(EXPECT_CLEAN, "stress", 100);

	(void)state;
	judge(&b, VERDICT_AS_EXPECTED, "clean");
	assert_true(has_note(&b, "proves little: 100 iterations"));
	result_release(&b.result);
}

static void a_report_that_no_line_describes_is_unexpected(void **state)
{
	struct bench b = bench_of(EXPECT_CLEAN, "stress", 1000);

	(void)state;
	add_race(&b, RACE, "f", "g", 7);
	judge(&b, VERDICT_UNEXPECTED,
	      "not described: data race between f (a.c:11) and g (a.c:11) in "
	      "7 of 1,000 iterations (0.34-1.4 %)");
	assert_int_equal(b.run->findings[0].grade, GRADE_FORBIDDEN);
	assert_true(b.run->findings[0].low > 0.0033 &&
		    b.run->findings[0].high < 0.0144);
	result_release(&b.result);
}

static void a_broken_scenario_seen_broken_is_as_expected(void **state)
{
	struct bench b = bench_of(EXPECT_BROKEN, "stress", 1000);

	(void)state;
	expect_race(&b, GRADE_REQUIRED, "g", "f"); /* in any order */
	add_race(&b, RACE, "f", "g", 7);
	judge(&b, VERDICT_AS_EXPECTED,
	      "broken, as expected: data race between g and f in 7 of 1,000 "
	      "iterations (0.34-1.4 %)");
	assert_int_equal(b.run->findings[0].grade, GRADE_REQUIRED);
	assert_string_equal(b.run->findings[0].why, "both write the sum");
	result_release(&b.result);
}

static void a_required_line_not_seen_says_how_many_more(void **state)
{
	struct bench b = bench_of(EXPECT_BROKEN, "stress", 3000);

	(void)state;
	expect_race(&b, GRADE_REQUIRED, "f", "f");
	judge(&b, VERDICT_MISSED,
	      "required and not seen: data race between f and f (both write "
	      "the sum) in 3,000 iterations, so its rate is below 0.10 % at "
	      "95 %; were it just that, 3,000 more iterations would show it "
	      "with 95 % probability, 4,612 with 99 %");
	result_release(&b.result);
}

static void a_blind_scenario_needs_its_outcome(void **state)
{
	struct bench b = bench_of(EXPECT_BLIND, "stress", 1000);

	(void)state;
	expect_outcome(&b, GRADE_REQUIRED, "lost");
	expect_outcome(&b, GRADE_ALLOWED, "exact");
	add_outcome(&b, "exact", 993);
	judge(&b, VERDICT_MISSED, "required and not seen: outcome \"lost\"");
	add_outcome(&b, "lost", 7);
	judge(&b, VERDICT_AS_EXPECTED,
	      "broken and unseen by ThreadSanitizer, as expected: outcome "
	      "\"lost\" in 7 of 1,000 iterations");
	result_release(&b.result);
}

static void a_report_of_a_blind_scenario_is_news(void **state)
{
	struct bench b = bench_of(EXPECT_BLIND, "stress", 1000);

	(void)state;
	expect_outcome(&b, GRADE_REQUIRED, "lost");
	add_outcome(&b, "lost", 1000);
	add_race(&b, RACE, "f", "g", 7);
	judge(&b, VERDICT_AS_EXPECTED, "broken, as expected");
	assert_true(has_note(&b, "news: ThreadSanitizer reported a data race"));
	result_release(&b.result);
}

static void our_own_failures_are_errors_and_never_green(void **state)
{
	struct bench b = bench_of(EXPECT_CLEAN, "stress", 0);

	(void)state;
	judge(&b, VERDICT_ERROR, "no iteration of it ran");
	b.run->iterations = 10;
	b.run->reports = 3;
	b.subject->verdict = VERDICT_NONE;
	judge(&b, VERDICT_ERROR, "made 3 reports, and none of the text");
	b.run->reports = 0;
	add_finding(&b, RACE, KIND_TSAN_FATAL, 1);
	b.subject->verdict = VERDICT_NONE;
	judge(&b, VERDICT_ERROR, "ThreadSanitizer itself failed");
	b.subject->expect = EXPECT_BROKEN;
	b.run->finding_count = b.run->reports = 0;
	b.subject->verdict = VERDICT_NONE;
	judge(&b, VERDICT_ERROR, "requires nothing");
	result_release(&b.result);
}

static void zero_explored_schedules_are_never_green(void **state)
{
	struct bench b = bench_of(EXPECT_CLEAN, "stress", 1000);
	struct run *run = arena_push(&b.result.arena, &b.subject->runs,
				     &b.subject->run_count, sizeof(*run));

	(void)state;
	run->engine = "explore";
	judge(&b, VERDICT_ERROR, "explore ran no schedule at all");
	result_release(&b.result);
}

static void a_finding_goes_before_trouble(void **state)
{
	struct bench b = bench_of(EXPECT_CLEAN, "stress", 1000);

	(void)state;
	b.subject->verdict = VERDICT_ERROR;
	b.subject->why = "the host died";
	judge(&b, VERDICT_ERROR, "the host died");
	add_race(&b, RACE, "f", "g", 7);
	judge(&b, VERDICT_UNEXPECTED, "not described");
	assert_true(has_note(&b, "the host died"));
	result_release(&b.result);
}

static void exit_of(enum exit_code exit, enum verdict whole,
		    const enum verdict *verdicts, size_t count)
{
	struct subject subjects[4] = {{0}};
	struct result result = {.subjects = subjects, .subject_count = count};

	for (size_t i = 0; i < count; i++)
		subjects[i].verdict = verdicts[i];
	judge_result(&result);
	assert_int_equal(result.exit, exit);
	assert_int_equal(result.verdict, whole);
}

#define EXIT_OF(exit, whole, ...)                                 \
	exit_of(exit, whole, (const enum verdict[]){__VA_ARGS__}, \
		sizeof((const enum verdict[]){__VA_ARGS__}) /     \
			sizeof(enum verdict))

static void the_exit_code_follows_the_worst_verdict(void **state)
{
	(void)state;
	EXIT_OF(0, VERDICT_AS_EXPECTED, VERDICT_AS_EXPECTED, VERDICT_SKIPPED);
	EXIT_OF(0, VERDICT_KNOWN, VERDICT_CLEAN, VERDICT_KNOWN);
	EXIT_OF(1, VERDICT_MISSED, VERDICT_ERROR, VERDICT_MISSED);
	EXIT_OF(1, VERDICT_NEW, VERDICT_NEW, VERDICT_ERROR, VERDICT_CLEAN);
	EXIT_OF(1, VERDICT_FAILED, VERDICT_FAILED, VERDICT_NONE);
	EXIT_OF(1, VERDICT_UNEXPECTED, VERDICT_UNEXPECTED, VERDICT_MISSED);
	EXIT_OF(3, VERDICT_ERROR, VERDICT_AS_EXPECTED, VERDICT_ERROR);
	EXIT_OF(3, VERDICT_SKIPPED, VERDICT_SKIPPED, VERDICT_SKIPPED);
	EXIT_OF(3, VERDICT_ERROR, VERDICT_AS_EXPECTED, VERDICT_NONE);
	exit_of(3, VERDICT_NONE, NULL, 0);
}

static void an_interrupted_campaign_exits_with_130(void **state)
{
	struct bench b = bench_of(EXPECT_CLEAN, "stress", 0);

	(void)state;
	b.result.is_interrupted = true;
	judge(&b, VERDICT_SKIPPED, "interrupted before it ran");
	judge_result(&b.result);
	assert_int_equal(b.result.exit, 130);
	result_release(&b.result);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_silent_clean_scenario_states_its_bound),
		cmocka_unit_test(a_green_of_few_iterations_is_warned_of),
		cmocka_unit_test(a_report_that_no_line_describes_is_unexpected),
		cmocka_unit_test(a_broken_scenario_seen_broken_is_as_expected),
		cmocka_unit_test(a_required_line_not_seen_says_how_many_more),
		cmocka_unit_test(a_blind_scenario_needs_its_outcome),
		cmocka_unit_test(a_report_of_a_blind_scenario_is_news),
		cmocka_unit_test(our_own_failures_are_errors_and_never_green),
		cmocka_unit_test(zero_explored_schedules_are_never_green),
		cmocka_unit_test(a_finding_goes_before_trouble),
		cmocka_unit_test(the_exit_code_follows_the_worst_verdict),
		cmocka_unit_test(an_interrupted_campaign_exits_with_130),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
