/*
 * What logs of all sorts of programs bring that no scenario has: containers of
 * the C++ library, buffers filled by libc, state on main's stack, a lone crash.
 */
#include "judge_case.h"

#define READ(f) {.function = (f), .op = OP_READ}
#define WRITE(f) {.function = (f), .op = OP_WRITE}
#define BY(f, o, c) {.function = (f), .op = (o), .callee = (c)}
#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static const char two[] = "void f(void) {\n\t@ause(x);\n}\n"
			  "void g(void) {\n\t@buse(x);\n}\n";

static void a_std_container_that_changes_is_resized(void **state)
{
	static const struct judge_case cases[] = {
		{.cause = "container-resize",
		 two,
		 BY("f", OP_WRITE,
		    "std::map<std::string, int, std::less<std::string>>::"
		    "operator[](std::string const&)"),
		 BY("g", OP_READ,
		    "std::map<std::string, int>::find(std::string const&) "
		    "const"),
		 .where = LOCATION_HEAP,
		 .maker = "f",
		 .owner = "T1"},
		{.cause = "container-resize",
		 two,
		 BY("f", OP_READ, "std::vector<int>::begin()"),
		 BY("g", OP_WRITE,
		    "void std::__1::vector<int, std::__1::allocator<int>>::"
		    "push_back(int const&)")},
		{.cause = "container-resize",
		 two,
		 BY("f", OP_WRITE, "std::__cxx11::list<int>::emplace_back()"),
		 READ("g"),
		 .is_blind = true},
	};

	(void)state;
	judge_all(cases, COUNT(cases));
}

static void elements_and_other_templates_change_no_shape(void **state)
{
	static const char *const others[] = {
		"std::vector<int>::operator[](unsigned long)",
		"std::vector<int>::size() const",
		"std::pair<int, std::vector<int>> std::make_pair<int>(int)",
		"std::shared_ptr<std::map<int, int>>::operator=(int)",
		"std::vector<int",
		"std::map<",
		"std::",
		"std::vector<int>",
		"std::vector<int>::",
		"void f(std::vector<int>::push_back())",
	};

	(void)state;
	for (size_t i = 0; i < COUNT(others); i++) {
		const struct judge_case c = {.cause = "",
					     two,
					     BY("f", OP_WRITE, others[i]),
					     READ("g")};
		struct judge judge = {0};

		judge_classify(&judge, &c, NULL);
		assert_string_not_equal(judge.candidates[0].cause,
					"container-resize");
		judge_release(&judge);
	}
}

static void one_locked_side_of_a_container_is_a_missing_lock(void **state)
{
	static const struct judge_case cases[] = {
		{.cause = "missing-lock",
		 two,
		 {.function = "f",
		  .op = OP_WRITE,
		  .callee = "std::deque<int>::push_back(int&&)",
		  .lock = "M0"},
		 BY("g", OP_READ, "std::deque<int>::empty() const")},
	};

	(void)state;
	judge_all(cases, COUNT(cases));
}

static void a_buffer_in_the_making_is_torn(void **state)
{
	static const struct judge_case cases[] = {
		{.cause = "torn-access",
		 "void f(char *s) {\n\t@astrcpy(line, s);\n}\n"
		 "void g(char *s) {\n\t@bmemcpy(s, line, 9);\n}\n",
		 BY("f", OP_WRITE, "strcpy"),
		 BY("g", OP_READ, "memcpy")},
		{.cause = "torn-access",
		 two,
		 BY("f", OP_READ, "strlen"),
		 BY("g", OP_WRITE, "snprintf"),
		 .is_blind = true},
	};

	(void)state;
	judge_all(cases, COUNT(cases));
}

static void an_allocation_is_no_copy_of_a_structure(void **state)
{
	static const struct judge_case allocation = {
		.cause = "",
		"void f(void) {\n\tp @a= calloc(1, 8);\n}\n"
		"int g(void) {\n\treturn p->n@b;\n}\n",
		{.function = "f",
		 .op = OP_WRITE,
		 .callee = "calloc",
		 .size = 8},
		READ("g"),
		.is_flat = true};
	struct judge judge = {0};

	(void)state;
	judge_classify(&judge, &allocation, NULL);
	for (size_t i = 0; i < judge.count; i++)
		assert_string_not_equal(judge.candidates[i].cause,
					"torn-access");
	judge_release(&judge);
}

static void what_main_shares_from_its_stack_has_not_escaped(void **state)
{
	static const struct judge_case cases[] = {
		/* Two workers, and none is the owner. */
		{.cause = "lost-update",
		 "void f(struct s *s) {\n\ts->n@a@b++;\n}\n",
		 WRITE("f"),
		 WRITE("f"),
		 .where = LOCATION_STACK,
		 .owner = "main"},
		/* The owner says stop, in the function that made the thread. */
		{.cause = "stop-flag",
		 "void f(void) {\n\tstruct s s;\n\t@Tpthread_create(&t, 0, g, "
		 "&s);\n\ts.stop @a= 1;\n\tpthread_join(t, 0);\n}\n"
		 "void g(struct s *s) {\n\twhile (!s->@bstop)\n\t\twork();\n}"
		 "\n",
		 WRITE("f"),
		 READ("g"),
		 .where = LOCATION_STACK,
		 .owner = "T1",
		 .parent_of_b = "T1"},
		/* The loop goes on to the next with the same variable. */
		{.cause = "escaped-stack",
		 "void f(void) {\n\tfor (int i = 0; i < 4; i@a++)\n"
		 "\t\t@Tpthread_create(&t[i], 0, g, &i);\n}\n"
		 "int g(int *p) {\n\treturn @b*p;\n}\n",
		 WRITE("f"),
		 READ("g"),
		 .where = LOCATION_STACK,
		 .owner = "T1",
		 .parent_of_b = "T1"},
	};

	(void)state;
	judge_all(cases, COUNT(cases));
}

static void an_index_that_says_how_much_is_there_publishes_it(void **state)
{
	static const struct judge_case cases[] = {
		{.cause = "unsafe-publication",
		 "void f(int v) {\n\tring[end % 8] = v;\n\tend@a++;\n}\n"
		 "int g(void) {\n\tif (end@b == begin)\n\t\treturn 0;\n"
		 "\treturn ring[begin % 8];\n}\n",
		 WRITE("f"),
		 READ("g")},
		/* What C++ makes when there is none. */
		{.cause = "lazy-init",
		 "struct s *f(void) {\n\tif (!@aself)\n\t\tself @b= new s;\n"
		 "\treturn self;\n}\n",
		 READ("f"),
		 WRITE("f")},
	};

	(void)state;
	judge_all(cases, COUNT(cases));
}

static void a_lone_crash_names_no_cause(void **state)
{
	static const struct judge_case crash = {
		.cause = "",
		two,
		{.function = "f", .op = OP_CALL},
		{0},
		.kind = KIND_CRASH};
	static const struct {
		struct witness witness;
		const char *cause;
	} rows[] = {
		{{0}, "unknown"},
		{{.is_any_report = true}, "use-after-free"},
		{{.iterations = 9, .hits = 1}, "use-after-free"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct judge judge = {0};

		judge_classify(&judge, &crash, &rows[i].witness);
		assert_string_equal(judge.candidates[0].cause, rows[i].cause);
		assert_true(judge.candidates[0].confidence < 0.5);
		judge_release(&judge);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_std_container_that_changes_is_resized),
		cmocka_unit_test(elements_and_other_templates_change_no_shape),
		cmocka_unit_test(
			one_locked_side_of_a_container_is_a_missing_lock),
		cmocka_unit_test(a_buffer_in_the_making_is_torn),
		cmocka_unit_test(an_allocation_is_no_copy_of_a_structure),
		cmocka_unit_test(
			what_main_shares_from_its_stack_has_not_escaped),
		cmocka_unit_test(
			an_index_that_says_how_much_is_there_publishes_it),
		cmocka_unit_test(a_lone_crash_names_no_cause),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
