#include "evidence_case.h"

static size_t add(struct result *to, const struct result *from, size_t at)
{
	struct unite *unite = unite_new(to);
	size_t place = unite_finding(unite, &from->findings[at]);

	unite_free(unite);
	return place;
}

static struct result result_with(const char *a, const char *b, uint64_t hits)
{
	const struct record record = {
		.id = "a", .iterations = 9, .hits = hits, .races = {a, b}};
	struct result r = {0};

	record_fill(&r, &record);
	return r;
}

static void equal_findings_of_two_results_are_one_and_add_up(void **state)
{
	struct result a = result_with("get", "put", 2), to = {0};
	struct result b = result_with("put", "get", 3);

	(void)state;
	assert_int_equal(add(&to, &a, 0), 0);
	assert_int_equal(add(&to, &b, 0), 0);
	assert_int_equal(to.finding_count, 1);
	assert_int_equal(to.findings[0].count, 5);
	assert_string_equal(to.findings[0].fingerprint,
			    a.findings[0].fingerprint);
	result_release(&a);
	result_release(&b);
	/* Nothing is borrowed. */
	assert_string_equal(
		to.findings[0].report->accesses[0].stack.frames[0].function,
		"get");
	assert_string_equal(to.findings[0].subject, "a");
	result_release(&to);
}

static void another_race_is_another_finding(void **state)
{
	struct result a = result_with("get", "put", 1), to = {0};
	struct result b = result_with("get", "drop", 1);

	(void)state;
	assert_int_equal(add(&to, &a, 0), 0);
	assert_int_equal(add(&to, &b, 0), 1);
	result_release(&a);
	result_release(&b);
	result_release(&to);
}

static void a_report_with_a_lost_side_joins_the_whole_one(void **state)
{
	struct result whole = result_with("get", "put", 1), to = {0};
	struct result part = result_with("get", NULL, 4);

	(void)state;
	assert_int_equal(add(&to, &whole, 0), 0);
	assert_int_equal(add(&to, &part, 0), 0);
	assert_int_equal(to.findings[0].count, 5);
	assert_int_equal(to.findings[0].report->accesses[1].stack.count, 1);
	result_release(&whole);
	result_release(&part);
	result_release(&to);
}

static void the_causes_are_those_of_the_better_report(void **state)
{
	struct result poor = result_with("get", "put", 1), to = {0};
	struct result rich = result_with("get", "put", 1);
	struct candidate guess = {.cause = "unknown", .confidence = 0.1},
			 known = {.cause = "stop-flag", .confidence = 0.9};
	struct report incomplete = *poor.findings[0].report;

	(void)state;
	incomplete.is_incomplete = true;
	poor.findings[0].report = &incomplete;
	poor.findings[0].causes = &guess;
	poor.findings[0].cause_count = 1;
	rich.findings[0].causes = &known;
	rich.findings[0].cause_count = 1;
	add(&to, &poor, 0);
	assert_string_equal(to.findings[0].causes[0].cause, "unknown");
	add(&to, &rich, 0);
	assert_string_equal(to.findings[0].causes[0].cause, "stop-flag");
	add(&to, &poor, 0);
	assert_string_equal(to.findings[0].causes[0].cause, "stop-flag");
	result_release(&poor);
	result_release(&rich);
	result_release(&to);
}

static void every_kind_that_was_united_is_told(void **state)
{
	struct result a = result_with("get", "put", 1), to = {0};
	struct result b = result_with("get", "put", 1);
	struct report freed = *b.findings[0].report;

	(void)state;
	freed.kind = KIND_USE_AFTER_FREE;
	b.findings[0].report = &freed;
	b.findings[0].kinds = UINT64_C(1) << KIND_USE_AFTER_FREE;
	add(&to, &a, 0);
	add(&to, &b, 0);
	assert_int_equal(to.finding_count, 1);
	assert_true(finding_has_kind(&to.findings[0], KIND_DATA_RACE));
	assert_true(finding_has_kind(&to.findings[0], KIND_USE_AFTER_FREE));
	assert_int_equal(to.findings[0].report->kind, KIND_USE_AFTER_FREE);
	result_release(&a);
	result_release(&b);
	result_release(&to);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			equal_findings_of_two_results_are_one_and_add_up),
		cmocka_unit_test(another_race_is_another_finding),
		cmocka_unit_test(a_report_with_a_lost_side_joins_the_whole_one),
		cmocka_unit_test(the_causes_are_those_of_the_better_report),
		cmocka_unit_test(every_kind_that_was_united_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
