/* Which iterations of explore are handed out, and where batches begin. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "campaign/epoch.h"
#include "campaign/exploring.h"

static void epochs_quadruple_up_to_65536(void **state)
{
	static const uint64_t ends[] = {16,   64,    256,   1024,
					4096, 16384, 65536, 131072};
	uint64_t at = 0;

	(void)state;
	for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
		assert_int_equal(epoch_end(at), ends[i]);
		assert_int_equal(epoch_end(ends[i] - 1), ends[i]);
		at = epoch_end(at);
	}
	assert_true(epoch_end(UINT64_MAX) == UINT64_MAX);
}

/* So many batches at once; each breaks off after `piece` iterations. */
static void run_all(unsigned batches, uint64_t wanted, uint64_t piece,
		    unsigned char *runs)
{
	struct arena arena = {0};
	struct exploring *e = exploring_new(&arena, batches, "random");
	struct exploring_rest *flying =
		arena_alloc(&arena, batches * sizeof(*flying));
	uint64_t next = 0, first, count;
	unsigned n = 0;

	for (;;) {
		while (n < batches && exploring_has_next(e, next, wanted, n)) {
			exploring_next(e, next, wanted, &first, &count);
			next = exploring_take(e, next, first, count);
			flying[n++] =
				(struct exploring_rest){first, first + count};
		}
		if (!n)
			break;
		/* The newest ends first. */
		first = flying[--n].first;
		count = flying[n].end - first;
		for (uint64_t i = 0; i < count && i < piece; i++)
			runs[first + i]++;
		if (count > piece)
			exploring_leave(e, first + piece, first + count);
	}
	arena_release(&arena);
}

static void each_iteration_runs_once_whoever_runs_it(void **state)
{
	(void)state;
	for (unsigned batches = 1; batches <= 5; batches++) {
		for (uint64_t piece = 1; piece < 400; piece += 57) {
			unsigned char runs[301] = {0};

			run_all(batches, 300, piece, runs);
			for (int i = 0; i < 300; i++)
				assert_int_equal(runs[i], 1);
			assert_int_equal(runs[300], 0);
		}
	}
}

static void a_search_through_all_runs_one_batch_at_a_time(void **state)
{
	struct arena arena = {0};
	struct exploring *e = exploring_new(&arena, 4, "dfs:2");

	(void)state;
	assert_true(exploring_has_next(e, 0, UINT64_MAX, 0));
	assert_false(exploring_has_next(e, 16, UINT64_MAX, 1));
	e->is_exhausted = true;
	assert_false(exploring_has_next(e, 16, UINT64_MAX, 0));
	arena_release(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(epochs_quadruple_up_to_65536),
		cmocka_unit_test(each_iteration_runs_once_whoever_runs_it),
		cmocka_unit_test(a_search_through_all_runs_one_batch_at_a_time),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
