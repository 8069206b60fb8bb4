/* Rules that need no shape: locks, memory, kinds, libc, what the harness saw.
 */
#include "judge_case.h"
#include "model/cause.h"

#define READ(f) {.function = (f), .op = OP_READ}
#define WRITE(f) {.function = (f), .op = OP_WRITE}
#define CALL(f) {.function = (f), .op = OP_CALL}
#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static const char two_writers[] = "void f(void) {\n\t@ax = 1;\n}\n"
				  "void g(void) {\n\t@bx = 2;\n}\n";

static void mutex_sets_name_the_lock_causes(void **state)
{
	static const struct judge_case cases[] = {
		{.cause = "missing-lock",
		 two_writers,
		 {.function = "f", .op = OP_WRITE, .lock = "M0"},
		 WRITE("g")},
		{.cause = "inconsistent-lock",
		 two_writers,
		 {.function = "f", .op = OP_WRITE, .lock = "M0"},
		 {.function = "g", .op = OP_WRITE, .lock = "M1"}},
		{.cause = "write-under-read-lock",
		 two_writers,
		 {.function = "f",
		  .op = OP_WRITE,
		  .lock = "M0",
		  .is_read_lock = true},
		 {.function = "g",
		  .op = OP_WRITE,
		  .lock = "M0",
		  .is_read_lock = true}},
		{.cause = "unknown", two_writers, WRITE("f"), WRITE("g")},
		{.cause = "mutex-misuse",
		 two_writers,
		 {.function = "f",
		  .op = OP_WRITE,
		  .callee = "pthread_mutex_init"},
		 {.function = "g",
		  .op = OP_READ,
		  .callee = "pthread_mutex_lock"}},
	};

	(void)state;
	judge_all(cases, COUNT(cases));
}

static void owners_of_memory_name_the_lifetime_causes(void **state)
{
	static const struct judge_case cases[] = {
		{.cause = "use-after-free",
		 "void f(void) {\n\t@afree(p);\n}\n"
		 "int g(void) {\n\treturn p->@bx;\n}\n",
		 {.function = "f",
		  .op = OP_WRITE,
		  .callee = "free",
		  .is_free = true},
		 READ("g"),
		 .where = LOCATION_HEAP},
		{.cause = "container-resize",
		 "void f(void) {\n\tp = @arealloc(p, 9);\n}\n"
		 "int g(void) {\n\treturn p[@b0];\n}\n",
		 {.function = "f", .op = OP_WRITE, .callee = "realloc"},
		 READ("g"),
		 .where = LOCATION_HEAP},
		{.cause = "refcount",
		 "void f(struct o *o) {\n\tif (@a@b--o->n == 0)\n"
		 "\t\tfree(o);\n}\n",
		 WRITE("f"),
		 WRITE("f")},
		{.cause = "refcount",
		 "void f(struct o *o) {\n\to->n@a@b++;\n}\n"
		 "void g(struct o *o) {\n\tif (o->n-- == 1)\n\t\tfree(o);\n}\n",
		 WRITE("f"),
		 WRITE("f")},
		{.cause = "escaped-stack",
		 "void f(int i) {\n\tfor (;;)\n\t\ti@a++;\n}\n"
		 "int g(int *p) {\n\treturn @b*p;\n}\n",
		 WRITE("f"),
		 READ("g"),
		 .where = LOCATION_STACK,
		 .owner = "T1"},
		{.cause = "missing-join",
		 "int f(void) {\n\t@Tpthread_create(&t, 0, g, &r);\n"
		 "\treturn @ar;\n}\nvoid *g(void *p) {\n\t@b*p = 3;\n}\n",
		 READ("f"),
		 WRITE("g"),
		 .parent_of_b = "T1"},
		{.cause = "unsafe-publication",
		 "void f(void) {\n\tp = @Mmalloc(4);\n\tput(p);\n"
		 "\t*p @a= 1;\n}\nint g(int *p) {\n\treturn @b*p;\n}\n",
		 WRITE("f"),
		 READ("g"),
		 .where = LOCATION_HEAP,
		 .owner = "T1",
		 .maker = "f"},
	};

	(void)state;
	judge_all(cases, COUNT(cases));
}

static void libc_names_its_own_causes(void **state)
{
	static const struct judge_case cases[] = {
		{.cause = "unsafe-libc",
		 two_writers,
		 {.function = "f", .op = OP_WRITE, .callee = "localtime"},
		 {.function = "g", .op = OP_WRITE, .callee = "localtime"}},
		{.cause = "fd-lifetime",
		 two_writers,
		 {.function = "f", .op = OP_WRITE, .callee = "close"},
		 {.function = "g", .op = OP_READ, .callee = "read"},
		 .where = LOCATION_FD},
		{.cause = "fd-lifetime",
		 "void f(struct s *q) {\n\tclose(q->fd);\n\tq->fd @a= -1;\n}\n"
		 "void g(struct s *q) {\n\tread(q->@bfd, b, 1);\n}\n",
		 WRITE("f"),
		 READ("g")},
		{.cause = "sleep-as-sync",
		 "int f(void) {\n\t@Susleep(9);\n\treturn @ax;\n}\n"
		 "void g(void) {\n\tx @b= 1;\n}\n",
		 READ("f"),
		 WRITE("g"),
		 .sleeper = "f"},
		{.cause = "sleep-as-sync",
		 "int f(void) {\n\tusleep(9);\n\treturn @ax;\n}\n"
		 "void g(void) {\n\tx @b= 1;\n}\n",
		 READ("f"),
		 WRITE("g")},
		{.cause = "signal-handler",
		 "void h(int s) {\n\tn@a++;\n}\nvoid i(void) {\n"
		 "\tstruct sigaction s = {.sa_handler = h};\n}\n"
		 "int g(void) {\n\treturn @bn;\n}\n",
		 WRITE("h"),
		 READ("g")},
		{.cause = "missing-join",
		 two_writers,
		 {.function = "f", .op = OP_WRITE, .caller = "exit"},
		 WRITE("g")},
	};

	(void)state;
	judge_all(cases, COUNT(cases));
}

static void kinds_name_their_causes(void **state)
{
	static const struct judge_case cases[] = {
		{.cause = "mutex-misuse",
		 two_writers,
		 CALL("f"),
		 {0},
		 .kind = KIND_MUTEX_DOUBLE_LOCK},
		{.cause = "mutex-misuse",
		 two_writers,
		 CALL("f"),
		 {0},
		 .kind = KIND_MUTEX_BAD_UNLOCK},
		{.cause = "thread-leak",
		 two_writers,
		 {0},
		 {0},
		 .kind = KIND_THREAD_LEAK},
		{.cause = "lock-order",
		 two_writers,
		 {.function = "f", .op = OP_LOCK},
		 {.function = "g", .op = OP_LOCK},
		 .kind = KIND_LOCK_INVERSION},
		{.cause = "signal-handler",
		 two_writers,
		 CALL("f"),
		 {0},
		 .kind = KIND_SIGNAL_UNSAFE},
		{.cause = "environment",
		 two_writers,
		 {0},
		 {0},
		 .kind = KIND_TSAN_FATAL},
	};

	(void)state;
	judge_all(cases, COUNT(cases));
}

static void what_the_harness_saw_names_its_causes(void **state)
{
	static const struct judge_case cases[] = {
		{.cause = "use-after-free",
		 two_writers,
		 WRITE("f"),
		 READ("g"),
		 .kind = KIND_USE_AFTER_FREE},
		{.cause = "deadlock",
		 two_writers,
		 {.function = "f",
		  .op = OP_WAIT,
		  .callee = "pthread_mutex_lock"},
		 {.function = "g",
		  .op = OP_WAIT,
		  .callee = "pthread_mutex_lock"},
		 .kind = KIND_DEADLOCK},
		/* One thread that only itself can wake, or nobody any more. */
		{.cause = "mutex-misuse",
		 two_writers,
		 {.function = "f",
		  .op = OP_WAIT,
		  .callee = "pthread_mutex_lock"},
		 {0},
		 .kind = KIND_DEADLOCK},
		{.cause = "order-violation",
		 two_writers,
		 {.function = "f",
		  .op = OP_WAIT,
		  .callee = "pthread_cond_wait"},
		 {.function = "g", .op = OP_WAIT, .callee = "pthread_join"},
		 .kind = KIND_DEADLOCK},
		{.cause = "deadlock",
		 two_writers,
		 {.function = "f", .op = OP_WAIT, .callee = "sem_wait"},
		 {.function = "g",
		  .op = OP_WAIT,
		  .callee = "pthread_cond_wait"},
		 .kind = KIND_DEADLOCK},
		{.cause = "unknown", two_writers, {0}, {0}, .kind = KIND_EXIT},
		{.cause = "unknown",
		 two_writers,
		 {0},
		 {0},
		 .kind = KIND_UNKNOWN},
	};

	(void)state;
	judge_all(cases, COUNT(cases));
}

static void a_wrong_outcome_without_report_is_not_atomic(void **state)
{
	static const struct judge_case wrong = {.cause = "atomicity-violation",
						"int x;\n",
						{0},
						{0},
						.kind = KIND_WRONG_OUTCOME};
	const struct witness witness = {
		.iterations = 100, .hits = 7, .outcome = "lost"};
	struct judge judge = {0};

	(void)state;
	judge_classify(&judge, &wrong, &witness);
	assert_string_equal(judge.candidates[0].cause, wrong.cause);
	assert_string_equal(judge.candidates[1].cause, "order-violation");
	assert_non_null(strstr(judge.candidates[0].evidence[0], "7 of 100"));
	judge_release(&judge);
}

static void every_cause_named_is_in_the_table(void **state)
{
	struct judge judge = {0};
	const struct judge_case race = {
		.cause = "unknown", two_writers, WRITE("f"), WRITE("g")};

	(void)state;
	judge_classify(&judge, &race, NULL);
	for (size_t i = 0; i < judge.count; i++)
		assert_non_null(cause_by_name(judge.candidates[i].cause));
	judge_release(&judge);
}

static void a_report_without_anything_has_an_unknown_cause(void **state)
{
	const struct report report = {.kind = KIND_DATA_RACE,
				      .is_incomplete = true};
	struct arena arena = {0};
	struct candidate *candidates;
	size_t count;

	(void)state;
	classify(&report, NULL, NULL, &arena, &candidates, &count);
	assert_int_equal(count, 1);
	assert_string_equal(candidates[0].cause, "unknown");
	arena_release(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(mutex_sets_name_the_lock_causes),
		cmocka_unit_test(owners_of_memory_name_the_lifetime_causes),
		cmocka_unit_test(libc_names_its_own_causes),
		cmocka_unit_test(kinds_name_their_causes),
		cmocka_unit_test(what_the_harness_saw_names_its_causes),
		cmocka_unit_test(a_wrong_outcome_without_report_is_not_atomic),
		cmocka_unit_test(every_cause_named_is_in_the_table),
		cmocka_unit_test(
			a_report_without_anything_has_an_unknown_cause),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
