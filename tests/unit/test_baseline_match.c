#include "baseline_bench.h"

static void what_has_an_entry_is_known(void **state)
{
	struct baseline b = {0};
	struct finding *f = race_of(&b, "put", "get", "total");

	(void)state;
	stands(&b, f, TODAY, STANDING_NEW, "the baseline does not have it");
	know(&b, f, NULL)->owner = "alice";
	stands(&b, f, TODAY, STANDING_KNOWN,
	       "in the baseline: it is known (alice)");
	stands(&b, race_of(&b, "put", "other", "total"), TODAY, STANDING_NEW,
	       "the baseline does not have it");
	baseline_release(&b);
}

static void lines_do_not_matter(void **state)
{
	struct baseline b = {0};
	struct result moved = {0};

	(void)state;
	know(&b, race_of(&b, "put", "get", "total"), NULL);
	stands(&b, add_race_of(&moved, "put", "get", "total", 345), TODAY,
	       STANDING_KNOWN, "in the baseline");
	result_release(&moved);
	baseline_release(&b);
}

static void the_same_places_on_other_data_are_new(void **state)
{
	struct baseline b = {0};

	(void)state;
	know(&b, race_of(&b, "put", "get", "total"), NULL);
	stands(&b, race_of(&b, "put", "get", "count"), TODAY, STANDING_NEW,
	       "the same places race on other data than the baseline's entry "
	       "says");
	baseline_release(&b);
}

static void all_of_the_data_has_to_be_known(void **state)
{
	struct baseline b = {0};
	struct result both = {0};
	struct finding *f;

	(void)state;
	add_race_of(&both, "put", "get", "total", 10);
	f = add_race_of(&both, "put", "get", "count", 10);
	assert_int_equal(both.finding_count, 1);
	assert_int_equal(f->family_count, 2);
	know(&b, race_of(&b, "put", "get", "total"), NULL);
	stands(&b, f, TODAY, STANDING_NEW, "other data");
	/* What is missing becomes an entry of its own. */
	assert_int_equal(know(&b, f, "2026-12-31")->family_count, 1);
	assert_int_equal(b.entry_count, 2);
	stands(&b, f, TODAY, STANDING_KNOWN, "in the baseline");
	stands(&b, f, "2027-01-01", STANDING_EXPIRED, "until 2026-12-31");
	assert_null(baseline_entry_add(&b, f, NULL));
	result_release(&both);
	baseline_release(&b);
}

static void data_that_is_not_said_may_be_any(void **state)
{
	struct baseline b = {0};
	struct finding *said = race_of(&b, "put", "get", "total");
	struct finding *unsaid = race_of(&b, "put", "get", NULL);

	(void)state;
	assert_int_equal(know(&b, said, NULL)->family_count, 1);
	stands(&b, unsaid, TODAY, STANDING_KNOWN, "in the baseline");
	b.entry_count = 0;
	assert_int_equal(know(&b, unsaid, NULL)->family_count, 0);
	stands(&b, said, TODAY, STANDING_KNOWN, "in the baseline");
	baseline_release(&b);
}

static void a_report_that_says_less_makes_nothing_new(void **state)
{
	struct baseline b = {0};
	struct result mixed = {0};
	struct finding *f;

	(void)state;
	know(&b, race_of(&b, "put", "get", "total"), NULL);
	add_race_of(&mixed, "put", "get", "total", 10);
	add_race_of(&mixed, "put", "get", NULL, 10);
	f = add_race_of(&mixed, "put", NULL, NULL, 10);
	assert_int_equal(mixed.finding_count, 1);
	stands(&b, f, TODAY, STANDING_KNOWN, "in the baseline");
	result_release(&mixed);
	baseline_release(&b);
}

static void a_lost_side_of_a_finding_may_be_any(void **state)
{
	struct baseline b = {0};

	(void)state;
	know(&b, race_of(&b, "put", "get", "total"), NULL);
	stands(&b, race_of(&b, "put", NULL, "total"), TODAY, STANDING_KNOWN,
	       "in the baseline");
	stands(&b, race_of(&b, NULL, "get", NULL), TODAY, STANDING_KNOWN,
	       "in the baseline");
	stands(&b, race_of(&b, "put", NULL, "count"), TODAY, STANDING_NEW,
	       "other data");
	stands(&b, race_of(&b, "third", NULL, "total"), TODAY, STANDING_NEW,
	       "does not have it");
	baseline_release(&b);
}

static void a_lost_side_of_an_entry_needs_its_very_data(void **state)
{
	struct baseline b = {0};
	struct baseline_entry *e =
		know(&b, race_of(&b, "put", NULL, "total"), NULL);

	(void)state;
	assert_string_equal(e->side_hashes[0], "");
	assert_string_equal(e->sides[0], "put (src/a.c)");
	assert_string_equal(e->sides[1], "?");
	stands(&b, race_of(&b, "put", "get", "total"), TODAY, STANDING_KNOWN,
	       "in the baseline");
	stands(&b, race_of(&b, "put", "get", "count"), TODAY, STANDING_NEW,
	       "does not have it");
	stands(&b, race_of(&b, "put", "get", NULL), TODAY, STANDING_NEW,
	       "does not have it");
	baseline_release(&b);
}

static void what_cannot_be_told_from_others_has_no_entry(void **state)
{
	struct baseline b = {0};

	(void)state;
	assert_true(baseline_is_nameless(race_of(&b, NULL, NULL, NULL)));
	assert_false(baseline_is_nameless(race_of(&b, NULL, NULL, "total")));
	assert_false(baseline_is_nameless(race_of(&b, "put", NULL, NULL)));
	know(&b, race_of(&b, NULL, NULL, "total"), NULL);
	stands(&b, race_of(&b, NULL, NULL, "count"), TODAY, STANDING_NEW, "");
	stands(&b, race_of(&b, NULL, NULL, NULL), TODAY, STANDING_NEW, "");
	stands(&b, race_of(&b, NULL, NULL, "total"), TODAY, STANDING_KNOWN, "");
	baseline_release(&b);
}

static void an_entry_holds_on_its_last_day_and_not_after_it(void **state)
{
	struct baseline b = {0};
	struct finding *f = race_of(&b, "put", "get", "total");

	(void)state;
	know(&b, f, "2026-11-01")->link = "https://x/1";
	stands(&b, f, "2026-11-01", STANDING_KNOWN,
	       "in the baseline until 2026-11-01: it is known (https://x/1)");
	stands(&b, f, "2026-11-02", STANDING_EXPIRED,
	       "in the baseline until 2026-11-01, which is past: it is known");
	baseline_release(&b);
}

static void entries_are_marked_by_what_is_about_them(void **state)
{
	struct baseline b = {0};
	struct finding *total = race_of(&b, "put", "get", "total");
	struct finding *count = race_of(&b, "put", "get", "count");
	bool marks[2] = {false, false};

	(void)state;
	know(&b, total, NULL);
	know(&b, count, NULL);
	baseline_mark(&b, count, marks);
	assert_false(marks[0]);
	assert_true(marks[1]);
	baseline_release(&b);
}

static void an_entry_tells_people_what_it_is_about(void **state)
{
	struct baseline b = {0};
	const struct baseline_entry *e =
		know(&b, race_of(&b, "put", "get", "total"), NULL);

	(void)state;
	assert_string_equal(e->sides[0], "get (src/b.c)"); /* sorted */
	assert_string_equal(e->sides[1], "put (src/a.c)");
	assert_string_equal(e->data, "global 'total'");
	assert_string_equal(e->kind, "data race");
	assert_string_equal(e->subject, "test_one");
	baseline_release(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_has_an_entry_is_known),
		cmocka_unit_test(lines_do_not_matter),
		cmocka_unit_test(the_same_places_on_other_data_are_new),
		cmocka_unit_test(all_of_the_data_has_to_be_known),
		cmocka_unit_test(data_that_is_not_said_may_be_any),
		cmocka_unit_test(a_report_that_says_less_makes_nothing_new),
		cmocka_unit_test(a_lost_side_of_a_finding_may_be_any),
		cmocka_unit_test(a_lost_side_of_an_entry_needs_its_very_data),
		cmocka_unit_test(what_cannot_be_told_from_others_has_no_entry),
		cmocka_unit_test(
			an_entry_holds_on_its_last_day_and_not_after_it),
		cmocka_unit_test(entries_are_marked_by_what_is_about_them),
		cmocka_unit_test(an_entry_tells_people_what_it_is_about),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
