/*
 * Golden logs in pieces: chunks, cut, one after another, mixed line by line.
 * No report is lost, and none is made of two.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../golden/golden_dumps.h"

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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(chunks_change_nothing),
		cmocka_unit_test(a_cut_log_is_incomplete_or_the_same),
		cmocka_unit_test(
			a_log_without_its_beginning_is_incomplete_or_the_same),
		cmocka_unit_test(logs_may_follow_each_other),
		cmocka_unit_test(prefixes_tell_processes_apart),
		cmocka_unit_test(mixed_reports_are_incomplete_and_never_merged),
	};

	return cmocka_run_group_tests(tests, load_logs, unload_logs);
}
