#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "program/loader.h"
#include "program/noise.h"

static char folder[64];

static void run(const char *format, ...) __attribute__((format(printf, 1, 2)));

static void run(const char *format, ...)
{
	char command[2048];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(command, sizeof(command), format, arguments);
	va_end(arguments);
	assert_int_equal(system(command), 0);
}

static int set_up(void **state)
{
	(void)state;
	strcpy(folder, "/tmp/test_noise.XXXXXX");
	assert_non_null(mkdtemp(folder));
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	run("rm -r '%s'", folder);
	return 0;
}

static const char *in_folder(const char *name)
{
	static char path[256];

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	return path;
}

static void check_library(const char *from, const char *expected)
{
	struct err err = {0};
	char *library;

	assert_true(noise_find_from(&library, in_folder(from), &err));
	assert_string_equal(library, in_folder(expected));
	free(library);
}

static void the_library_is_found_beside_the_tool(void **state)
{
	(void)state;
	run("mkdir %s/build && touch %s/build/libsnag-noise.so", folder,
	    folder);
	check_library("build", "build/libsnag-noise.so");
}

static void the_library_is_found_where_it_is_installed(void **state)
{
	(void)state;
	run("mkdir -p %s/bin %s/lib/snag && touch %s/lib/snag/libsnag-noise.so",
	    folder, folder, folder);
	check_library("bin", "lib/snag/libsnag-noise.so");
}

static void a_missing_library_is_a_sentence(void **state)
{
	struct err err = {0};
	char *library;

	(void)state;
	assert_false(noise_find_from(&library, folder, &err));
	assert_int_equal(err.code, EXIT_TROUBLE);
	assert_non_null(strstr(err.text, folder));
	err = (struct err){0};
	/* This test lies in a folder of its own. */
	assert_false(noise_find(&library, &err));
	assert_non_null(strstr(err.text, "libsnag-noise.so"));
}

static void check_preload(const char *libtsan, const char *users,
			  const char *expected)
{
	struct err err = {0};
	char *value = noise_preload("/x/noise.so", libtsan, users, &err);

	assert_string_equal(value, expected);
	free(value);
}

static void threadsanitizer_comes_first_and_the_users_last(void **state)
{
	(void)state;
	check_preload(NULL, NULL, "/x/noise.so");
	check_preload(NULL, "", "/x/noise.so");
	check_preload("/l/libtsan.so.2", NULL, "/l/libtsan.so.2:/x/noise.so");
	check_preload(NULL, "/u/a.so /u/b.so", "/x/noise.so:/u/a.so /u/b.so");
	check_preload("/l/libtsan.so.2", "/u/a.so",
		      "/l/libtsan.so.2:/x/noise.so:/u/a.so");
}

static void a_path_that_the_loader_would_split_is_refused(void **state)
{
	static const char *const bad[] = {"/a b/n.so", "/a:b/n.so", "/$LIB/n"};

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct err err = {0};

		assert_null(noise_preload(bad[i], NULL, NULL, &err));
		assert_int_equal(err.code, EXIT_TROUBLE);
		assert_non_null(strstr(err.text, bad[i]));
		err = (struct err){0};
		assert_null(noise_preload("/x/n.so", bad[i], NULL, &err));
		assert_non_null(strstr(err.text, bad[i]));
	}
}

/* A program with a library of that name, in a folder with a space. */
static void build_program(void)
{
	run("mkdir '%s/a b' && cd '%s/a b' && echo 'int f(void) { return 0; }' "
	    ">f.c && echo 'int f(void); int main(void) { return f(); }' >m.c",
	    folder, folder);
	run("cd '%s/a b' && %s -shared -fPIC -o libtsan.so.9 "
	    "-Wl,-soname,libtsan.so.9 f.c && "
	    "%s -o program m.c libtsan.so.9 \"-Wl,-rpath,$PWD\"",
	    folder, FIXTURE_CC, FIXTURE_CC);
}

static void the_program_s_own_run_path_finds_threadsanitizer(void **state)
{
	struct err err = {0};
	char *libtsan;

	(void)state;
	build_program();
	assert_true(noise_libtsan(&libtsan, in_folder("a b/program"), &err));
	assert_string_equal(libtsan, in_folder("a b/libtsan.so.9"));
	free(libtsan);
}

static void a_name_without_a_folder_is_no_library_to_search_for(void **state)
{
	struct err err = {0};
	char *libtsan, *old = getcwd(NULL, 0);

	(void)state;
	build_program();
	assert_int_equal(chdir(in_folder("a b")), 0);
	assert_true(noise_libtsan(&libtsan, "program", &err));
	assert_int_equal(chdir(old), 0);
	assert_string_equal(libtsan, in_folder("a b/libtsan.so.9"));
	free(libtsan);
	free(old);
}

static void a_threadsanitizer_that_is_not_found_is_a_sentence(void **state)
{
	struct err err = {0};
	char *libtsan;

	(void)state;
	build_program();
	run("rm '%s/a b/libtsan.so.9'", folder);
	assert_false(noise_libtsan(&libtsan, in_folder("a b/program"), &err));
	assert_int_equal(err.code, EXIT_TROUBLE);
	assert_non_null(strstr(err.text, "libtsan.so.9"));
}

static void check_none(const char *program)
{
	struct err err = {0};
	char *libtsan;

	assert_true(noise_libtsan(&libtsan, program, &err));
	assert_null(libtsan);
}

static void other_programs_have_no_shared_threadsanitizer(void **state)
{
	struct err err = {0};
	char *libtsan;

	(void)state;
	check_none("/proc/self/exe");
	run("printf '#!/bin/sh\\n' >%s/script", folder);
	check_none(in_folder("script"));
	run("cd %s && echo 'int main(void) { return 0; }' >m.c && "
	    "%s -static -o program m.c",
	    folder, FIXTURE_CC);
	check_none(in_folder("program"));
	assert_false(noise_libtsan(&libtsan, in_folder("missing"), &err));
	assert_int_equal(err.code, EXIT_TROUBLE);
}

static void a_broken_program_is_a_sentence(void **state)
{
	struct err err = {0};
	char *libtsan;

	(void)state;
	run("printf '\\177ELF and no more' >%s/broken", folder);
	assert_false(noise_libtsan(&libtsan, in_folder("broken"), &err));
	assert_non_null(strstr(err.text, "broken"));
	build_program();
	run("cd '%s/a b' && head -c 4096 program >cut", folder);
	err = (struct err){0};
	assert_false(noise_libtsan(&libtsan, in_folder("a b/cut"), &err));
	assert_non_null(strstr(err.text, "cut"));
}

static void an_option_is_known_by_its_name_in_the_data(void **state)
{
	(void)state;
	run("cd %s && echo 'const char *const name[] = "
	    "{\"enable_adaptive_delay\"};' >new.c && "
	    "echo 'const char *const name[] = "
	    "{\"enable_adaptive_delays\"};' >old.c && "
	    "for n in old new; do %s -shared -fPIC -o $n.so $n.c; done",
	    folder, FIXTURE_CC);
	assert_true(noise_has_adaptive_delay(in_folder("new.so")));
	assert_false(noise_has_adaptive_delay(in_folder("old.so")));
	assert_false(noise_has_adaptive_delay(in_folder("new.c")));
	assert_false(noise_has_adaptive_delay(in_folder("missing")));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(the_library_is_found_beside_the_tool),
		TEST(the_library_is_found_where_it_is_installed),
		TEST(a_missing_library_is_a_sentence),
		TEST(threadsanitizer_comes_first_and_the_users_last),
		TEST(a_path_that_the_loader_would_split_is_refused),
		TEST(the_program_s_own_run_path_finds_threadsanitizer),
		TEST(a_name_without_a_folder_is_no_library_to_search_for),
		TEST(a_threadsanitizer_that_is_not_found_is_a_sentence),
		TEST(other_programs_have_no_shared_threadsanitizer),
		TEST(a_broken_program_is_a_sentence),
		TEST(an_option_is_known_by_its_name_in_the_data),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
