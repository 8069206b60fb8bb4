/*
 * Each log of tests/golden/logs against its expectation, NAME.expect.
 * With --update the expectations are written anew: read the difference.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../golden/golden_logs.h"
#include "../golden/report_dump.h"
#include "read/tsan_text.h"

static void add_dump(void *context, const struct tsan_found *found)
{
	dump_report(context, found->report, DUMP_ALL);
}

static void dump_log(const struct golden_log *log, struct buf *out)
{
	struct tsan_parser *parser = tsan_parser_new(add_dump, out);

	buf_init(out, 1 << 20);
	tsan_parser_feed(parser, log->text, log->len);
	tsan_parser_end(parser);
	tsan_parser_free(parser);
}

static const char *expect_path(struct arena *arena,
			       const struct golden_log *log)
{
	return arena_printf(arena, "%s/logs/%s.expect", GOLDEN_DIR, log->name);
}

static void every_log_parses_as_expected(void **state)
{
	struct arena arena = {0};
	struct golden_logs all = golden_load(&arena);

	(void)state;
	assert_true(all.count > 0);
	for (size_t i = 0; i < all.count; i++) {
		const struct golden_log *log = &all.logs[i];
		struct buf out;
		size_t len = 0;
		const char *want =
			golden_read(&arena, expect_path(&arena, log), &len);

		dump_log(log, &out);
		if (!want || strcmp(want, out.data) != 0)
			print_message("%s differs:\n%s\n", log->name, out.data);
		assert_non_null(want);
		assert_string_equal(want, out.data);
		buf_release(&out);
	}
	arena_release(&arena);
}

/* What the programs are for: none may fall out of the set unnoticed. */
static void every_kind_of_report_is_among_the_logs(void **state)
{
	bool is_seen[KIND_COUNT] = {false};
	struct arena arena = {0};
	struct golden_logs all = golden_load(&arena);

	(void)state;
	for (size_t i = 0; i < all.count; i++) {
		struct report *reports;
		size_t count;

		tsan_parse(&arena, all.logs[i].text, all.logs[i].len, &reports,
			   &count);
		for (size_t j = 0; j < count; j++)
			is_seen[reports[j].kind] = true;
	}
	for (enum kind kind = KIND_DATA_RACE; kind <= KIND_DEADLY_SIGNAL;
	     kind++) {
		/* C has no virtual calls; the last needs clang 23. */
		if (kind == KIND_VPTR_RACE ||
		    kind == KIND_VPTR_USE_AFTER_FREE ||
		    kind == KIND_MUTEX_WRONG_CONTEXT)
			continue;
		if (!is_seen[kind])
			fail_msg("no log of kind %s", kind_name(kind));
	}
	arena_release(&arena);
}

static int update(void)
{
	struct arena arena = {0};
	struct golden_logs all = golden_load(&arena);
	int failed = 0;

	for (size_t i = 0; i < all.count; i++) {
		FILE *file = fopen(expect_path(&arena, &all.logs[i]), "wb");
		struct buf out;

		dump_log(&all.logs[i], &out);
		if (!file || fputs(out.data, file) < 0 || fclose(file) != 0)
			failed = 1;
		buf_release(&out);
	}
	arena_release(&arena);
	return failed;
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_log_parses_as_expected),
		cmocka_unit_test(every_kind_of_report_is_among_the_logs),
	};

	if (argc == 2 && !strcmp(argv[1], "--update"))
		return update();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
