#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "judge/fingerprint.h"

#define HOME "/home/one/project/"
#define CI "/builds/17/project/"

/* A race of two functions with what must not matter left to the caller. */
struct race {
	struct frame frames[2][3];
	struct access sides[2];
	struct report report;
};

static void make_race(struct race *race, const char *folder, unsigned salt)
{
	static char files[8][128];
	static unsigned next;

	*race = (struct race){0};
	for (size_t i = 0; i < 2; i++) {
		char *file = files[next++ % 8];

		snprintf(file, sizeof(files[0]), "%ssrc/%c.c", folder,
			 (char)('a' + i));
		race->frames[i][0] =
			(struct frame){.function = i ? "get" : "put",
				       .file = file,
				       .line = 10 + salt,
				       .column = 3 + salt,
				       .pc = 0x1000 * salt,
				       .module = "prog"};
		race->frames[i][1] = (struct frame){
			.function = "main", .file = file, .line = 90 + salt};
		race->frames[i][2] = (struct frame){
			.function = "__libc_start_main", .module = "libc.so.6"};
		race->sides[i] =
			(struct access){.op = i ? OP_READ : OP_WRITE,
					.address = 0x7000 + salt,
					.size_bytes = 4,
					.thread = salt ? "T7" : "T1",
					.stack = {race->frames[i], 3, false}};
	}
	race->report = (struct report){.kind = KIND_DATA_RACE,
				       .pid = salt,
				       .accesses = race->sides,
				       .access_count = 2};
}

static struct fingerprint of(const struct report *report)
{
	struct fingerprint out;

	fingerprint_of(report, &out);
	return out;
}

static void ids_addresses_and_lines_do_not_matter(void **state)
{
	struct race a, b;

	(void)state;
	make_race(&a, HOME, 0);
	make_race(&b, HOME, 5);
	assert_string_equal(of(&a.report).race, of(&b.report).race);
	assert_string_equal(of(&a.report).exact, of(&b.report).exact);
	assert_string_equal(of(&a.report).family, of(&b.report).family);
	assert_int_equal(strlen(of(&a.report).race), FINGERPRINT_HEX);
}

static void the_order_of_the_sides_does_not_matter(void **state)
{
	struct race a, b;
	struct access first;

	(void)state;
	make_race(&a, HOME, 0);
	make_race(&b, HOME, 0);
	first = b.sides[0];
	b.sides[0] = b.sides[1];
	b.sides[1] = first;
	assert_string_equal(of(&a.report).race, of(&b.report).race);
	assert_string_equal(of(&a.report).exact, of(&b.report).exact);
}

static void how_the_sides_access_does_not_matter(void **state)
{
	struct race a, b;

	(void)state;
	make_race(&a, HOME, 0);
	make_race(&b, HOME, 0);
	b.sides[0].is_atomic = true;
	b.sides[1].op = OP_WRITE;
	b.report.kind = KIND_USE_AFTER_FREE;
	assert_string_equal(of(&a.report).race, of(&b.report).race);
	assert_string_not_equal(of(&a.report).exact, of(&b.report).exact);
}

static void the_folder_of_the_build_does_not_matter(void **state)
{
	struct race a, b, c;

	(void)state;
	make_race(&a, HOME, 0);
	make_race(&b, CI, 0);
	make_race(&c, "", 0);
	assert_string_equal(of(&a.report).race, of(&b.report).race);
	assert_string_equal(of(&a.report).race, of(&c.report).race);
}

static void another_function_is_another_race(void **state)
{
	struct race a, b;

	(void)state;
	make_race(&a, HOME, 0);
	make_race(&b, HOME, 0);
	b.frames[1][0].function = "peek";
	assert_string_not_equal(of(&a.report).race, of(&b.report).race);
	assert_false(fingerprint_matches(&(struct fingerprint){0},
					 &(struct fingerprint){.race = "x"}));
}

static void callers_change_the_exact_level_only(void **state)
{
	struct race a, b;

	(void)state;
	make_race(&a, HOME, 0);
	make_race(&b, HOME, 0);
	b.frames[1][1].function = "other_main";
	assert_string_equal(of(&a.report).race, of(&b.report).race);
	assert_string_not_equal(of(&a.report).exact, of(&b.report).exact);
}

static void interceptors_and_clones_do_not_matter(void **state)
{
	struct race a, b;

	(void)state;
	make_race(&a, HOME, 0);
	make_race(&b, HOME, 0);
	a.frames[0][0] = b.frames[0][0];
	b.frames[0][1] = b.frames[0][0];
	b.frames[0][0] = (struct frame){.function = "__interceptor_memcpy"};
	b.frames[0][1].function = "put.constprop.0";
	assert_string_equal(of(&a.report).race, of(&b.report).race);
}

static void a_lost_side_matches_any_known_partner(void **state)
{
	struct race whole, part, other;
	struct fingerprint a, b, c;

	(void)state;
	make_race(&whole, HOME, 0);
	make_race(&part, HOME, 0);
	make_race(&other, HOME, 0);
	part.sides[1].stack = (struct stack){.is_lost = true};
	other.frames[0][0].function = "third";
	a = of(&whole.report);
	b = of(&part.report);
	c = of(&other.report);
	assert_false(a.is_partial);
	assert_true(b.is_partial);
	assert_true(fingerprint_matches(&a, &b));
	assert_true(fingerprint_matches(&b, &a));
	assert_false(fingerprint_matches(&b, &c));
	assert_false(fingerprint_matches(&a, &c));
}

static void families_follow_the_data(void **state)
{
	struct race a, b;
	struct location one = {.type = LOCATION_GLOBAL, .name = "hits"};
	struct location two = {.type = LOCATION_GLOBAL, .name = "misses"};

	(void)state;
	make_race(&a, HOME, 0);
	make_race(&b, HOME, 0);
	a.report.locations = &one;
	a.report.location_count = b.report.location_count = 1;
	b.report.locations = &one;
	b.frames[0][0].function = "another";
	assert_string_equal(of(&a.report).family, of(&b.report).family);
	b.report.locations = &two;
	assert_string_not_equal(of(&a.report).family, of(&b.report).family);
}

static void cycles_are_sets_of_their_edges(void **state)
{
	struct race a, b;
	struct access edges[3];

	(void)state;
	make_race(&a, HOME, 0);
	make_race(&b, HOME, 3);
	a.report.kind = b.report.kind = KIND_LOCK_INVERSION;
	edges[0] = b.sides[1];
	edges[1] = b.sides[0];
	edges[2] = b.sides[1];
	b.report.accesses = edges;
	b.report.access_count = 3;
	assert_string_equal(of(&a.report).race, of(&b.report).race);
}

static void outcomes_differ_by_subject_and_name(void **state)
{
	struct fingerprint a, b, c;

	(void)state;
	fingerprint_of_outcome(KIND_WRONG_OUTCOME, "lost", "x/y", &a);
	fingerprint_of_outcome(KIND_WRONG_OUTCOME, "lost", "x/z", &b);
	fingerprint_of_outcome(KIND_WRONG_OUTCOME, "torn", "x/y", &c);
	assert_string_not_equal(a.race, b.race);
	assert_string_not_equal(a.race, c.race);
}

static void paths_are_shortened_the_same_way_everywhere(void **state)
{
	static const struct {
		const char *path, *want;
	} cases[] = {
		{"/home/me/p/src/x.c", "src/x.c"},
		{"/home/me/p/build/../src/./x.c", "src/x.c"},
		{"/home/me/pq/src/x.c", "src/x.c"},
		{"/opt/deep/lib/src/y.c", "src/y.c"},
		{"/y.c", "y.c"},
		{"../src/x.c", "src/x.c"},
		{"./a//b/x.c", "b/x.c"},
		{"a/b.c", "a/b.c"},
		{"y.c", "y.c"},
		{"", ""},
		{"/", ""},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		char buf[256];

		assert_string_equal(
			fingerprint_path(cases[i].path, buf, sizeof(buf)),
			cases[i].want);
	}
}

static void the_hash_is_stable_across_releases(void **state)
{
	struct race race;

	(void)state;
	make_race(&race, HOME, 0);
	assert_string_equal(of(&race.report).race,
			    "eec53bfcfba18b35c2f9f2e5650eca98");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ids_addresses_and_lines_do_not_matter),
		cmocka_unit_test(the_order_of_the_sides_does_not_matter),
		cmocka_unit_test(how_the_sides_access_does_not_matter),
		cmocka_unit_test(the_folder_of_the_build_does_not_matter),
		cmocka_unit_test(another_function_is_another_race),
		cmocka_unit_test(callers_change_the_exact_level_only),
		cmocka_unit_test(interceptors_and_clones_do_not_matter),
		cmocka_unit_test(a_lost_side_matches_any_known_partner),
		cmocka_unit_test(families_follow_the_data),
		cmocka_unit_test(cycles_are_sets_of_their_edges),
		cmocka_unit_test(outcomes_differ_by_subject_and_name),
		cmocka_unit_test(paths_are_shortened_the_same_way_everywhere),
		cmocka_unit_test(the_hash_is_stable_across_releases),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
