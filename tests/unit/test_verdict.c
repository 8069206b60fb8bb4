#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "judge/verdict.h"

#define RACE "0123456789abcdef0123456789abcdef"
#define OTHER "fedcba9876543210fedcba9876543210"

/* One scenario with one run, built up by each test. */
struct bench {
	struct result result;
	struct subject *subject;
	struct run *run;
};

static struct bench bench_of(enum expect expect, const char *engine,
			     uint64_t iterations)
{
	struct bench b = {0};

	b.subject = arena_push(&b.result.arena, &b.result.subjects,
			       &b.result.subject_count, sizeof(*b.subject));
	b.subject->id = "family/name";
	b.subject->type = SUBJECT_SCENARIO;
	b.subject->expect = expect;
	b.run = arena_push(&b.result.arena, &b.subject->runs,
			   &b.subject->run_count, sizeof(*b.run));
	b.run->engine = engine;
	b.run->threads = 2;
	b.run->iterations = iterations;
	return b;
}

static void add_side(struct bench *b, struct report *report,
		     const char *innermost, const char *caller)
{
	struct arena *arena = &b->result.arena;
	struct access *side = arena_push(arena, &report->accesses,
					 &report->access_count, sizeof(*side));
	const char *functions[] = {"memcpy", innermost, caller};
	const char *files[] = {"<null>", "src/a.c", "src/a.c"};

	for (unsigned i = 0; innermost && i < 3; i++) {
		struct frame *frame =
			arena_push(arena, &side->stack.frames,
				   &side->stack.count, sizeof(*frame));

		frame->function = functions[i];
		frame->file = files[i];
		frame->line = 10 + i;
	}
}

static struct finding *add_finding(struct bench *b, const char *fingerprint,
				   enum kind kind, uint64_t hits)
{
	struct arena *arena = &b->result.arena;
	struct finding *finding =
		arena_push(arena, &b->result.findings, &b->result.finding_count,
			   sizeof(*finding));
	struct run_finding *seen =
		arena_push(arena, &b->run->findings, &b->run->finding_count,
			   sizeof(*seen));
	struct candidate *cause = arena_push(
		arena, &finding->causes, &finding->cause_count, sizeof(*cause));
	struct report *report = arena_alloc(arena, sizeof(*report));

	cause->cause = "lost-update";
	finding->fingerprint = seen->fingerprint = fingerprint;
	finding->report = report;
	report->kind = kind;
	seen->hits = hits;
	b->run->reports += hits;
	return finding;
}

static void add_race(struct bench *b, const char *fingerprint, const char *f,
		     const char *g, uint64_t hits)
{
	struct finding *finding =
		add_finding(b, fingerprint, KIND_DATA_RACE, hits);
	struct report *report;

	memcpy(&report, &finding->report, sizeof(report));
	add_side(b, report, f, "body_f");
	add_side(b, report, g, "body_g");
}

static void add_outcome(struct bench *b, const char *name, uint64_t count)
{
	struct run_outcome *outcome =
		arena_push(&b->result.arena, &b->run->outcomes,
			   &b->run->outcome_count, sizeof(*outcome));

	outcome->name = name;
	outcome->count = count;
	outcome->grade = GRADE_NONE;
}

static struct expected_report *expect_race(struct bench *b, enum grade grade,
					   const char *f, const char *g)
{
	struct expected_report *line =
		arena_push(&b->result.arena, &b->subject->expected_reports,
			   &b->subject->expected_report_count, sizeof(*line));

	line->kind = KIND_DATA_RACE;
	line->grade = grade;
	line->between[0] = f;
	line->between[1] = g;
	line->why = "both write the sum";
	return line;
}

static struct expected_outcome *
expect_outcome(struct bench *b, enum grade grade, const char *when)
{
	struct expected_outcome *line =
		arena_push(&b->result.arena, &b->subject->expected_outcomes,
			   &b->subject->expected_outcome_count, sizeof(*line));

	line->when = when;
	line->grade = grade;
	line->why = "an update was lost";
	return line;
}

static void judge(struct bench *b, enum verdict verdict, const char *why)
{
	judge_scenario(&b->result, b->subject);
	if (b->subject->verdict != verdict || !strstr(b->subject->why, why))
		fail_msg("%s: %s", verdict_name(b->subject->verdict),
			 b->subject->why);
}

static bool has_note(const struct bench *b, const char *words)
{
	for (size_t i = 0; i < b->subject->note_count; i++)
		if (strstr(b->subject->notes[i], words))
			return true;
	return false;
}

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
		cmocka_unit_test(a_blind_scenario_needs_its_outcome),
		cmocka_unit_test(a_report_of_a_blind_scenario_is_news),
		cmocka_unit_test(
			what_another_engine_requires_is_merely_allowed),
		cmocka_unit_test(
			an_allowed_line_of_another_engine_describes_nothing),
		cmocka_unit_test(a_deadlock_is_judged_as_an_outcome),
		cmocka_unit_test(a_deadly_signal_is_judged_as_a_crash),
		cmocka_unit_test(our_own_failures_are_errors_and_never_green),
		cmocka_unit_test(zero_explored_schedules_are_never_green),
		cmocka_unit_test(a_finding_goes_before_trouble),
		cmocka_unit_test(the_exit_code_follows_the_worst_verdict),
		cmocka_unit_test(an_interrupted_campaign_exits_with_130),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
