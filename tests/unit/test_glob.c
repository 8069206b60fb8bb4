#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "base/glob.h"

static void stars_and_question_marks_stand_for_bytes(void **state)
{
	static const struct {
		const char *glob, *text;
		bool fits;
	} cases[] = {
		{"", "", true},         {"", "a", false},
		{"*", "", true},        {"*", "a/b", true},
		{"a*c", "a/b/c", true}, {"a*c", "ac", true},
		{"a*c", "acb", false},  {"*ab", "aab", true},
		{"*ab*", "xaby", true}, {"a?c", "abc", true},
		{"a?c", "ac", false},   {"**", "x", true},
		{"a", "A", false},      {"[a]", "a", false},
		{"[a]", "[a]", true},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		assert_int_equal(glob_matches(cases[i].glob, cases[i].text),
				 cases[i].fits);
}

static void paths_fit_behind_any_slash(void **state)
{
	static const struct {
		const char *glob, *path;
		bool fits;
	} cases[] = {
		{"x.c", "x.c", true},
		{"x.c", "/a/b/x.c", true},
		{"x.c", "/a/bx.c", false},
		{"lib/*", "/home/me/lib/a/x.c", true},
		{"lib/*", "/home/me/mylib/x.c", false},
		{"lib/*.h", "lib/a.c/lib/b.h", true},
		{"lib/*.h", "lib/lib/b.c", false},
		{"/a/*", "/a/x.c", true},
		{"/a/*", "/b/a/x.c", false},
		{"*/a/x.c", "/b/a/x.c", true},
		{"?", "a/b", true},
		{"", "a/", true},
		{"", "a", false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		assert_int_equal(
			glob_matches_path(cases[i].glob, cases[i].path),
			cases[i].fits);
}

/* Backtracking over each star would never end here. */
static void hostile_text_takes_no_hostile_time(void **state)
{
	static char path[64 * 1024];

	(void)state;
	for (size_t i = 0; i + 2 < sizeof(path); i += 2)
		memcpy(path + i, "a/", 2);
	assert_false(glob_matches_path("a*a*a*a*a*a*a*a*a*b", path));
	assert_false(glob_matches_path("a/a/a/a/a/a/a/a/a/b", path));
	assert_true(glob_matches_path("a*a*a*a*a*a*a*a*a*/", path));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(stars_and_question_marks_stand_for_bytes),
		cmocka_unit_test(paths_fit_behind_any_slash),
		cmocka_unit_test(hostile_text_takes_no_hostile_time),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
