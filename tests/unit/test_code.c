/* Reading C: tokens, functions, and the questions about them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "judge/code.h"

static struct arena arena;

static struct c_unit read_c(const char *text)
{
	struct c_unit unit;

	c_unit_read(&arena, text, strlen(text), &unit);
	return unit;
}

static int32_t find(const struct c_unit *unit, const char *word, unsigned nth)
{
	for (int32_t at = 0; at < unit->count; at++)
		if (c_is(unit, at, word) && nth-- == 0)
			return at;
	return C_NONE;
}

static struct spot spot_of(const struct c_unit *unit, const char *word,
			   unsigned nth)
{
	int32_t at = find(unit, word, nth);

	assert_int_not_equal(at, C_NONE);
	return (struct spot){unit, c_function_at(unit, unit->tokens[at].line),
			     at};
}

static int release(void **state)
{
	(void)state;
	arena_release(&arena);
	return 0;
}

static void comments_strings_and_directives_are_no_code(void **state)
{
	struct c_unit unit = read_c("a /* b */ \"c d\" // e\\\n f\n"
				    "#define g \\\n h\n'i' j\n");

	(void)state;
	assert_int_equal(unit.count, 4);
	assert_true(c_is(&unit, 0, "a"));
	assert_int_equal(unit.tokens[1].type, C_STRING);
	assert_true(c_is(&unit, 3, "j"));
	assert_int_equal(unit.tokens[3].line, 5);
	assert_int_equal(unit.tokens[3].column, 5);
}

static void only_the_first_branch_of_a_directive_counts(void **state)
{
	struct c_unit unit = read_c("void f(void)\n#if A\n{\n#elif B\n{ {\n"
				    "#else\n{\n#endif\n}\nint g(void) { }\n");

	(void)state;
	assert_int_equal(unit.function_count, 2);
	assert_true(c_is(&unit, unit.functions[1].name, "g"));
}

static void functions_are_found_among_other_braces(void **state)
{
	struct c_unit unit = read_c(
		"struct s { int x; };\nint t[] = {1, 2};\n"
		"__attribute__((noinline)) static int\nf(struct s *p)\n{\n"
		"\treturn p->x;\n}\nMACRO(a, b) = { .x = g(1) };\n"
		"namespace n { void h() { } }\nextern \"C\" { int k(void) {} "
		"}");

	(void)state;
	assert_int_equal(unit.function_count, 3);
	assert_true(c_is(&unit, unit.functions[0].name, "f"));
	assert_true(c_is(&unit, unit.functions[1].name, "h"));
	assert_true(c_is(&unit, unit.functions[2].name, "k"));
	assert_ptr_equal(c_function_at(&unit, 6), &unit.functions[0]);
	assert_null(c_function_at(&unit, 2));
}

static void the_place_is_what_the_operator_works_on(void **state)
{
	static const struct {
		const char *code, *token, *name;
		bool is_member, is_element, is_deref;
	} cases[] = {
		{"void f() { p->n++; }", "++", "n", true, false, false},
		{"void f() { --p->n; }", "--", "n", true, false, false},
		{"void f() { p->a[i].b = 1; }", "=", "b", true, false, false},
		{"void f() { p->a[i] += 1; }", "+=", "a", true, true, false},
		{"void f() { *slot = 1; }", "=", "slot", false, false, true},
		{"void f() { return *q; }", "*", "q", false, false, true},
		{"void f() { (*q)->z = 1; }", "=", "z", true, false, false},
		{"void f() { g(x); }", "x", "x", false, false, false},
		{"void f() { ((struct s *)v)->y = 2; }", "=", "y", true, false,
		 false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct c_unit unit = read_c(cases[i].code);
		struct spot spot = spot_of(&unit, cases[i].token, 0);
		struct place place;

		assert_true(code_place(&spot, &place));
		assert_true(c_is(&unit, place.name, cases[i].name));
		assert_int_equal(place.is_member, cases[i].is_member);
		assert_int_equal(place.is_element, cases[i].is_element);
		assert_int_equal(place.is_deref, cases[i].is_deref);
	}
}

static void columns_find_tokens_and_operations_find_them_without(void **state)
{
	struct c_unit unit = read_c("void f(void) {\n\tq->a = p->b;\n}\n");
	const struct c_function *f = &unit.functions[0];

	(void)state;
	assert_true(c_is(&unit, code_at(&unit, f, 2, 7, true), "="));
	assert_true(c_is(&unit, code_at(&unit, f, 2, 12, false), "b"));
	assert_true(c_is(&unit, code_at(&unit, f, 2, 0, true), "="));
	assert_true(c_is(&unit, code_at(&unit, f, 2, 0, false), "b"));
	assert_int_equal(code_at(&unit, f, 9, 1, true), C_NONE);
}

static void conditions_and_loops_are_recognised(void **state)
{
	struct c_unit unit =
		read_c("void f(void) {\n\tfor (i = a; b < c; d++) e;\n"
		       "\tdo { g; } while (h);\n\tif (k) m;\n\tn;\n}\n");
	struct spot spot = spot_of(&unit, "e", 0);
	int32_t keyword, from, to;

	(void)state;
	assert_int_not_equal(
		code_condition(&spot, find(&unit, "b", 0), &keyword), C_NONE);
	assert_true(c_is(&unit, keyword, "for"));
	assert_int_equal(code_condition(&spot, find(&unit, "a", 0), &keyword),
			 C_NONE);
	assert_int_equal(code_condition(&spot, find(&unit, "d", 0), &keyword),
			 C_NONE);
	assert_true(code_loop(&spot, find(&unit, "e", 0), &from, &to));
	assert_true(code_loop(&spot, find(&unit, "g", 0), &from, &to));
	assert_true(c_is(&unit, from, "do"));
	assert_false(code_loop(&spot, find(&unit, "n", 0), &from, &to));
	assert_false(code_loop(&spot, find(&unit, "k", 0), &from, &to));
}

static void any_bytes_are_read_to_their_end(void **state)
{
	static const char alphabet[] = "a(){}[];=*+->.\"'/\\#if\n else x, &|!0";
	char text[400];

	(void)state;
	srand(1);
	for (unsigned i = 0; i < 3000; i++) {
		struct c_unit unit;

		for (size_t j = 0; j < sizeof(text); j++)
			text[j] = i % 3 ? alphabet[(size_t)rand() %
						   (sizeof(alphabet) - 1)]
					: (char)rand();
		c_unit_read(&arena, text, sizeof(text), &unit);
		for (size_t j = 0; j < unit.function_count; j++) {
			const struct c_function *f = &unit.functions[j];

			for (int32_t at = f->name; at <= f->close; at++) {
				struct spot spot = {&unit, f, at};
				struct place place;
				int32_t a, b;

				code_place(&spot, &place);
				code_is_written(&unit, at);
				code_is_changed(&unit, at);
				code_target(&spot, at);
				code_condition(&spot, at, &a);
				code_loop(&spot, at, &a, &b);
				code_is_null_test(&spot, at);
				code_is_constant(&unit, at);
				code_is_local(&spot, at);
				code_locks_before(&spot, at);
			}
		}
		arena_release(&arena);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(comments_strings_and_directives_are_no_code),
		cmocka_unit_test(only_the_first_branch_of_a_directive_counts),
		cmocka_unit_test(functions_are_found_among_other_braces),
		cmocka_unit_test(the_place_is_what_the_operator_works_on),
		cmocka_unit_test(
			columns_find_tokens_and_operations_find_them_without),
		cmocka_unit_test(conditions_and_loops_are_recognised),
		cmocka_unit_test(any_bytes_are_read_to_their_end),
	};

	return cmocka_run_group_tests(tests, NULL, release);
}
