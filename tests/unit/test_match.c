#include "judge_bench.h"

static void functions_further_out_match_too(void **state)
{
	struct bench b = bench_of(EXPECT_BROKEN, "stress", 1000);

	(void)state;
	expect_race(&b, GRADE_REQUIRED, "body_f", "g");
	add_race(&b, RACE, "f(int)", "g.part.0", 7);
	judge(&b, VERDICT_AS_EXPECTED, "broken, as expected");
	result_release(&b.result);
}

static void both_functions_need_a_side_of_their_own(void **state)
{
	struct bench b = bench_of(EXPECT_BROKEN, "stress", 1000);

	(void)state;
	expect_race(&b, GRADE_REQUIRED, "f", "body_f");
	add_race(&b, RACE, "f", "g", 7);
	judge(&b, VERDICT_UNEXPECTED, "not described");
	assert_true(has_note(&b, "required and not seen"));
	result_release(&b.result);
}

static void a_side_that_was_lost_may_be_any_function(void **state)
{
	struct bench b = bench_of(EXPECT_BROKEN, "stress", 1000);

	(void)state;
	expect_race(&b, GRADE_REQUIRED, "f", "g");
	add_race(&b, RACE, "f", NULL, 7);
	judge(&b, VERDICT_AS_EXPECTED, "broken, as expected");
	result_release(&b.result);
}

static void the_line_that_fits_best_grades(void **state)
{
	struct bench b = bench_of(EXPECT_BROKEN, "stress", 1000);

	(void)state;
	expect_race(&b, GRADE_REQUIRED, NULL, NULL);
	expect_race(&b, GRADE_FORBIDDEN, "f", "g");
	add_race(&b, RACE, "f", "f", 7);
	judge(&b, VERDICT_AS_EXPECTED, "broken, as expected");
	add_race(&b, OTHER, "f", "g", 1);
	judge(&b, VERDICT_UNEXPECTED, "forbidden: data race between f");
	result_release(&b.result);
}

static void another_cause_is_a_note_and_no_failure(void **state)
{
	struct bench b = bench_of(EXPECT_BROKEN, "stress", 1000);

	(void)state;
	expect_race(&b, GRADE_REQUIRED, "f", "g")->cause = "missing-lock";
	add_race(&b, RACE, "f", "g", 7);
	judge(&b, VERDICT_AS_EXPECTED, "broken, as expected");
	assert_true(has_note(&b, "calls its data race missing-lock, the "
				 "classifier lost-update"));
	result_release(&b.result);
}

static void an_outcome_that_no_line_describes_is_forbidden(void **state)
{
	struct bench b = bench_of(EXPECT_CLEAN, "stress", 1000);

	(void)state;
	expect_outcome(&b, GRADE_ALLOWED, "exact");
	add_outcome(&b, "exact", 999);
	add_outcome(&b, "torn", 1);
	judge(&b, VERDICT_UNEXPECTED,
	      "not described: outcome \"torn\" in 1 of 1,000 iterations");
	assert_int_equal(b.run->outcomes[0].grade, GRADE_ALLOWED);
	assert_int_equal(b.run->outcomes[1].grade, GRADE_FORBIDDEN);
	result_release(&b.result);
}

static void without_lines_only_the_harness_outcomes_are_judged(void **state)
{
	struct bench b = bench_of(EXPECT_CLEAN, "stress", 1000);

	(void)state;
	add_outcome(&b, "torn", 999);
	judge(&b, VERDICT_AS_EXPECTED, "clean");
	assert_int_equal(b.run->outcomes[0].grade, GRADE_NONE);
	add_outcome(&b, "@deadlock", 1);
	judge(&b, VERDICT_UNEXPECTED, "not described: outcome @deadlock in 1");
	result_release(&b.result);
}

static void a_star_stands_for_other_outcomes_of_check_only(void **state)
{
	struct bench b = bench_of(EXPECT_CLEAN, "stress", 1000);

	(void)state;
	expect_outcome(&b, GRADE_ALLOWED, "*");
	expect_outcome(&b, GRADE_FORBIDDEN, "lost");
	add_outcome(&b, "exact", 998);
	judge(&b, VERDICT_AS_EXPECTED, "clean");
	add_outcome(&b, "lost", 1);
	judge(&b, VERDICT_UNEXPECTED,
	      "forbidden: outcome \"lost\" (an update was lost)");
	b.run->outcomes[1].name = "@crash";
	b.subject->verdict = VERDICT_NONE;
	judge(&b, VERDICT_UNEXPECTED, "not described: outcome @crash");
	result_release(&b.result);
}

static void no_check_and_only_harness_lines_leave_nothing_to_judge(void **state)
{
	struct bench b = bench_of(EXPECT_CLEAN, "stress", 1000);

	(void)state;
	expect_outcome(&b, GRADE_ALLOWED, "@crash");
	add_outcome(&b, "", 1000);
	judge(&b, VERDICT_AS_EXPECTED, "clean");
	expect_outcome(&b, GRADE_ALLOWED, "exact");
	judge(&b, VERDICT_UNEXPECTED, "not described: outcome \"\"");
	result_release(&b.result);
}

static void what_another_engine_requires_is_merely_allowed(void **state)
{
	struct bench b = bench_of(EXPECT_BLIND, "stress", 1000);

	(void)state;
	expect_outcome(&b, GRADE_REQUIRED, "lost")->engines = ENGINE_EXPLORE;
	expect_outcome(&b, GRADE_ALLOWED, "exact");
	add_outcome(&b, "exact", 1000);
	judge(&b, VERDICT_SKIPPED, "an engine that did not run");
	add_outcome(&b, "lost", 3);
	b.subject->verdict = VERDICT_NONE;
	judge(&b, VERDICT_SKIPPED, "an engine that did not run");
	assert_int_equal(b.run->outcomes[1].grade, GRADE_ALLOWED);
	b.run->engine = "explore";
	b.subject->verdict = VERDICT_NONE;
	judge(&b, VERDICT_AS_EXPECTED, "outcome \"lost\" in 3 of 1,000");
	result_release(&b.result);
}

static void an_allowed_line_of_another_engine_describes_nothing(void **state)
{
	struct bench b = bench_of(EXPECT_CLEAN, "stress", 1000);

	(void)state;
	expect_race(&b, GRADE_ALLOWED, "f", "g")->engines = ENGINE_EXPLORE;
	add_race(&b, RACE, "f", "g", 7);
	judge(&b, VERDICT_UNEXPECTED, "not described");
	result_release(&b.result);
}

static void a_deadlock_is_judged_as_an_outcome(void **state)
{
	struct bench b = bench_of(EXPECT_BROKEN, "explore", 1000);
	struct finding *finding = add_finding(&b, RACE, KIND_DEADLOCK, 9);

	(void)state;
	finding->outcome = "@deadlock";
	b.run->reports = 0;
	add_outcome(&b, "@deadlock", 9);
	expect_outcome(&b, GRADE_REQUIRED, "@deadlock");
	judge(&b, VERDICT_AS_EXPECTED,
	      "broken, as expected: outcome @deadlock in 9 of 1,000");
	b.subject->expected_outcomes[0].grade = GRADE_FORBIDDEN;
	b.subject->expect = EXPECT_CLEAN;
	judge(&b, VERDICT_UNEXPECTED, "forbidden: outcome @deadlock");
	assert_null(strstr(b.subject->why, "besides"));
	result_release(&b.result);
}

static void a_deadly_signal_is_judged_as_a_crash(void **state)
{
	struct bench b = bench_of(EXPECT_CLEAN, "stress", 1000);

	(void)state;
	add_finding(&b, RACE, KIND_DEADLY_SIGNAL, 1);
	judge(&b, VERDICT_UNEXPECTED, "not described: outcome @crash");
	expect_outcome(&b, GRADE_ALLOWED, "@crash");
	b.run->reports = 0;
	b.subject->verdict = VERDICT_NONE;
	judge(&b, VERDICT_AS_EXPECTED, "clean");
	result_release(&b.result);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(functions_further_out_match_too),
		cmocka_unit_test(both_functions_need_a_side_of_their_own),
		cmocka_unit_test(a_side_that_was_lost_may_be_any_function),
		cmocka_unit_test(the_line_that_fits_best_grades),
		cmocka_unit_test(another_cause_is_a_note_and_no_failure),
		cmocka_unit_test(
			an_outcome_that_no_line_describes_is_forbidden),
		cmocka_unit_test(
			without_lines_only_the_harness_outcomes_are_judged),
		cmocka_unit_test(
			a_star_stands_for_other_outcomes_of_check_only),
		cmocka_unit_test(
			no_check_and_only_harness_lines_leave_nothing_to_judge),
		cmocka_unit_test(
			what_another_engine_requires_is_merely_allowed),
		cmocka_unit_test(
			an_allowed_line_of_another_engine_describes_nothing),
		cmocka_unit_test(a_deadlock_is_judged_as_an_outcome),
		cmocka_unit_test(a_deadly_signal_is_judged_as_a_crash),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
