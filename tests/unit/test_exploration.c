/* What batches of explore come to, whatever the order they come back in. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "base/distinct.h"
#include "campaign/exploration.h"

enum { REGISTERS = SNAG_DISTINCT_REGISTERS };

static uint64_t mix(uint64_t x)
{
	x = (x ^ x >> 31) * 0xbf58476d1ce4e5b9U;
	x = (x ^ x >> 29) * 0x94d049bb133111ebU;
	return x ^ x >> 32;
}

static void see(uint8_t *registers, uint64_t thing)
{
	uint64_t h = mix(thing + 1);
	uint8_t rank = (uint8_t)(__builtin_clzll(h << 12 | 1U << 11) + 1);

	if (rank > registers[h >> 52])
		registers[h >> 52] = rank;
}

static void sets_are_counted_within_five_percent(void **state)
{
	static const uint64_t sizes[] = {0, 1, 2, 100, 3000, 20000, 1000000};
	uint8_t registers[REGISTERS];

	(void)state;
	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		uint64_t n = sizes[i], estimate;

		memset(registers, 0, sizeof(registers));
		for (uint64_t k = 0; k < n; k++)
			see(registers, k);
		for (uint64_t k = 0; k < n; k++) /* again: nothing new */
			see(registers, k);
		estimate = distinct_estimate(registers, REGISTERS);
		assert_in_range(estimate, n - n / 20, n + n / 20);
	}
}

static void united_sets_count_what_they_share_once(void **state)
{
	uint8_t a[REGISTERS] = {0}, b[REGISTERS] = {0};

	(void)state;
	for (uint64_t k = 0; k < 2000; k++)
		see(a, k);
	for (uint64_t k = 1000; k < 3000; k++)
		see(b, k);
	distinct_unite(a, b, REGISTERS);
	assert_in_range(distinct_estimate(a, REGISTERS), 2850, 3150);
}

static void registers_of_an_attacker_are_no_estimate_without_end(void **state)
{
	uint8_t registers[REGISTERS];

	(void)state;
	memset(registers, 0xff, sizeof(registers));
	assert_true(distinct_estimate(registers, REGISTERS) > 1U << 30);
	assert_int_equal(distinct_estimate(registers, 0), 0);
}

/* As a batch that began there would leave it. */
static void fill(struct snag_explore *x, uint64_t first, uint64_t ran)
{
	memset(x, 0, sizeof(*x));
	for (uint64_t i = first; i < first + ran; i++) {
		x->pairs[i / 8 % sizeof(x->pairs)] |= (uint8_t)(1 << i % 8);
		see(x->distinct, i);
	}
	x->steps = ran * 10;
	x->most_steps = first + ran;
	x->most_threads = 3;
	x->uncontrolled[SNAG_FORKS] = first ? 0 : 2;
	x->strategy_count = 2;
	strcpy(x->strategies[0].name, first ? "rff" : "pct:2");
	x->strategies[0].schedules = ran;
	strcpy(x->strategies[1].name, "pos");
	x->strategies[1].news = 1;
}

static struct explored *explore(struct arena *arena, const uint64_t *firsts,
				const uint64_t *counts, size_t n)
{
	struct exploration *e = arena_alloc(arena, sizeof(*e));
	struct snag_explore *x = calloc(1, sizeof(*x));

	assert_non_null(x);
	for (size_t i = 0; i < n; i++) {
		fill(x, firsts[i], counts[i]);
		assert_true(
			exploration_take(e, arena, x, firsts[i], counts[i]));
	}
	free(x);
	return exploration_settle(e, arena);
}

static void assert_equal(const struct explored *a, const struct explored *b)
{
	assert_int_equal(a->distinct, b->distinct);
	assert_int_equal(a->pairs, b->pairs);
	assert_int_equal(a->steps, b->steps);
	assert_int_equal(a->growth_count, b->growth_count);
	for (size_t i = 0; i < a->growth_count; i++)
		assert_memory_equal(&a->growth[i], &b->growth[i],
				    sizeof(a->growth[i]));
	assert_int_equal(a->strategy_count, b->strategy_count);
	for (size_t i = 0; i < a->strategy_count; i++) {
		assert_string_equal(a->strategies[i].name,
				    b->strategies[i].name);
		assert_int_equal(a->strategies[i].schedules,
				 b->strategies[i].schedules);
	}
}

static void the_order_of_batches_decides_nothing(void **state)
{
	static const uint64_t firsts[] = {0, 7, 16, 64},
			      counts[] = {7, 9, 48, 30};
	static const uint64_t other_firsts[] = {64, 16, 7, 0},
			      other_counts[] = {30, 48, 9, 7};
	struct arena arena = {0};
	const struct explored *a, *b;

	(void)state;
	a = explore(&arena, firsts, counts, 4);
	b = explore(&arena, other_firsts, other_counts, 4);
	assert_equal(a, b);
	assert_int_equal(a->growth_count, 3);
	assert_int_equal(a->growth[0].iterations, 16);
	assert_int_equal(a->growth[0].pairs, 16);
	assert_int_equal(a->growth[2].iterations, 94);
	assert_int_equal(a->pairs, 94);
	assert_int_equal(a->most_steps, 94);
	assert_int_equal(a->strategy_count, 3);
	assert_string_equal(a->strategies[0].name, "pct:2");
	assert_int_equal(a->strategies[1].news, 4); /* "pos" */
	assert_int_equal(a->uncontrolled_count, 1);
	assert_string_equal(a->uncontrolled[0].name, "forks");
	arena_release(&arena);
}

static void there_are_never_more_schedules_than_iterations(void **state)
{
	static const uint64_t first = 0, count = 3;
	struct arena arena = {0};

	(void)state;
	for (uint64_t i = 0; i < 3; i++)
		assert_in_range(explore(&arena, &first, &count, 1)->distinct, 1,
				3);
	arena_release(&arena);
}

static void what_cannot_be_true_is_not_taken(void **state)
{
	struct arena arena = {0};
	struct exploration *e = arena_alloc(&arena, sizeof(*e));
	struct snag_explore *x = calloc(1, sizeof(*x));

	(void)state;
	assert_non_null(x);
	x->steps = UINT64_MAX;
	assert_false(exploration_take(e, &arena, x, 0, 5));
	x->steps = 0;
	x->strategy_count = UINT32_MAX;
	assert_false(exploration_take(e, &arena, x, 0, 5));
	x->strategy_count = SNAG_MAX_STRATEGIES;
	/* No end, and no text. */
	memset(x->strategies[0].name, 0x1b, sizeof(x->strategies[0].name));
	x->has_diverged = 1;
	memset(x->divergence, 0xff, sizeof(x->divergence));
	assert_true(exploration_take(e, &arena, x, UINT64_MAX - 1, 5));
	assert_null(strchr(exploration_settle(e, &arena)->divergence, '\xff'));
	free(x);
	arena_release(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sets_are_counted_within_five_percent),
		cmocka_unit_test(united_sets_count_what_they_share_once),
		cmocka_unit_test(
			registers_of_an_attacker_are_no_estimate_without_end),
		cmocka_unit_test(the_order_of_batches_decides_nothing),
		cmocka_unit_test(
			there_are_never_more_schedules_than_iterations),
		cmocka_unit_test(what_cannot_be_true_is_not_taken),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
