/*
 * What happens to logs on their way changes nothing of what they say: each
 * line of a golden log is changed so, and the log must parse as before.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../golden/golden_dumps.h"

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

static void with_more_indentation(struct buf *out, const char *line, size_t len,
				  unsigned number)
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

static void
other_addresses_and_processes_change_nothing_that_lasts(void **state)
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
	};

	return cmocka_run_group_tests(tests, load_logs, unload_logs);
}
