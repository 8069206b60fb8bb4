/* The same causes in other people's styles: macros, accessors, temporaries,
 * early returns, debug information that is vague, and no source at all. */
#include "judge_case.h"

#define READ(f) {.function = (f), .op = OP_READ}
#define WRITE(f) {.function = (f), .op = OP_WRITE}
#define LOCKED(f, o) {.function = (f), .op = (o), .lock = "M0"}
#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static void macros_of_the_file_are_read_as_what_they_stand_for(void **state)
{
	static const struct judge_case cases[] = {
		{.cause = "lost-update",
		 "#define BIT(n) (1u << (n))\n"
		 "#define RAISE(d, n) ((d)->on |= BIT(n))\n"
		 "void f(struct s *q) {\n\t@a@bRAISE(q, 3);\n}\n",
		 WRITE("f"),
		 WRITE("f")},
		{.cause = "double-checked-init",
		 "#define ENTER() pthread_mutex_lock(&m)\n"
		 "void f(void) {\n\tif (@adone)\n\t\treturn;\n\tENTER();\n"
		 "\tif (done)\n\t\tgoto out;\n\tfill();\n\tdone @b= 1;\n"
		 "out:\n\tpthread_mutex_unlock(&m);\n}\n",
		 READ("f"),
		 LOCKED("f", OP_WRITE)},
		{.cause = "stop-flag",
		 "#define RUNNING(s) ((s)->go)\n"
		 "void f(struct s *q) {\n\twhile (@aRUNNING(q))\n\t\twork();\n"
		 "}\nvoid g(struct s *q) {\n\tq->go @b= 0;\n}\n",
		 READ("f"),
		 WRITE("g")},
	};

	(void)state;
	judge_all(cases, COUNT(cases));
}

static void changes_through_pointers_are_lost_updates(void **state)
{
	static const struct judge_case cases[] = {
		{.cause = "lost-update",
		 "void f(int i) {\n\tlong *cell = all + i;\n"
		 "\t@a@b++*cell;\n}\n",
		 WRITE("f"),
		 WRITE("f")},
		{.cause = "lost-update",
		 "void f(int *n) {\n\t(*n)@a@b++;\n}\n",
		 WRITE("f"),
		 WRITE("f")},
		{.cause = "lost-update",
		 "void f(long *p) {\n\t*p @a@b= *p + 3;\n}\n",
		 WRITE("f"),
		 WRITE("f")},
	};

	(void)state;
	judge_all(cases, COUNT(cases));
}

static void what_accessors_return_is_judged_where_it_is_used(void **state)
{
	static const struct judge_case cases[] = {
		{.cause = "stop-flag",
		 "int get(struct s *q) {\n\treturn q->@aquit;\n}\n"
		 "void f(struct s *q) {\n\twhile (!@Aget(q))\n\t\twork();\n}\n"
		 "void g(struct s *q) {\n\tq->quit @b= 1;\n}\n",
		 {.function = "get", .op = OP_READ, .caller = "f"},
		 WRITE("g")},
		{.cause = "lazy-init",
		 "int is(void) {\n\treturn @amade;\n}\n"
		 "void make(void) {\n\tv = 3;\n\tmade @b= 1;\n}\n"
		 "void f(void) {\n\tif (!@Ais())\n\t\t@Bmake();\n}\n",
		 {.function = "is", .op = OP_READ, .caller = "f"},
		 {.function = "make", .op = OP_WRITE, .caller = "f"}},
	};

	(void)state;
	judge_all(cases, COUNT(cases));
}

static void whoever_makes_it_in_other_words_is_lazy(void **state)
{
	static const struct judge_case cases[] = {
		{.cause = "lazy-init",
		 "void make(void) {\n\tt[0] = 7;\n\thave @b= 1;\n}\n"
		 "int f(void) {\n\tif (!@ahave)\n\t\t@Bmake();\n"
		 "\treturn t[0];\n}\n",
		 READ("f"),
		 {.function = "make", .op = OP_WRITE, .caller = "f"}},
		{.cause = "lazy-init",
		 "struct c *f(void) {\n"
		 "\treturn @aone ? one : (one @b= make());\n}\n",
		 READ("f"),
		 WRITE("f")},
	};

	(void)state;
	judge_all(cases, COUNT(cases));
}

static void a_lock_on_one_side_counts_more_than_steps(void **state)
{
	static const struct judge_case cases[] = {
		{.cause = "missing-lock",
		 "void f(struct s *q) {\n\tpthread_mutex_lock(&q->m);\n"
		 "\tif (q->n > 0)\n\t\tq->n @a-= 1;\n"
		 "\tpthread_mutex_unlock(&q->m);\n}\n"
		 "void g(struct s *q) {\n\tq->n @b= 10;\n}\n",
		 LOCKED("f", OP_WRITE),
		 WRITE("g")},
		{.cause = "missing-lock",
		 "int *f(struct s *q) {\n\tlock(q);\n\tif (!q->p)\n"
		 "\t\tq->p @a= make();\n\tunlock(q);\n\treturn q->p;\n}\n"
		 "void g(struct s *q) {\n\tuse(q->@bp);\n}\n",
		 LOCKED("f", OP_WRITE),
		 READ("g")},
		/* The lock is taken in between, by a function of the project.
		 */
		{.cause = "double-checked-init",
		 "int *f(struct s *q) {\n\tif (!q->@ap) {\n\t\tlock(q);\n"
		 "\t\tif (!q->p)\n\t\t\tq->p @b= make();\n\t\tunlock(q);\n"
		 "\t}\n\treturn q->p;\n}\n",
		 READ("f"),
		 LOCKED("f", OP_WRITE)},
	};

	(void)state;
	judge_all(cases, COUNT(cases));
}

static void counts_that_go_through_a_local_are_refcounts(void **state)
{
	static const struct judge_case cases[] = {
		{.cause = "refcount",
		 "int f(struct k *k, void (*done)(struct k *)) {\n"
		 "\tunsigned left = k->n - 1;\n\tk->n @a@b= left;\n"
		 "\tif (left)\n\t\treturn 0;\n\tdone(k);\n\treturn 1;\n}\n",
		 WRITE("f"),
		 WRITE("f")},
		{.cause = "refcount",
		 "void f(struct k *k) {\n\tlong was = k->n@a@b--;\n"
		 "\tif (was == 1)\n\t\tfree(k);\n}\n",
		 WRITE("f"),
		 WRITE("f")},
	};

	(void)state;
	judge_all(cases, COUNT(cases));
}

static void plain_access_to_an_atomic_comes_before_its_size(void **state)
{
	static const struct judge_case cases[] = {
		{.cause = "atomic-plain-mix",
		 "void f(struct s *q) {\n\t@aatomic_fetch_add(&q->n, 1);\n}\n"
		 "void g(struct s *q) {\n\t@bmemset(q, 0, sizeof *q);\n}\n",
		 {.function = "f", .op = OP_WRITE, .is_atomic = true},
		 {.function = "g",
		  .op = OP_WRITE,
		  .callee = "memset",
		  .size = 8}},
	};

	(void)state;
	judge_all(cases, COUNT(cases));
}

static void vague_lines_are_made_up_for_by_the_other_side(void **state)
{
	static const struct judge_case cases[] = {
		/* One store for two branches, at the condition. */
		{.cause = "iterator-invalidated",
		 "int f(struct d *d) {\n\tint n = 0;\n"
		 "\tfor (struct w *w = d->top; w; w = w->@anext)\n\t\tn++;\n"
		 "\treturn n;\n}\n"
		 "void g(struct d *d, struct w *before, struct w *w) {\n"
		 "\tif (@bbefore)\n\t\tbefore->next = w->next;\n"
		 "\telse\n\t\td->top = w->next;\n}\n",
		 {.function = "f", .op = OP_READ, .size = 8},
		 {.function = "g", .op = OP_WRITE, .size = 8}},
		/* A load that was moved to the begin of the function. */
		{.cause = "stop-flag",
		 "void f(struct s *q) @a{\n\tunsigned i = 0;\n\tdo {\n"
		 "\t\ti++;\n\t} while (!q->end);\n}\n"
		 "void g(struct s *q) {\n\tq->end @b= 1;\n}\n",
		 READ("f"),
		 WRITE("g"),
		 .is_flat = true},
		/* A structure in pieces, at the functions' first lines. */
		{.cause = "torn-access",
		 "void put(struct g *g, struct fix f) {\n\tg->cur = f;\n}\n"
		 "struct fix get(struct g *g) {\n\treturn g->cur;\n}\n"
		 "void f(struct g *g) @a{\n\tput(g, x);\n}\n"
		 "void g(struct g *g) @b{\n\tif (get(g).n > 3)\n\t\tuse(g);"
		 "\n}\n",
		 WRITE("f"),
		 READ("g"),
		 .is_flat = true},
		/* `i++` on the line is a local variable's. */
		{.cause = "unknown",
		 "void f(void) { @afor (int i = 0; i < 3; i++) use(get()); }\n"
		 "void g(void) { @bfor (int i = 0; i < 3; i++) put(i); }\n",
		 READ("f"),
		 WRITE("g"),
		 .is_flat = true},
	};

	(void)state;
	judge_all(cases, COUNT(cases));
}

static void storage_that_a_loop_copies_is_resized(void **state)
{
	static const struct judge_case cases[] = {
		{.cause = "container-resize",
		 "void f(struct v *v) {\n\tint *big = malloc(8 * v->n);\n"
		 "\tfor (int i = 0; i < v->n; i++)\n\t\tbig[i] = v->d[i];\n"
		 "\tfree(v->d);\n\tv->d @a= big;\n}\n"
		 "int g(struct v *v) {\n\treturn v->@bd[0];\n}\n",
		 {.function = "f", .op = OP_WRITE, .size = 8},
		 {.function = "g", .op = OP_READ, .size = 8}},
	};

	(void)state;
	judge_all(cases, COUNT(cases));
}

static void a_join_of_another_thread_is_no_excuse(void **state)
{
	static const struct judge_case cases[] = {
		{.cause = "missing-join",
		 "void f(void) {\n"
		 "\tfor (int i = 0; i < 2; i++)\n"
		 "\t\t@Tpthread_create(&t[i], NULL, g, &all[i]);\n"
		 "\tpthread_join(t[0], NULL);\n\tuse(@aall[1]);\n"
		 "\tpthread_join(t[1], NULL);\n}\n"
		 "void g(int *p) {\n\t*p @b= 4;\n}\n",
		 {.function = "f", .op = OP_READ, .thread = "T1"},
		 WRITE("g"),
		 .parent_of_b = "T1"},
	};

	(void)state;
	judge_all(cases, COUNT(cases));
}

static void stacks_alone_say_something_too(void **state)
{
	static const struct judge_case cases[] = {
		{.cause = "lost-update",
		 "void f(void) {\n\t@a@bx++;\n}\n",
		 WRITE("f"),
		 WRITE("f"),
		 .is_blind = true},
		{.cause = "lost-update",
		 "void f(void) {\n\t@a@bx++;\n}\n",
		 READ("f"),
		 WRITE("f"),
		 .is_blind = true},
		{.cause = "check-then-act",
		 "void f(void) {\n\tif (@ax)\n\t\tx @b= 0;\n}\n",
		 READ("f"),
		 WRITE("f"),
		 .is_blind = true},
		{.cause = "lazy-init",
		 "void f(void) {\n\tif (!@ax)\n\t\t@Bmake();\n}\n"
		 "void make(void) {\n\tx @b= 1;\n}\n",
		 READ("f"),
		 {.function = "make", .op = OP_WRITE, .caller = "f"},
		 .is_blind = true},
		{.cause = "double-checked-init",
		 "void f(void) {\n\tif (@ax)\n\t\treturn;\n\tlock();\n"
		 "\tx @b= 1;\n}\n",
		 READ("f"),
		 LOCKED("f", OP_WRITE),
		 .is_blind = true},
		{.cause = "unsafe-libc",
		 "void f(void) {\n\t@a@bshow();\n}\n",
		 {.function = "f", .op = OP_WRITE, .callee = "tzset_internal"},
		 {.function = "f", .op = OP_READ, .callee = "tzset_internal"},
		 .is_blind = true},
	};

	(void)state;
	judge_all(cases, COUNT(cases));
}

static bool says(const struct judge *judge, size_t i, const char *part)
{
	for (size_t j = 0; j < judge->candidates[i].evidence_count; j++)
		if (strstr(judge->candidates[i].evidence[j], part))
			return true;
	return false;
}

static void only_what_is_true_is_said_and_only_once(void **state)
{
	static const struct judge_case seen = {
		.cause = "unknown",
		"void f(void) {\n\t@ax = 1;\n}\nvoid g(void) {\n\t@bx = "
		"2;\n}\n",
		WRITE("f"),
		WRITE("g")};
	static const struct judge_case same = {
		.cause = "lost-update",
		"void f(void) {\n\tx@a@b++;\n}\n",
		WRITE("f"),
		WRITE("f")};
	struct judge_case blind = seen;
	struct judge judge = {0};

	(void)state;
	judge_classify(&judge, &seen, NULL);
	assert_true(says(&judge, 0, "neither side holds a lock"));
	assert_false(says(&judge, 0, "could not be read"));
	judge_release(&judge);
	blind.is_blind = true;
	judge = (struct judge){0};
	judge_classify(&judge, &blind, NULL);
	assert_true(says(&judge, 0, "could not be read"));
	judge_release(&judge);
	judge = (struct judge){0};
	judge_classify(&judge, &same, NULL);
	for (size_t i = 0; i < judge.candidates[0].evidence_count; i++)
		for (size_t j = 0; j < i; j++)
			assert_string_not_equal(
				judge.candidates[0].evidence[i],
				judge.candidates[0].evidence[j]);
	judge_release(&judge);
}

static void macros_that_never_end_do_end(void **state)
{
	static const struct judge_case bomb = {
		.cause = "unknown",
		"#define a b b b b b b b b\n#define b c c c c c c c c\n"
		"#define c d d d d d d d d\n#define d e e e e e e e e\n"
		"#define e f f f f f f f f\n#define f g g g g g g g g\n"
		"#define g h h h h h h h h\n#define h a(\n#define i(x) i(x\n"
		"void z(void) {\n\t@aa; i(i(i(1; a a a;\n}\n"
		"#define\n#define (\n#define k(\n#undef\n#define l(,,...) l(\n"
		"void y(void) {\n\t@bl(1,,2,3); k(\n}\n",
		WRITE("z"),
		WRITE("y")};
	struct judge judge = {0};

	(void)state;
	judge_classify(&judge, &bomb, NULL);
	assert_true(judge.count > 0);
	judge_release(&judge);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			macros_of_the_file_are_read_as_what_they_stand_for),
		cmocka_unit_test(changes_through_pointers_are_lost_updates),
		cmocka_unit_test(
			what_accessors_return_is_judged_where_it_is_used),
		cmocka_unit_test(whoever_makes_it_in_other_words_is_lazy),
		cmocka_unit_test(a_lock_on_one_side_counts_more_than_steps),
		cmocka_unit_test(counts_that_go_through_a_local_are_refcounts),
		cmocka_unit_test(
			plain_access_to_an_atomic_comes_before_its_size),
		cmocka_unit_test(vague_lines_are_made_up_for_by_the_other_side),
		cmocka_unit_test(storage_that_a_loop_copies_is_resized),
		cmocka_unit_test(a_join_of_another_thread_is_no_excuse),
		cmocka_unit_test(stacks_alone_say_something_too),
		cmocka_unit_test(only_what_is_true_is_said_and_only_once),
		cmocka_unit_test(macros_that_never_end_do_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
