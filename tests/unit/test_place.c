#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "model/place.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static void function_is(const char *printed, const char *want)
{
	struct arena arena = {0};

	assert_string_equal(place_function(&arena, printed), want);
	arena_release(&arena);
}

static void a_function_has_a_bare_name(void **state)
{
	(void)state;
	function_is("bump", "bump");
	function_is("bump(int, char)", "bump");
	function_is("bump.part.0", "bump");
	function_is("queue::push(int)", "queue::push");
	function_is("box::operator()(int)", "box::operator()(int)");
	function_is("(anonymous namespace)::f", "(anonymous namespace)::f");
	function_is("", "");
	assert_null(place_function(NULL, NULL));
}

static void the_place_is_the_innermost_own_frame(void **state)
{
	struct frame frames[] = {
		{.function = "memcpy", .file = "<null>"},
		{.function = "pthread_cond_wait",
		 .file = "../../../../src/libsanitizer/tsan/x.cpp"},
		{.function = "futex_wait", .file = "snag-harness/futex.c"},
		{.function = "pop", .file = "src/queue.c", .line = 7},
		{.function = "main", .file = "src/main.c"},
	};
	struct stack stack = {frames, COUNT(frames), false};

	(void)state;
	assert_ptr_equal(place_of_stack(&stack), &frames[3]);
	stack.count = 3; /* none is its own: the innermost with a name */
	assert_ptr_equal(place_of_stack(&stack), &frames[0]);
	stack.count = 0;
	assert_null(place_of_stack(&stack));
	assert_false(place_is_own(NULL));
}

/* Two sides with one frame each. */
static const char *sentence(struct arena *arena, enum kind kind, enum op op,
			    const char *f, const char *g)
{
	struct frame frames[] = {
		{.function = f, .file = "src/a.c", .line = 1},
		{.function = g, .file = g ? "src/b.c" : NULL, .line = 2},
	};
	struct access sides[] = {
		{.op = op, .stack = {&frames[0], 1, false}},
		{.op = op, .stack = {&frames[1], 1, false}},
	};
	struct report report = {
		.kind = kind, .accesses = sides, .access_count = 2};
	struct finding finding = {.report = &report};

	return place_finding(arena, &finding);
}

static void a_finding_is_named_by_its_places(void **state)
{
	struct arena arena = {0};
	const struct report lost = {.kind = KIND_WRONG_OUTCOME};
	const struct finding outcome = {.report = &lost, .outcome = "lost"};

	(void)state;
	assert_string_equal(sentence(&arena, KIND_DATA_RACE, OP_READ, "f", "g"),
			    "data race between f (a.c:1) and g (b.c:2)");
	assert_string_equal(
		sentence(&arena, KIND_DATA_RACE, OP_READ, "f", NULL),
		"data race between f (a.c:1) and an unnamed function");
	assert_string_equal(sentence(&arena, KIND_DEADLOCK, OP_WAIT, "f", NULL),
			    "deadlock in f (a.c:1)");
	assert_string_equal(place_finding(&arena, &outcome),
			    "outcome \"lost\"");
	arena_release(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_function_has_a_bare_name),
		cmocka_unit_test(the_place_is_the_innermost_own_frame),
		cmocka_unit_test(a_finding_is_named_by_its_places),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
