#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "judge/own_frame.h"

static void each_frame_has_its_role(void **state)
{
	static const struct {
		struct frame frame;
		enum frame_role role;
	} cases[] = {
		{{.function = "work", .file = "src/a.c"}, FRAME_OWN},
		{{.function = "work", .module = "prog"}, FRAME_OWN},
		/* A project's own function of libc's name has a source. */
		{{.function = "free", .file = "src/pool.c"}, FRAME_OWN},
		{{.function = "free", .module = "prog"}, FRAME_LIBRARY},
		{{.function = "___interceptor_free", .module = "prog"},
		 FRAME_LIBRARY},
		{{.function = "__interceptor_pthread_create",
		  .file = "../../../../src/libsanitizer/tsan/x.cpp"},
		 FRAME_LIBRARY},
		{{.function = "memcpy",
		  .file = "/b/compiler-rt/lib/tsan/rtl/y.cpp"},
		 FRAME_LIBRARY},
		{{.function = "__tsan_memcpy", .module = "prog"},
		 FRAME_LIBRARY},
		{{.function = "__tsan_read4", .module = "prog"}, FRAME_RUNTIME},
		{{.function = "__tsan::CallUserSignalHandler()"},
		 FRAME_RUNTIME},
		{{.function = "__sanitizer_malloc_hook"}, FRAME_RUNTIME},
		{{.function = "tzset_internal",
		  .file = "time/tzset.c",
		  .module = "/lib/x86_64-linux-gnu/libc.so.6"},
		 FRAME_LIBRARY},
		{{.function = "push_back",
		  .file = "/usr/include/c++/12/bits/stl_vector.h"},
		 FRAME_LIBRARY},
		{{.function = "operator delete(void*)"}, FRAME_LIBRARY},
		{{.function = "load_relaxed", .file = "inc/pyatomic_gcc.h"},
		 FRAME_RUNTIME},
		{{.function = "start_thread"}, FRAME_START},
		{{.function = "clone3", .file = "sysdeps/x.S"}, FRAME_START},
		{{.function = "_start"}, FRAME_START},
		{{.function = "__libc_start_main"}, FRAME_START},
		{{.function = "snag_point", .file = "/x/harness/api.c"},
		 FRAME_HARNESS},
		{{.function = "pool_thread", .file = "harness/pool.c"},
		 FRAME_HARNESS},
		{{.function = "pthread_mutex_lock",
		  .file = "/b/preload/points.c",
		  .module = "/usr/lib/snag/libsnag-noise.so"},
		 FRAME_HARNESS},
		{{.function = "check_all", .file = "harness/mine.c"},
		 FRAME_OWN},
		{{.module = "prog"}, FRAME_UNNAMED},
		{{.module = "/lib/libc.so.6"}, FRAME_LIBRARY},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		assert_int_equal(own_frame_role(&cases[i].frame),
				 cases[i].role);
}

static void the_first_own_frame_is_behind_the_plumbing(void **state)
{
	struct frame frames[] = {
		{.function = "__interceptor_free", .module = "prog"},
		{.function = "release", .file = "src/a.c"},
		{.function = "start_thread", .module = "libc.so.6"},
	};
	const struct stack stack = {frames, 3, false};

	(void)state;
	assert_ptr_equal(own_frame_first(&stack), &frames[1]);
	assert_int_equal(own_frame_index(&stack), 1);
	assert_true(own_frame_exists(&stack));
	assert_string_equal(own_frame_callee(&stack), "free");
	assert_false(own_frame_within_library(&stack));
}

static void without_own_frames_the_innermost_name_stands(void **state)
{
	struct frame frames[] = {
		{.module = "prog", .offset = 7},
		{.function = "memset", .module = "prog"},
		{.function = "start_thread", .module = "libc.so.6"},
	};
	const struct stack stack = {frames, 3, false}, none = {0};

	(void)state;
	assert_ptr_equal(own_frame_first(&stack), &frames[1]);
	assert_false(own_frame_exists(&stack));
	assert_null(own_frame_first(&none));
	assert_null(own_frame_callee(&none));
	assert_false(own_frame_exists(&none));
}

static void what_a_library_does_by_itself_is_told_apart(void **state)
{
	struct frame frames[] = {
		{.function = "free", .module = "prog"},
		{.function = "__tdelete", .module = "libc.so.6"},
		{.function = "release", .file = "src/a.c"},
	};
	const struct stack stack = {frames, 3, false};

	(void)state;
	assert_ptr_equal(own_frame_first(&stack), &frames[2]);
	assert_true(own_frame_within_library(&stack));
}

static int forget_globs(void **state)
{
	(void)state;
	own_frame_configure(NULL, 0, NULL, 0);
	return 0;
}

static void globs_say_what_is_own_and_what_is_plumbing(void **state)
{
	static const char *const own[] = {"std::mine*", "third/*",
					  "libstdc++.so*", "my_atomic.h"};
	static const char *const plumbing[] = {"log_*", "src/util/*",
					       "libqueue.so*", "std::mine_not"};
	static const struct {
		struct frame frame;
		enum frame_role role;
	} cases[] = {
		{{.function = "std::mine::push"}, FRAME_OWN},
		{{.function = "std::theirs"}, FRAME_LIBRARY},
		{{.function = "f", .file = "/usr/include/c++/third/x.h"},
		 FRAME_OWN},
		{{.function = "f", .file = "third/my_atomic.h"}, FRAME_OWN},
		{{.function = "f", .file = "src/atomic.h"}, FRAME_RUNTIME},
		{{.function = "f", .module = "/lib/libstdc++.so.6"}, FRAME_OWN},
		/* Own goes before plumbing. */
		{{.function = "std::mine_not"}, FRAME_OWN},
		{{.function = "log_line", .file = "src/log.c"}, FRAME_PLUMBING},
		{{.function = "f", .file = "/home/me/src/util/x.c"},
		 FRAME_PLUMBING},
		{{.function = "f", .file = "/home/me/mysrc/util/x.c"},
		 FRAME_OWN},
		{{.function = "f", .module = "/opt/libqueue.so.1"},
		 FRAME_PLUMBING},
	};

	(void)state;
	own_frame_configure(own, 4, plumbing, 4);
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		assert_int_equal(own_frame_role(&cases[i].frame),
				 cases[i].role);
}

static void no_glob_makes_the_runtime_own(void **state)
{
	static const char *const all[] = {"*"};
	static const struct {
		struct frame frame;
		enum frame_role role;
	} cases[] = {
		{{.function = "__tsan_read4", .module = "prog"}, FRAME_RUNTIME},
		{{.function = "___interceptor_free", .module = "prog"},
		 FRAME_LIBRARY},
		{{.function = "free", .module = "prog"}, FRAME_LIBRARY},
		{{.function = "memcpy", .file = "compiler-rt/lib/tsan/y.cpp"},
		 FRAME_LIBRARY},
		{{.function = "start_thread"}, FRAME_START},
		{{.function = "pool_thread", .file = "harness/pool.c"},
		 FRAME_HARNESS},
		{{.module = "prog"}, FRAME_UNNAMED},
		{{.function = "free", .file = "src/pool.c"}, FRAME_OWN},
	};

	(void)state;
	own_frame_configure(all, 1, all, 1);
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		assert_int_equal(own_frame_role(&cases[i].frame),
				 cases[i].role);
}

static void plumbing_is_passed_over_and_is_no_callee(void **state)
{
	static const char *const plumbing[] = {"xfree"};
	struct frame frames[] = {
		{.function = "free", .module = "prog"},
		{.function = "xfree", .file = "src/x.c"},
		{.function = "release", .file = "src/a.c"},
	};
	const struct stack stack = {frames, 3, false};
	const struct stack alone = {frames + 1, 1, false};

	(void)state;
	assert_ptr_equal(own_frame_first(&stack), &frames[1]);
	own_frame_configure(NULL, 0, plumbing, 1);
	assert_ptr_equal(own_frame_first(&stack), &frames[2]);
	assert_string_equal(own_frame_callee(&stack), "free");
	assert_ptr_equal(own_frame_first(&alone), &frames[1]);
	assert_false(own_frame_exists(&alone));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_frame_has_its_role),
		cmocka_unit_test(the_first_own_frame_is_behind_the_plumbing),
		cmocka_unit_test(without_own_frames_the_innermost_name_stands),
		cmocka_unit_test(what_a_library_does_by_itself_is_told_apart),
		cmocka_unit_test_teardown(
			globs_say_what_is_own_and_what_is_plumbing,
			forget_globs),
		cmocka_unit_test_teardown(no_glob_makes_the_runtime_own,
					  forget_globs),
		cmocka_unit_test_teardown(
			plumbing_is_passed_over_and_is_no_callee, forget_globs),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
