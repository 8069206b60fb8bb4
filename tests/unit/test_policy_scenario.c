#include "policy_court.h"

static struct court *scenario_of(enum expect expect)
{
	struct court *c = court_of(SUBJECT_SCENARIO, 1000);

	c->subject->expect = expect;
	return c;
}

static void scenario_judged(struct court *c, enum verdict verdict,
			    enum exit_code exit, const char *why)
{
	judge_scenario(&c->result, c->subject);
	judged(c, verdict, exit, why);
	judged(c, verdict, exit, why); /* and once more, as a gate does */
}

static void a_scenario_is_known_when_all_forbidden_is(void **state)
{
	struct court *c = scenario_of(EXPECT_CLEAN);

	(void)state;
	see(c, "put", "get", 7);
	scenario_judged(c, VERDICT_UNEXPECTED, 1, "not described: data race");
	accept(c, &c->result.findings[0], NULL);
	judged(c, VERDICT_KNOWN, 0,
	       "in 7 of 1,000 iterations (0.34-1.4 %) is in the baseline");
	/* And unexpected again without that baseline. */
	c->policy.baseline = NULL;
	judged(c, VERDICT_UNEXPECTED, 1, "not described: data race");
	release(c);
}

static void a_known_race_hides_no_other(void **state)
{
	struct court *c = scenario_of(EXPECT_CLEAN);

	(void)state;
	accept(c, see(c, "put", "get", 7), NULL);
	see(c, "one", "two", 1);
	scenario_judged(c, VERDICT_UNEXPECTED, 1, "not described: data race");
	release(c);
}

static void a_known_race_hides_no_outcome(void **state)
{
	struct court *c = scenario_of(EXPECT_CLEAN);

	(void)state;
	accept(c, see(c, "put", "get", 7), NULL);
	end(c, "@hang", 1);
	scenario_judged(c, VERDICT_UNEXPECTED, 1, "not described");
	c->policy.fail_on = FAIL_ON_NEVER;
	judged(c, VERDICT_UNEXPECTED, 1, "not described");
	release(c);
}

static void a_known_race_hides_nothing_missed(void **state)
{
	struct court *c = scenario_of(EXPECT_BROKEN);
	struct expected_report line = {.kind = KIND_THREAD_LEAK,
				       .grade = GRADE_REQUIRED};

	(void)state;
	c->subject->expected_reports = &line;
	c->subject->expected_report_count = 1;
	accept(c, see(c, "put", "get", 7), NULL);
	scenario_judged(c, VERDICT_MISSED, 1, "required and not seen");
	release(c);
}

static void a_known_race_hides_no_trouble(void **state)
{
	struct court *c = scenario_of(EXPECT_CLEAN);

	(void)state;
	c->subject->verdict = VERDICT_ERROR;
	c->subject->why = "the host died";
	accept(c, see(c, "put", "get", 7), NULL);
	scenario_judged(c, VERDICT_ERROR, 3, "the host died");
	release(c);
}

static void fail_on_never_forgives_an_unexpected_report(void **state)
{
	struct court *c = scenario_of(EXPECT_CLEAN);

	(void)state;
	c->policy.fail_on = FAIL_ON_NEVER;
	see(c, "put", "get", 7);
	scenario_judged(c, VERDICT_UNEXPECTED, 0, "not described: data race");
	release(c);
}

static void what_a_scenario_expects_is_neither_new_nor_known(void **state)
{
	struct court *c = scenario_of(EXPECT_BROKEN);
	struct expected_report line = {.kind = KIND_DATA_RACE,
				       .grade = GRADE_REQUIRED};

	(void)state;
	c->subject->expected_reports = &line;
	c->subject->expected_report_count = 1;
	c->policy.baseline = &c->baseline;
	see(c, "put", "get", 7);
	scenario_judged(c, VERDICT_AS_EXPECTED, 0, "broken, as expected");
	assert_int_equal(c->result.findings[0].standing, STANDING_NONE);
	release(c);
}

static void a_campaign_stops_for_what_is_not_known(void **state)
{
	struct court *c = scenario_of(EXPECT_CLEAN);

	(void)state;
	accept(c, see(c, "put", "get", 7), NULL);
	judge_scenario(&c->result, c->subject);
	assert_false(policy_is_failing(&c->result, c->subject, &c->policy));
	see(c, "one", "two", 1)->cause_count = 0;
	assert_true(policy_is_failing(&c->result, c->subject, &c->policy));
	release(c);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_scenario_is_known_when_all_forbidden_is),
		cmocka_unit_test(a_known_race_hides_no_other),
		cmocka_unit_test(a_known_race_hides_no_outcome),
		cmocka_unit_test(a_known_race_hides_nothing_missed),
		cmocka_unit_test(a_known_race_hides_no_trouble),
		cmocka_unit_test(fail_on_never_forgives_an_unexpected_report),
		cmocka_unit_test(
			what_a_scenario_expects_is_neither_new_nor_known),
		cmocka_unit_test(a_campaign_stops_for_what_is_not_known),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
