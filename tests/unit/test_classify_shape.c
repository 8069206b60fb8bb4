/* Rules that read the shape of the code around the two accesses. */
#include "judge_case.h"

#define READ(f) {.function = (f), .op = OP_READ}
#define WRITE(f) {.function = (f), .op = OP_WRITE}
#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static void changes_of_one_value_are_lost_updates(void **state)
{
	static const struct judge_case cases[] = {
		{.cause = "lost-update",
		 "void f(struct s *q) {\n\tq->@an@b++;\n}\n",
		 WRITE("f"),
		 WRITE("f")},
		{.cause = "lost-update",
		 "void f(void) {\n\tx @a+= 2;\n}\n"
		 "void g(void) {\n\tx @b= x * 3;\n}\n",
		 WRITE("f"),
		 WRITE("g")},
		{.cause = "lost-update",
		 "void f(struct s *q) {\n\tdouble t = q->@ab;\n"
		 "\tt = t + 1;\n\tq->b @b= t;\n}\n",
		 READ("f"),
		 WRITE("f")},
		{.cause = "lost-update",
		 "void f(struct n *e) {\n\te->next = @atop;\n\ttop @b= e;\n}\n",
		 READ("f"),
		 WRITE("f")},
		{.cause = "lost-update",
		 "void f(struct q *q, int v) {\n"
		 "\tq->slot[q->put & 7] @a@b= v;\n\tq->put++;\n}\n",
		 WRITE("f"),
		 WRITE("f")},
	};

	(void)state;
	judge_all(cases, COUNT(cases));
}

static void loop_conditions_on_plain_flags_are_stop_flags(void **state)
{
	static const struct judge_case cases[] = {
		{.cause = "stop-flag",
		 "void f(struct s *q) {\n\twhile (!q->@as)\n\t\twork();\n}\n"
		 "void g(struct s *q) {\n\tq->s @b= 1;\n}\n",
		 READ("f"),
		 WRITE("g")},
		{.cause = "stop-flag",
		 "void f(void) {\n\tfor (;;) {\n\t\tif (!@arun)\n\t\t\tbreak;"
		 "\n\t\twork();\n\t}\n}\nvoid g(void) {\n\trun @b= false;\n}\n",
		 READ("f"),
		 WRITE("g")},
		{.cause = "stop-flag",
		 "void f(void) {\n\tdo {\n\t\twork();\n\t} while (!@aend);\n}\n"
		 "void g(void) {\n\tend @b= 1;\n}\n",
		 READ("f"),
		 WRITE("g")},
	};

	(void)state;
	judge_all(cases, COUNT(cases));
}

static void initialising_what_is_not_there_is_lazy(void **state)
{
	static const struct judge_case cases[] = {
		{.cause = "lazy-init",
		 "int *f(void) {\n\tif (@at == NULL)\n\t\tt @b= make();\n"
		 "\treturn t;\n}\n",
		 READ("f"),
		 WRITE("f")},
		{.cause = "lazy-init",
		 "int *f(void) {\n\tif (@at)\n\t\treturn t;\n\tt @b= make();\n"
		 "\treturn t;\n}\n",
		 READ("f"),
		 WRITE("f")},
		{.cause = "lazy-init",
		 "void f(void) {\n\tif (!@ais) {\n\t\tfill();\n\t\tis @b= 1;\n"
		 "\t}\n}\n",
		 READ("f"),
		 WRITE("f")},
		{.cause = "lazy-init",
		 "int *f(void) {\n\tif (!@at) {\n\t\tint *p = malloc(9);\n"
		 "\t\tt @b= p;\n\t}\n\treturn t;\n}\n",
		 READ("f"),
		 WRITE("f")},
	};

	(void)state;
	judge_all(cases, COUNT(cases));
}

static void a_lock_between_two_tests_is_double_checked(void **state)
{
	static const struct judge_case cases[] = {
		{.cause = "double-checked-init",
		 "int *f(struct s *q) {\n\tif (q->@ap == NULL) {\n"
		 "\t\tpthread_mutex_lock(&q->m);\n\t\tif (q->p == NULL)\n"
		 "\t\t\tq->p @b= make();\n\t\tpthread_mutex_unlock(&q->m);\n"
		 "\t}\n\treturn q->p;\n}\n",
		 READ("f"),
		 {.function = "f", .op = OP_WRITE, .lock = "M0"}},
		{.cause = "double-checked-init",
		 "void f(void) {\n\tif (@adone)\n\t\treturn;\n"
		 "\tpthread_mutex_lock(&m);\n\tif (!done) {\n\t\tv = 42;\n"
		 "\t\tdone @b= true;\n\t}\n\tpthread_mutex_unlock(&m);\n}\n",
		 READ("f"),
		 {.function = "f", .op = OP_WRITE, .lock = "M0"}},
	};

	(void)state;
	judge_all(cases, COUNT(cases));
}

static void acting_on_a_stale_test_is_check_then_act(void **state)
{
	static const struct judge_case cases[] = {
		{.cause = "check-then-act",
		 "int f(struct s *q, int n) {\n\tif (q->@ahas >= n) {\n"
		 "\t\tq->has @b-= n;\n\t\treturn 1;\n\t}\n\treturn 0;\n}\n",
		 READ("f"),
		 WRITE("f")},
		{.cause = "check-then-act",
		 "void f(int i) {\n\tif (i > @abest)\n\t\tbest @b= i;\n}\n",
		 READ("f"),
		 WRITE("f")},
		{.cause = "check-then-act",
		 "void put(struct s *q, int i, int v) {\n\tq->o[i] @b= v;\n}\n"
		 "void f(struct s *q) {\n\tif (q->@ao[3] == NOBODY)\n"
		 "\t\t@Bput(q, 3, 1);\n}\n",
		 READ("f"),
		 {.function = "put", .op = OP_WRITE, .caller = "f"}},
	};

	(void)state;
	judge_all(cases, COUNT(cases));
}

static void data_behind_a_flag_is_published_unsafely(void **state)
{
	static const struct judge_case cases[] = {
		{.cause = "unsafe-publication",
		 "void f(struct s *q) {\n\tq->data @a= 5;\n\tq->is = 1;\n}\n"
		 "int g(struct s *q) {\n\tif (!q->is)\n\t\treturn 0;\n"
		 "\treturn q->@bdata;\n}\n",
		 WRITE("f"),
		 READ("g")},
		{.cause = "unsafe-publication",
		 "void f(struct s *q) {\n\tq->data @a= 5;\n"
		 "\tatomic_store_explicit(&q->is, 1, 0);\n}\n"
		 "void g(struct s *q) {\n"
		 "\twhile (atomic_load_explicit(&q->is, 0) == 0)\n\t\t;\n"
		 "\tuse(q->@bdata);\n}\n",
		 WRITE("f"),
		 READ("g")},
		{.cause = "unsafe-publication",
		 "void f(struct s *q) {\n\tq->data = 5;\n\tq->is @a= 1;\n}\n"
		 "void g(struct s *q) {\n\twhile (!q->@bis)\n\t\t;\n"
		 "\tuse(q->data);\n}\n",
		 WRITE("f"),
		 READ("g")},
		{.cause = "unsafe-publication",
		 "void f(void) {\n\tstruct j *j = make();\n\tcur @a= j;\n}\n"
		 "int g(void) {\n\tstruct j *j = @bcur;\n"
		 "\treturn j ? j->id : 0;\n}\n",
		 {.function = "f", .op = OP_WRITE, .size = 8},
		 {.function = "g", .op = OP_READ, .size = 8}},
	};

	(void)state;
	judge_all(cases, COUNT(cases));
}

static void members_that_must_agree_are_mutable_config(void **state)
{
	static const struct judge_case cases[] = {
		{.cause = "mutable-config",
		 "void f(struct c *c, int v) {\n\tc->host @a= v;\n"
		 "\tc->port = v + 1;\n}\n"
		 "int g(struct c *c) {\n\tint x = c->@bhost;\n"
		 "\treturn x + c->port;\n}\n",
		 WRITE("f"),
		 READ("g")},
		{.cause = "mutable-config",
		 "void f(struct c n) {\n\tthing @a= n;\n}\n"
		 "void g(struct c *n) {\n\t*n = @bthing;\n}\n",
		 WRITE("f"),
		 READ("g"),
		 .where = LOCATION_GLOBAL,
		 .location_size = 24},
	};

	(void)state;
	judge_all(cases, COUNT(cases));
}

static void words_of_two_shapes_are_torn(void **state)
{
	static const struct judge_case cases[] = {
		{.cause = "torn-access",
		 "void f(union u *u) {\n\tu->low @a= 1;\n}\n"
		 "long g(union u *u) {\n\treturn u->@ball;\n}\n",
		 WRITE("f"),
		 {.function = "g", .op = OP_READ, .size = 8}},
		{.cause = "torn-access",
		 "void f(struct s *q) {\n\tq->a@a++;\n}\n"
		 "void g(struct s *q) {\n\tq->b@b++;\n}\n",
		 WRITE("f"),
		 WRITE("g")},
		{.cause = "torn-access",
		 "void f(struct s *q) {\n\tq->a @a= 3;\n}\n"
		 "void g(struct s *q, struct s *o) {\n\t*o @b= *q;\n}\n",
		 WRITE("f"),
		 {.function = "g",
		  .op = OP_READ,
		  .callee = "memcpy",
		  .size = 8}},
		{.cause = "atomic-plain-mix",
		 "void f(void) {\n\t@aatomic_fetch_add(&n, 1);\n}\n"
		 "int g(void) {\n\treturn @bn;\n}\n",
		 {.function = "f", .op = OP_WRITE, .is_atomic = true},
		 READ("g")},
	};

	(void)state;
	judge_all(cases, COUNT(cases));
}

static void walks_and_growth_are_told_from_plain_races(void **state)
{
	static const struct judge_case cases[] = {
		{.cause = "iterator-invalidated",
		 "int f(void) {\n\tint s = 0;\n"
		 "\tfor (struct n *n = head; n; n = n->@anext)\n\t\ts++;\n"
		 "\treturn s;\n}\n"
		 "void g(struct n *d) {\n\thead->next @b= d->next;\n}\n",
		 {.function = "f", .op = OP_READ, .size = 8},
		 {.function = "g", .op = OP_WRITE, .size = 8}},
		{.cause = "iterator-invalidated",
		 "void f(struct l *l) {\n"
		 "\tfor (size_t i = 0; i < l->@an; i++)\n\t\tuse(l, i);\n}\n"
		 "void g(struct l *l) {\n\tl->n@b--;\n}\n",
		 READ("f"),
		 WRITE("g")},
		{.cause = "container-resize",
		 "void f(struct v *v, int x) {\n\tif (v->n == v->cap)\n"
		 "\t\tv->d @a= realloc(v->d, 8 * v->n);\n"
		 "\tv->d[v->n++] = x;\n}\n"
		 "int g(struct v *v) {\n\treturn v->@bd[0];\n}\n",
		 {.function = "f", .op = OP_WRITE, .size = 8},
		 {.function = "g", .op = OP_READ, .size = 8}},
		{.cause = "container-resize",
		 "void f(struct v *v) {\n\tint *big = make(v);\n"
		 "\tmemcpy(big, v->d, v->n);\n\tv->d @a= big;\n}\n"
		 "int g(struct v *v) {\n\treturn v->@bd[0];\n}\n",
		 {.function = "f", .op = OP_WRITE, .size = 8},
		 {.function = "g", .op = OP_READ, .size = 8}},
	};

	(void)state;
	judge_all(cases, COUNT(cases));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(changes_of_one_value_are_lost_updates),
		cmocka_unit_test(loop_conditions_on_plain_flags_are_stop_flags),
		cmocka_unit_test(initialising_what_is_not_there_is_lazy),
		cmocka_unit_test(a_lock_between_two_tests_is_double_checked),
		cmocka_unit_test(acting_on_a_stale_test_is_check_then_act),
		cmocka_unit_test(data_behind_a_flag_is_published_unsafely),
		cmocka_unit_test(members_that_must_agree_are_mutable_config),
		cmocka_unit_test(words_of_two_shapes_are_torn),
		cmocka_unit_test(walks_and_growth_are_told_from_plain_races),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
