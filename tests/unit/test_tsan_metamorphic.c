/*
 * What happens to logs on their way changes nothing of what they say: each
 * golden log is changed so, and must parse as before.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../golden/golden_logs.h"
#include "../golden/report_dump.h"
#include "read/tsan_text.h"

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

static void add_dump(void *context, const struct tsan_found *found)
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
static void parse(struct dumps *dumps, const char *text, size_t len,
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

static void release(struct dumps *dumps)
{
	arena_release(&dumps->arena);
	*dumps = (struct dumps){0};
}

static void assert_same(const char *name, const struct dumps *got,
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

/* A change of one line: writes what becomes of it. */
typedef void change_line(struct buf *out, const char *line, size_t len,
			 unsigned number);

static void change(struct buf *out, const char *text, size_t len,
		   change_line *change)
{
	const char *end = text + len;
	unsigned number = 0;

	buf_init(out, TEXT_MAX);
	while (text < end) {
		const char *newline = memchr(text, '\n', (size_t)(end - text));
		const char *line_end = newline ? newline : end;

		change(out, text, (size_t)(line_end - text), number++);
		text = line_end + 1;
	}
}

static void assert_unchanged_by(change_line *changed, bool is_wrapped)
{
	assert_true(logs.count > 0);
	for (size_t i = 0; i < logs.count; i++) {
		const struct golden_log *log = &logs.logs[i];
		struct dumps want = {.is_wrapped = is_wrapped};
		struct dumps got = {.is_wrapped = is_wrapped};
		struct buf text;

		change(&text, log->text, log->len, changed);
		parse(&want, log->text, log->len, 0);
		parse(&got, text.data, text.len, 0);
		assert_same(log->name, &got, &want);
		buf_release(&text);
		release(&want);
		release(&got);
	}
}

static void put(struct buf *out, const char *line, size_t len)
{
	buf_add(out, line, len);
	buf_add(out, "\n", 1);
}

static void with_ctest_number(struct buf *out, const char *line, size_t len,
			      unsigned number)
{
	(void)number;
	buf_puts(out, "747: ");
	put(out, line, len);
}

static void with_timestamp(struct buf *out, const char *line, size_t len,
			   unsigned number)
{
	buf_printf(out, "2024-01-%02uT00:%02u:59.%07uZ ", number / 99 + 1,
		   number % 60, number * 1234567 % 10000000);
	put(out, line, len);
}

static void with_progress(struct buf *out, const char *line, size_t len,
			  unsigned number)
{
	buf_printf(out, "[%3u%%] ", number + 1);
	put(out, line, len);
}

static void with_steps(struct buf *out, const char *line, size_t len,
		       unsigned number)
{
	buf_printf(out, "[%u/12345] ", number + 8);
	put(out, line, len);
}

static void with_glog(struct buf *out, const char *line, size_t len,
		      unsigned number)
{
	buf_printf(out, "I0515 12:34:%02u.%06u 77 log.cc:12] ", number % 60,
		   number * 7);
	put(out, line, len);
}

static void with_quote(struct buf *out, const char *line, size_t len,
		       unsigned number)
{
	(void)number;
	buf_puts(out, len ? "> " : ">"); /* trimmed, as editors do */
	put(out, line, len);
}

static void prefixes_change_nothing(void **state)
{
	(void)state;
	assert_unchanged_by(with_ctest_number, false);
	assert_unchanged_by(with_timestamp, false);
	assert_unchanged_by(with_progress, false);
	assert_unchanged_by(with_steps, false);
	assert_unchanged_by(with_glog, false);
	assert_unchanged_by(with_quote, false);
}

static void without_indentation(struct buf *out, const char *line, size_t len,
				unsigned number)
{
	(void)number;
	for (; len && *line == ' '; len--)
		line++;
	put(out, line, len);
}

static void with_more_indentation(struct buf *out, const char *line,
				  size_t len, unsigned number)
{
	(void)number;
	buf_puts(out, "\t      ");
	put(out, line, len);
}

static void indentation_changes_nothing(void **state)
{
	(void)state;
	assert_unchanged_by(without_indentation, false);
	assert_unchanged_by(with_more_indentation, false);
}

static void with_colour(struct buf *out, const char *line, size_t len,
			unsigned number)
{
	static const char *const on[] = {"\033[1m\033[31m", "\033[34m",
					 "\033[38;5;196m"};

	size_t half = *line == '@' ? 0 : len / 2;

	/* Words stay whole, and the marker. */
	while (half && line[half] != ' ')
		half--;
	buf_puts(out, on[number % 3]);
	buf_add(out, line, half);
	buf_puts(out, "\033[K");
	buf_add(out, line + half, len - half);
	put(out, "\033[1m\033[0m", 8);
}

static void colour_changes_nothing(void **state)
{
	(void)state;
	assert_unchanged_by(with_colour, false);
}

static void with_cr(struct buf *out, const char *line, size_t len,
		    unsigned number)
{
	(void)number;
	buf_add(out, line, len);
	buf_puts(out, "\r\n");
}

static void line_ends_of_dos_change_nothing(void **state)
{
	(void)state;
	assert_unchanged_by(with_cr, false);
}

/* Every address, process and os thread gets another number. */
static void with_other_numbers(struct buf *out, const char *line, size_t len,
			       unsigned number)
{
	(void)number;
	for (size_t i = 0; i < len; i++) {
		size_t digits = 0;

		buf_add(out, line + i, 1);
		if (i >= 4 && (!memcmp(line + i - 4, "(pid=", 5) ||
			       !memcmp(line + i - 4, "(tid=", 5)))
			buf_puts(out, "9");
		if (line[i] != 'x' || !i || line[i - 1] != '0')
			continue;
		while (i + 1 + digits < len &&
		       strchr("0123456789abcdef", line[i + 1 + digits]))
			digits++;
		if (digits >= 10)
			buf_puts(out, "1");
	}
	buf_puts(out, "\n");
}

static void other_addresses_and_processes_change_nothing_that_lasts(
	void **state)
{
	(void)state;
	assert_unchanged_by(with_other_numbers, false);
}

static void with_output(struct buf *out, const char *line, size_t len,
			unsigned number)
{
	static const char *const output[] = {
		"all is well",
		"Thread pool started with 3 threads:",
		"#1 is fixed",
		"    deep: output (of some kind)",
		"[----------] 3 tests",
		"\xff\xfe\x80 bytes",
		"Location unknown, Write nothing",
	};

	put(out, line, len);
	put(out, output[number % 7], strlen(output[number % 7]));
}

static void with_unended_output(struct buf *out, const char *line, size_t len,
				unsigned number)
{
	if (number % 4 == 3)
		buf_puts(out, "progress...");
	put(out, line, len);
}

static void output_of_the_program_changes_nothing(void **state)
{
	(void)state;
	assert_unchanged_by(with_output, false);
	assert_unchanged_by(with_unended_output, false);
}

static void without_separators(struct buf *out, const char *line, size_t len,
			       unsigned number)
{
	(void)number;
	if (len && memcmp(line, "===", 3) != 0)
		put(out, line, len);
}

static void separators_and_blank_lines_are_not_needed(void **state)
{
	(void)state;
	assert_unchanged_by(without_separators, false);
}

static void wrapped(struct buf *out, const char *line, size_t len, size_t width)
{
	for (; len > width; len -= width, line += width)
		put(out, line, width);
	put(out, line, len);
}

/* Marker and machine frames never see a terminal. */
static size_t width_for(const char *line, size_t len, size_t width)
{
	return *line == '@' || memchr(line, '|', len) ? len : width;
}

static void wrapped_at_80(struct buf *out, const char *line, size_t len,
			  unsigned number)
{
	(void)number;
	wrapped(out, line, len, width_for(line, len, 80));
}

static void wrapped_at_120(struct buf *out, const char *line, size_t len,
			   unsigned number)
{
	(void)number;
	wrapped(out, line, len, width_for(line, len, 120));
}

static void wrapped_at_blanks(struct buf *out, const char *line, size_t len,
			      unsigned number)
{
	(void)number;
	while (len > 80) {
		size_t cut = 80;

		while (cut > 50 && line[cut] != ' ')
			cut--;
		if (line[cut] != ' ')
			break;
		put(out, line, cut);
		line += cut + 1;
		len -= cut + 1;
	}
	put(out, line, len);
}

static void wrapped_lines_are_joined(void **state)
{
	(void)state;
	assert_unchanged_by(wrapped_at_120, true);
	assert_unchanged_by(wrapped_at_80, true);
	assert_unchanged_by(wrapped_at_blanks, true);
}

static void chunks_change_nothing(void **state)
{
	static const size_t sizes[] = {1, 7, 64, 1000};

	(void)state;
	for (size_t i = 0; i < logs.count; i++)
		for (size_t j = 0; j < sizeof(sizes) / sizeof(sizes[0]); j++) {
			const struct golden_log *log = &logs.logs[i];
			struct dumps want = {.detail = DUMP_ALL};
			struct dumps got = {.detail = DUMP_ALL};

			parse(&want, log->text, log->len, 0);
			parse(&got, log->text, log->len, sizes[j]);
			assert_same(log->name, &got, &want);
			release(&want);
			release(&got);
		}
}

/* Headers that stand whole before the cut. */
static size_t headers_before(const char *text, size_t cut)
{
	static const char header[] = "WARNING: ThreadSanitizer: ";
	const char *end = text + cut;
	size_t count = 0;

	while ((text = memmem(text, (size_t)(end - text), header,
			      strlen(header)))) {
		count++;
		text += strlen(header);
	}
	return count;
}

static void a_cut_log_is_incomplete_or_the_same(void **state)
{
	(void)state;
	for (size_t i = 0; i < logs.count; i++) {
		const struct golden_log *log = &logs.logs[i];
		struct dumps want = {0};

		parse(&want, log->text, log->len, 0);
		for (size_t cut = 0; cut < log->len; cut++) {
			struct dumps got = {0};

			parse(&got, log->text, cut, 0);
			assert_true(got.count >=
				    headers_before(log->text, cut));
			assert_true(got.count <= want.count);
			for (size_t j = 0; j < got.count; j++)
				if (!got.is_incomplete[j])
					assert_string_equal(got.dumps[j],
							    want.dumps[j]);
			release(&got);
		}
		release(&want);
	}
}

static void a_log_without_its_beginning_is_incomplete_or_the_same(void **state)
{
	(void)state;
	for (size_t i = 0; i < logs.count; i++) {
		const struct golden_log *log = &logs.logs[i];
		struct dumps want = {0};

		parse(&want, log->text, log->len, 0);
		for (size_t cut = 0; cut < log->len; cut++) {
			struct dumps got = {0};
			size_t left = 0;

			parse(&got, log->text + cut, log->len - cut, 0);
			assert_true(got.count <= want.count);
			left = want.count - got.count;
			for (size_t j = 0; j < got.count; j++)
				if (!got.is_incomplete[j] &&
				    !strstr(want.dumps[left + j],
					    "signature") &&
				    !strstr(want.dumps[left + j],
					    "deadly signal"))
					assert_string_equal(
						got.dumps[j],
						want.dumps[left + j]);
			release(&got);
		}
		release(&want);
	}
}

static void logs_may_follow_each_other(void **state)
{
	struct dumps want = {0}, got = {0};
	struct buf text;

	(void)state;
	buf_init(&text, TEXT_MAX);
	for (size_t i = 0; i < logs.count; i++) {
		buf_add(&text, logs.logs[i].text, logs.logs[i].len);
		parse(&want, logs.logs[i].text, logs.logs[i].len, 0);
	}
	assert_false(text.is_cut);
	parse(&got, text.data, text.len, 0);
	assert_same("all", &got, &want);
	buf_release(&text);
	release(&want);
	release(&got);
}

/* Line by line from each in turn, each with its own prefix. */
static void interleave(struct buf *out, const struct golden_log *a,
		       const struct golden_log *b, bool has_prefix)
{
	const char *at[2] = {a->text, b->text};
	const char *end[2] = {a->text + a->len, b->text + b->len};

	buf_init(out, TEXT_MAX);
	for (unsigned i = 0; at[0] < end[0] || at[1] < end[1]; i++) {
		const char *newline;
		unsigned n = i % 2;

		if (at[n] >= end[n])
			continue;
		newline = memchr(at[n], '\n', (size_t)(end[n] - at[n]));
		if (!newline)
			newline = end[n];
		if (has_prefix)
			buf_printf(out, "%u: ", 9 + n);
		put(out, at[n], (size_t)(newline - at[n]));
		at[n] = newline + 1;
	}
}

static bool is_among(const struct dumps *dumps, const char *dump)
{
	for (size_t i = 0; i < dumps->count; i++)
		if (!strcmp(dumps->dumps[i], dump))
			return true;
	return false;
}

static void prefixes_tell_processes_apart(void **state)
{
	(void)state;
	for (size_t i = 0; i + 5 < logs.count; i++) {
		struct dumps want = {0}, got = {0};
		struct buf text;

		parse(&want, logs.logs[i].text, logs.logs[i].len, 0);
		parse(&want, logs.logs[i + 5].text, logs.logs[i + 5].len, 0);
		interleave(&text, &logs.logs[i], &logs.logs[i + 5], true);
		parse(&got, text.data, text.len, 0);
		assert_int_equal(got.count, want.count);
		for (size_t j = 0; j < want.count; j++)
			assert_true(is_among(&got, want.dumps[j]));
		buf_release(&text);
		release(&want);
		release(&got);
	}
}

static void mixed_reports_are_incomplete_and_never_merged(void **state)
{
	(void)state;
	for (size_t i = 0; i < logs.count; i++)
		for (size_t k = 0; k < logs.count; k += 3) {
			struct dumps want = {0}, got = {0};
			struct buf text;
			const struct golden_log *a = &logs.logs[i];
			const struct golden_log *b = &logs.logs[k];

			parse(&want, a->text, a->len, 0);
			parse(&want, b->text, b->len, 0);
			interleave(&text, a, b, false);
			parse(&got, text.data, text.len, 0);
			assert_true(got.count >= want.count);
			for (size_t j = 0; j < got.count; j++) {
				if (got.is_incomplete[j] ||
				    is_among(&want, got.dumps[j]))
					continue;
				print_message("%s with %s:\n%s", a->name,
					      b->name, got.dumps[j]);
				fail();
			}
			buf_release(&text);
			release(&want);
			release(&got);
		}
}

static int load(void **state)
{
	(void)state;
	logs = golden_load(&logs_arena);
	return logs.count ? 0 : -1;
}

static int unload(void **state)
{
	(void)state;
	arena_release(&logs_arena);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(prefixes_change_nothing),
		cmocka_unit_test(indentation_changes_nothing),
		cmocka_unit_test(colour_changes_nothing),
		cmocka_unit_test(line_ends_of_dos_change_nothing),
		cmocka_unit_test(
			other_addresses_and_processes_change_nothing_that_lasts),
		cmocka_unit_test(output_of_the_program_changes_nothing),
		cmocka_unit_test(separators_and_blank_lines_are_not_needed),
		cmocka_unit_test(wrapped_lines_are_joined),
		cmocka_unit_test(chunks_change_nothing),
		cmocka_unit_test(a_cut_log_is_incomplete_or_the_same),
		cmocka_unit_test(
			a_log_without_its_beginning_is_incomplete_or_the_same),
		cmocka_unit_test(logs_may_follow_each_other),
		cmocka_unit_test(prefixes_tell_processes_apart),
		cmocka_unit_test(mixed_reports_are_incomplete_and_never_merged),
	};

	return cmocka_run_group_tests(tests, load, unload);
}
