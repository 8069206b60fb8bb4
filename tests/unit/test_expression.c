/* What a line of source accesses at a column. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "judge/expression.h"

/* The column is where '@' stands, which is taken out. */
static void expect_argument(const char *marked, unsigned argument,
			    bool is_whole, const char *expected)
{
	struct arena arena = {0};
	size_t at = strcspn(marked, "@");
	char *line = arena_printf(&arena, "%.*s%s", (int)at, marked,
				  marked + at + 1);
	char *got = expression_at(&arena, line, strlen(line), (unsigned)at + 1,
				  argument, is_whole);

	if (!expected != !got || (got && strcmp(got, expected) != 0))
		fail_msg("%s: '%s', not '%s'", marked, got ? got : "(none)",
			 expected ? expected : "(none)");
	arena_release(&arena);
}

static void expect(const char *marked, const char *expected)
{
	expect_argument(marked, 0, true, expected);
}

static void names_and_members(void **state)
{
	(void)state;
	expect("	if (!@ready)", "ready");
	expect("	x = s->@head;", "s->head");
	expect("	x = s->list[i + 1].@next;", "s->list[i + 1].next");
	expect("	x = f(a, b)->@n;", "f(a, b)->n");
	expect("	y = s->@items[i] + 1;", "s->items[i]");
	expect_argument("	y = s->@items[i] + 1;", 0, false, "s->items");
	expect("	return @*p;", "*p");
	expect("	return @*node->next;", "*node->next");
}

static void what_is_written_stands_before_the_operator(void **state)
{
	(void)state;
	expect("	s->count @= 3;", "s->count");
	expect("	s->count@++;", "s->count");
	expect("	@++s->count;", "s->count");
	expect("	total @+= a[i];", "total");
	expect("	*p @= 1;", "*p");
	expect("	a[f(x)].y @|= 2;", "a[f(x)].y");
}

static void arguments_of_calls(void **state)
{
	(void)state;
	expect("	@pthread_mutex_lock(&s->lock);", "s->lock");
	expect("	@atomic_load_explicit(&q->top, order)", "q->top");
	expect_argument("	@memcpy(to->x, from->y, 4);", 1, true,
			"from->y");
	expect_argument("	@free(p);", 1, true, NULL);
	expect("	@f((a, b), c);", "(a, b)");
}

static void nonsense_names_nothing(void **state)
{
	struct arena arena = {0};

	(void)state;
	expect("@", NULL);
	expect("@;", NULL);
	expect("@)))", NULL);
	expect("	@f(", NULL);
	expect("	)]) @= 1;", NULL);
	expect("	a[[[@= 1;", NULL);
	expect("	x@[", NULL);
	assert_null(expression_at(&arena, "abc", 3, 0, 0, true));
	assert_null(expression_at(&arena, "abc", 3, 4, 0, true));
	assert_null(expression_at(&arena, "abc", 3, UINT32_MAX, 0, true));
	assert_null(expression_at(&arena, "a\0b", 3, 1, 0, true));
	arena_release(&arena);
}

/* Any bytes, any column: a name or none, and never a control byte. */
static void any_bytes_are_taken(void **state)
{
	static const char bytes[] = "ab.->[]()=+*&, \t\x1b\xff{};";
	uint64_t random = 7;

	(void)state;
	for (int n = 0; n < 20000; n++) {
		struct arena arena = {0};
		char line[24];
		char *got;

		for (size_t i = 0; i < sizeof(line); i++) {
			random = random * 6364136223846793005U + 1;
			line[i] = bytes[(random >> 33) % (sizeof(bytes) - 1)];
		}
		got = expression_at(&arena, line, sizeof(line),
				    (unsigned)n % 26, (unsigned)n % 3,
				    n % 2 == 0);
		assert_true(!got || (*got && !strchr(got, '\x1b')));
		arena_release(&arena);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_and_members),
		cmocka_unit_test(what_is_written_stands_before_the_operator),
		cmocka_unit_test(arguments_of_calls),
		cmocka_unit_test(nonsense_names_nothing),
		cmocka_unit_test(any_bytes_are_taken),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
