#include "policy_court.h"

static void silent_runs_say_what_rate_they_exclude(void **state)
{
	struct court *c = court_of(SUBJECT_PROGRAM, 20);

	(void)state;
	judged(c, VERDICT_CLEAN, 0,
	       "clean: no report in 20 runs, so a rate above 14 % is excluded "
	       "at 95 %");
	release(c);
}

static void without_a_baseline_every_finding_fails(void **state)
{
	struct court *c = court_of(SUBJECT_TEST, 20);
	const struct finding *f = see(c, "put", "get", 3);

	(void)state;
	judged(c, VERDICT_NEW, 1,
	       "found: data race between put (a.c:10) and get (b.c:17) in 3 of "
	       "20 runs (5.2-36 %)");
	assert_int_equal(f->standing, STANDING_NONE);
	assert_null(f->standing_why);
	assert_true(c->run->findings[0].low > 0.05);
	release(c);
}

static void what_is_new_goes_before_what_is_known(void **state)
{
	struct court *c = court_of(SUBJECT_TEST, 20);

	(void)state;
	accept(c, see(c, "put", "get", 3), NULL);
	see(c, "one", "two", 1);
	judged(c, VERDICT_NEW, 1, "new: data race between one (a.c:10)");
	assert_int_equal(c->result.findings[0].standing, STANDING_KNOWN);
	assert_int_equal(c->result.findings[1].standing, STANDING_NEW);
	release(c);
}

static void what_is_known_does_not_fail(void **state)
{
	struct court *c = court_of(SUBJECT_TEST, 20);

	(void)state;
	accept(c, see(c, "put", "get", 3), NULL);
	judged(c, VERDICT_KNOWN, 0,
	       "known: data race between put (a.c:10) and get (b.c:17) in 3 of "
	       "20 runs (5.2-36 %) is in the baseline");
	accept(c, see(c, "one", "two", 9), NULL);
	judged(c, VERDICT_KNOWN, 0,
	       "known: all 2 findings are in the baseline; the most frequent "
	       "is a data race between one");
	release(c);
}

static void what_is_expired_fails(void **state)
{
	struct court *c = court_of(SUBJECT_TEST, 20);

	(void)state;
	accept(c, see(c, "put", "get", 3), "2026-11-22");
	judged(c, VERDICT_NEW, 1, "no longer in the baseline: data race");
	assert_int_equal(c->result.findings[0].standing, STANDING_EXPIRED);
	release(c);
}

static void fail_on_any_fails_for_the_known_too(void **state)
{
	struct court *c = court_of(SUBJECT_TEST, 20);

	(void)state;
	c->policy.fail_on = FAIL_ON_ANY;
	accept(c, see(c, "put", "get", 3), NULL);
	judged(c, VERDICT_NEW, 1, "known, and to fail all the same: data race");
	assert_int_equal(c->result.findings[0].standing, STANDING_KNOWN);
	release(c);
}

static void fail_on_never_lets_reports_pass_and_nothing_else(void **state)
{
	struct court *c = court_of(SUBJECT_TEST, 20);

	(void)state;
	c->policy.fail_on = FAIL_ON_NEVER;
	see(c, "put", "get", 3);
	judged(c, VERDICT_NEW, 0, "found: data race");
	assert_int_equal(c->result.verdict, VERDICT_NEW);
	end(c, "exit 3", 2);
	judged(c, VERDICT_NEW, 1, "found: data race");
	assert_true(is_noted(c, "failed: exit 3 in 2 of 20 runs", 1));
	release(c);
}

static void fail_on_never_does_not_hide_trouble(void **state)
{
	struct court *c = court_of(SUBJECT_TEST, 20);

	(void)state;
	c->policy.fail_on = FAIL_ON_NEVER;
	c->subject->verdict = VERDICT_ERROR;
	c->subject->why = "the disk was full";
	see(c, "put", "get", 3);
	judged(c, VERDICT_NEW, 3, "found: data race");
	release(c);
}

static void only_the_causes_asked_for_fail(void **state)
{
	static const char *const causes[] = {"use-after-free"};
	struct court *c = court_of(SUBJECT_TEST, 20);

	(void)state;
	c->policy.fail_causes = causes;
	c->policy.fail_cause_count = 1;
	see(c, "put", "get", 3);
	judged(c, VERDICT_KNOWN, 0,
	       "is of a cause that is not among those that fail");
	see(c, "one", "two", 1)->causes[0].cause = "use-after-free";
	judged(c, VERDICT_NEW, 1, "found: data race between one");
	release(c);
}

static void a_bad_end_fails_whatever_the_cause(void **state)
{
	static const char *const causes[] = {"deadlock"};
	struct court *c = court_of(SUBJECT_PROGRAM, 20);

	(void)state;
	c->policy.fail_causes = causes;
	c->policy.fail_cause_count = 1;
	see(c, "put", "get", 3);
	see_end(c, KIND_CRASH, 2);
	end(c, "@crash", 2);
	judged(c, VERDICT_FAILED, 1, "failed: crash in 2 of 20 runs");
	release(c);
}

static void bad_ends_fail(void **state)
{
	struct court *c = court_of(SUBJECT_PROGRAM, 20);

	(void)state;
	end(c, "exit 3", 2);
	judged(c, VERDICT_FAILED, 1, "failed: exit 3 in 2 of 20 runs");
	end(c, "@hang", 1);
	judged(c, VERDICT_FAILED, 1, "; and 1 other bad end besides");
	release(c);
}

static void a_bad_end_is_known_when_all_of_it_is(void **state)
{
	struct court *c = court_of(SUBJECT_PROGRAM, 20);

	(void)state;
	accept(c, see_end(c, KIND_CRASH, 2), NULL);
	end(c, "@crash", 2);
	judged(c, VERDICT_KNOWN, 0, "known: crash in 2 of 20 runs");
	/* A third time, of which no finding tells. */
	c->run->outcomes[0].count = 3;
	judged(c, VERDICT_FAILED, 1, "failed: @crash in 3 of 20 runs");
	release(c);
}

static void trouble_stands_where_all_is_forgiven(void **state)
{
	struct court *c = court_of(SUBJECT_TEST, 20);

	(void)state;
	c->subject->verdict = VERDICT_ERROR;
	c->subject->why = "the disk was full";
	see(c, "put", "get", 3);
	judged(c, VERDICT_NEW, 1, "found");
	judged(c, VERDICT_NEW, 1, "found");
	assert_true(is_noted(c, "the disk was full", 1));
	/* As a gate does it later, with a baseline. */
	accept(c, &c->result.findings[0], NULL);
	judged(c, VERDICT_ERROR, 3, "the disk was full");
	release(c);
}

static void what_proves_nothing_is_never_clean(void **state)
{
	struct court *c = court_of(SUBJECT_TEST, 0);

	(void)state;
	judged(c, VERDICT_ERROR, 3, "no run of it ended");
	release(c);
	c = court_of(SUBJECT_TEST, 5);
	c->run->reports = 2;
	judged(c, VERDICT_ERROR, 3, "none of their text");
	release(c);
	c = court_of(SUBJECT_TEST, 5);
	see_end(c, KIND_TSAN_FATAL, 1);
	judged(c, VERDICT_ERROR, 3, "ThreadSanitizer itself failed");
	release(c);
	c = court_of(SUBJECT_TEST, 5);
	accept(c, see(c, "put", "get", 3), NULL);
	c->run->dropped = 1;
	judged(c, VERDICT_ERROR, 3, "could not be kept");
	release(c);
	c = court_of(SUBJECT_TEST, 5);
	c->subject->verdict = VERDICT_SKIPPED;
	c->subject->why = "not here";
	judged(c, VERDICT_SKIPPED, 3, "not here");
	release(c);
}

static void a_log_is_clean_only_where_its_reader_says_so(void **state)
{
	struct court *c = court_of(SUBJECT_LOG, 0);

	(void)state;
	judged(c, VERDICT_ERROR, 3, "nothing says that ThreadSanitizer");
	release(c);
	c = court_of(SUBJECT_LOG, 0);
	c->subject->verdict = VERDICT_CLEAN;
	c->subject->why = "clean: it reported nothing";
	judged(c, VERDICT_CLEAN, 0, "it reported nothing");
	release(c);
	c = court_of(SUBJECT_LOG, 0);
	see(c, "put", "get", 3);
	judged(c, VERDICT_NEW, 1, "get (b.c:17) in 3 reports");
	/* No run tells of it: it is found by its subject's id. */
	c->run->finding_count = 0;
	judged(c, VERDICT_NEW, 1, "get (b.c:17) in 1 report");
	release(c);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(silent_runs_say_what_rate_they_exclude),
		cmocka_unit_test(without_a_baseline_every_finding_fails),
		cmocka_unit_test(what_is_new_goes_before_what_is_known),
		cmocka_unit_test(what_is_known_does_not_fail),
		cmocka_unit_test(what_is_expired_fails),
		cmocka_unit_test(fail_on_any_fails_for_the_known_too),
		cmocka_unit_test(
			fail_on_never_lets_reports_pass_and_nothing_else),
		cmocka_unit_test(fail_on_never_does_not_hide_trouble),
		cmocka_unit_test(only_the_causes_asked_for_fail),
		cmocka_unit_test(a_bad_end_fails_whatever_the_cause),
		cmocka_unit_test(bad_ends_fail),
		cmocka_unit_test(a_bad_end_is_known_when_all_of_it_is),
		cmocka_unit_test(trouble_stands_where_all_is_forgiven),
		cmocka_unit_test(what_proves_nothing_is_never_clean),
		cmocka_unit_test(a_log_is_clean_only_where_its_reader_says_so),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
