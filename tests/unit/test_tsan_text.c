#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../golden/tsan_pieces.h"

struct seen {
	size_t count, incomplete, longest, used_bytes;
	struct buf text;
};

static void see(void *context, const struct tsan_found *found)
{
	struct seen *seen = context;

	seen->count++;
	seen->incomplete += found->report->is_incomplete;
	if (found->text_len > seen->longest)
		seen->longest = found->text_len;
	if (found->arena->used_bytes > seen->used_bytes)
		seen->used_bytes = found->arena->used_bytes;
	if (seen->text.data) {
		buf_clear(&seen->text);
		buf_add(&seen->text, found->text, found->text_len);
	}
}

static void feed(struct tsan_parser *parser, const char *text)
{
	tsan_parser_feed(parser, text, strlen(text));
}

static void the_counts_add_up(void **state)
{
	struct seen seen = {0};
	struct tsan_parser *parser = tsan_parser_new(see, &seen);
	const struct tsan_counts *counts = tsan_parser_counts(parser);

	(void)state;
	feed(parser, "a\n" RACE "b\n" SEP HEADER NEWER);
	feed(parser, "FATAL: ThreadSanitizer: oh\nx\n");
	feed(parser, "ThreadSanitizer: Matched 4 suppressions (pid=1):\n");
	feed(parser, "ThreadSanitizer: reported 2 warnings\n");
	feed(parser, "ThreadSanitizer: reported 5 warnings");
	tsan_parser_end(parser);
	assert_int_equal(counts->reports, 3);
	assert_int_equal(seen.count, 3);
	assert_int_equal(counts->incomplete, 1);
	assert_int_equal(counts->fatal, 1);
	assert_int_equal(counts->trailers, 2);
	assert_int_equal(counts->reported, 7);
	assert_int_equal(counts->suppressed, 4);
	assert_int_equal(counts->lines, 1 + 13 + 1 + 5 + 2 + 3);
	tsan_parser_free(parser);
}

static void the_text_is_that_of_the_report(void **state)
{
	struct seen seen = {0};
	struct tsan_parser *parser = tsan_parser_new(see, &seen);

	(void)state;
	buf_init(&seen.text, 4096);
	feed(parser, "before\n" RACE "after\n");
	tsan_parser_end(parser);
	assert_string_equal(seen.text.data, HEADER NEWER OLDER THREAD SUMMARY);
	buf_release(&seen.text);
	tsan_parser_free(parser);
}

static void where_a_report_stood_is_kept(void **state)
{
	struct parsed parsed = parse("one\r\ntwo\n" RACE);
	const size_t begin = strlen("one\r\ntwo\n" SEP);

	(void)state;
	assert_int_equal(parsed.reports[0].begin_byte, begin);
	assert_int_equal(parsed.reports[0].end_byte,
			 begin + strlen(HEADER NEWER OLDER THREAD SUMMARY));
	assert_int_equal(parsed.reports[0].first_line, 4);
	arena_release(&parsed.arena);
}

/* A report that never ends, of lines that are its own. */
static void memory_is_bounded_whatever_comes(void **state)
{
	static const struct {
		const char *before, *after;
	} lines[] = {
		{"    #0 f /f.c:", " (p+0x1)\n"},
		{"    #1 g /f.c:", " (p+0x1)\n"},
		{"    #", " f /f.c:1 (p+0x1)\n"},
		{"  Mutex M", " (0x1) created at:\n"},
		{"  Mutex M1 acquired here while holding mutex M",
		 " in main thread:\n"},
		{"  Thread T",
		 " (tid=1, running) created by main thread at:\n"},
		{"  Write of size 4 at 0x1 by thread T", ":\n"},
		{"  Location is stack of thread T", ".\n"},
		{"  Previous ", "\n"},
		{"some output ", ""},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		struct seen seen = {0};
		struct tsan_parser *parser = tsan_parser_new(see, &seen);

		feed(parser, HEADER);
		for (size_t n = 0; n < 200000; n++) {
			char line[128];

			snprintf(line, sizeof(line), "%s%zu%s", lines[i].before,
				 n, lines[i].after);
			feed(parser, line);
		}
		tsan_parser_end(parser);
		assert_int_equal(seen.count, 1);
		assert_int_equal(seen.incomplete, 1);
		assert_in_range(seen.longest, 1, 256 * 1024);
		assert_in_range(seen.used_bytes, 1, 8 * 1024 * 1024);
		tsan_parser_free(parser);
	}
}

static void a_very_long_line_is_cut_and_hides_no_report(void **state)
{
	struct buf text;
	struct parsed parsed;

	(void)state;
	buf_init(&text, 1 << 22);
	for (int i = 0; i < 300000; i++)
		buf_puts(&text, "\xf0\x9f");
	buf_puts(&text, "\n" RACE);
	parsed = parse_n(text.data, text.len);
	assert_int_equal(parsed.count, 1);
	assert_false(parsed.reports[0].is_incomplete);
	arena_release(&parsed.arena);
	buf_release(&text);
}

static void a_parser_serves_several_sources(void **state)
{
	struct seen seen = {0};
	struct tsan_parser *parser = tsan_parser_new(see, &seen);

	(void)state;
	feed(parser, SEP HEADER NEWER);
	tsan_parser_end(parser);
	feed(parser, SUMMARY); /* of a report cut off: not of the one before */
	tsan_parser_end(parser);
	feed(parser, RACE);
	tsan_parser_end(parser);
	assert_int_equal(seen.count, 3);
	assert_int_equal(seen.incomplete, 2);
	tsan_parser_free(parser);
}

static void a_copy_shares_nothing(void **state)
{
	struct parsed parsed = parse(RACE);
	struct arena arena = {0};
	struct report *copy = report_copy(&arena, parsed.reports);

	(void)state;
	memset((void *)(uintptr_t)parsed.reports[0].accesses[1].stack.frames, 1,
	       sizeof(struct frame));
	arena_release(&parsed.arena);
	assert_string_equal(copy->accesses[1].stack.frames[0].function, "main");
	assert_string_equal(copy->threads[0].id, "T1");
	assert_string_equal(copy->summary, "/f.c:1 in f");
	arena_release(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_counts_add_up),
		cmocka_unit_test(the_text_is_that_of_the_report),
		cmocka_unit_test(where_a_report_stood_is_kept),
		cmocka_unit_test(memory_is_bounded_whatever_comes),
		cmocka_unit_test(a_very_long_line_is_cut_and_hides_no_report),
		cmocka_unit_test(a_parser_serves_several_sources),
		cmocka_unit_test(a_copy_shares_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
