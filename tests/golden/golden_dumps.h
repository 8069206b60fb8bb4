/*
 * golden_dumps.h - all reports of a text as dumps, to be compared.
 *
 * load_logs and unload_logs are for cmocka's group; the logs are in `logs`.
 * Include it after cmocka.h.
 */
#ifndef SNAG_TESTS_GOLDEN_DUMPS_H
#define SNAG_TESTS_GOLDEN_DUMPS_H

#include "golden_logs.h"
#include "read/tsan_text.h"
#include "report_dump.h"

enum { TEXT_MAX = 1 << 22 };

static struct arena logs_arena;
static struct golden_logs logs;

/* A report's dump each, in the order of their ends. */
struct dumps {
	struct arena arena;
	const char **dumps;
	bool *is_incomplete;
	size_t count, flag_count;
	enum dump_detail detail;
	bool is_wrapped; /* summary and kind may have lost their ends */
};

static inline void add_dump(void *context, const struct tsan_found *found)
{
	struct dumps *dumps = context;
	struct buf buf;

	if (dumps->is_wrapped)
		found->report->summary = found->report->kind_text = NULL;
	buf_init(&buf, TEXT_MAX);
	dump_report(&buf, found->report, dumps->detail);
	*(const char **)arena_push(&dumps->arena, &dumps->dumps, &dumps->count,
				   sizeof(char *)) =
		arena_dup(&dumps->arena, buf.data);
	*(bool *)arena_push(&dumps->arena, &dumps->is_incomplete,
			    &dumps->flag_count, sizeof(bool)) =
		found->report->is_incomplete;
	buf_release(&buf);
}

/* chunk: bytes a feed, 0: all at once. */
static inline void parse(struct dumps *dumps, const char *text, size_t len,
			 size_t chunk)
{
	struct tsan_parser *parser = tsan_parser_new(add_dump, dumps);

	if (!chunk)
		chunk = len ? len : 1;
	for (size_t at = 0; at < len; at += chunk)
		tsan_parser_feed(parser, text + at,
				 len - at < chunk ? len - at : chunk);
	tsan_parser_end(parser);
	assert_int_equal(tsan_parser_counts(parser)->bytes, len);
	tsan_parser_free(parser);
}

static inline void release(struct dumps *dumps)
{
	arena_release(&dumps->arena);
	*dumps = (struct dumps){0};
}

static inline void assert_same(const char *name, const struct dumps *got,
			       const struct dumps *want)
{
	for (size_t i = 0; i < got->count && i < want->count; i++) {
		if (strcmp(got->dumps[i], want->dumps[i]) != 0)
			print_message("%s:\n%s\n", name, got->dumps[i]);
		assert_string_equal(got->dumps[i], want->dumps[i]);
	}
	if (got->count != want->count)
		print_message("%s: %zu reports\n", name, got->count);
	assert_int_equal(got->count, want->count);
}

static inline void put(struct buf *out, const char *line, size_t len)
{
	buf_add(out, line, len);
	buf_add(out, "\n", 1);
}

static inline int load_logs(void **state)
{
	(void)state;
	logs = golden_load(&logs_arena);
	return logs.count ? 0 : -1;
}

static inline int unload_logs(void **state)
{
	(void)state;
	arena_release(&logs_arena);
	return 0;
}

#endif
