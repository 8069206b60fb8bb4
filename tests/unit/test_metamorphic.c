/*
 * What becomes of a log on its way changes none of its findings: the same
 * fingerprints, each as often; of what was cut off, at most less, and marked
 * incomplete.  (test_tsan_disguise.c and test_tsan_pieces.c hold the same of
 * single reports, word by word.)
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../golden/golden_dumps.h"
#include "gather/gather.h"
#include "read/tsan_scan.h"

/* The findings of a text, sorted by fingerprint. */
static void gather(struct result *r, const char *text, size_t len)
{
	static const struct gather_options plain = {0};
	struct gather *g = gather_new(r, &plain);

	gather_text(g, "log", text, len);
	gather_end(g);
	gather_free(g);
	for (size_t i = 1; i < r->finding_count; i++)
		for (size_t j = i; j && strcmp(r->findings[j - 1].fingerprint,
					       r->findings[j].fingerprint) > 0;
		     j--) {
			struct finding swap = r->findings[j];

			r->findings[j] = r->findings[j - 1];
			r->findings[j - 1] = swap;
		}
}

static void assert_same_findings(const char *name, const struct buf *text,
				 const struct result *want, uint64_t times)
{
	struct result got = {0};

	gather(&got, text->data, text->len);
	if (got.finding_count != want->finding_count)
		print_message("%s: %zu findings, not %zu, in\n%.3000s\n", name,
			      got.finding_count, want->finding_count,
			      text->data);
	assert_int_equal(got.finding_count, want->finding_count);
	for (size_t i = 0; i < want->finding_count; i++) {
		const struct finding *a = &got.findings[i];
		const struct finding *b = &want->findings[i];

		if (strcmp(a->fingerprint, b->fingerprint) != 0 ||
		    a->count != times * b->count)
			print_message("%s: another finding in\n%.3000s\n", name,
				      text->data);
		assert_string_equal(a->fingerprint, b->fingerprint);
		assert_int_equal(a->count, times * b->count);
	}
	result_release(&got);
}

/* "@" stands for a digit that differs from line to line. */
static const char *const prefixes[] = {
	"747: ",
	"2024-05-15T12:34:5@.123456@Z ",
	"build\tRun tests\t2024-05-15T12:34:5@.765432@Z ",
	"[2024-05-15T12:34:5@.12@Z] ",
	"2024-05-15T12:34:56.12345678@Z stderr F ",
	"I0515 12:34:5@.1234@6 4711 log.cc:12] ",
	"W 2024-05-15 12:34:5@,12@ [worker-3] ",
	"> ",
	"> > ",
	"| ",
	"web_1  | ",
	"E   ",
	"May 15 12:34:5@ host prog[4711]: ",
	"05-15 12:34:5@.12@  4711  4712 E tsan: ",
	"12:34:5@.12@ ",
	"[1,3]<stderr>:",
	"[3/100] ",
	"[  4@%] ",
	"#12 0.5@3 ",
	"\033[36mtest  |\033[0m ",
	"node0: ",
	"//pkg:test ",
};

struct disguise {
	const char *prefix;
	bool is_flat, is_colored, is_dos, has_output;
};

static void put_prefix(struct buf *out, const char *prefix, unsigned number)
{
	for (; *prefix; prefix++)
		if (*prefix == '@')
			buf_printf(out, "%u", number % 10);
		else
			buf_add(out, prefix, 1);
}

static void put_line(struct buf *out, const struct disguise *how,
		     const char *line, size_t len, unsigned number)
{
	put_prefix(out, how->prefix, number);
	for (; how->is_flat && len && *line == ' '; len--)
		line++;
	if (how->is_colored)
		buf_puts(out, "\033[1m\033[31m");
	buf_add(out, line, len);
	if (how->is_colored)
		buf_puts(out, "\033[0m");
	buf_puts(out, how->is_dos ? "\r\n" : "\n");
	if (how->has_output) {
		put_prefix(out, how->prefix, number);
		buf_printf(out, "request %u: ok (1 of 7)\n", number);
	}
}

static void disguise(struct buf *out, const struct golden_log *log,
		     const struct disguise *how)
{
	const char *at = log->text, *end = at + log->len;

	buf_clear(out);
	for (unsigned number = 0; at < end; number++) {
		const char *newline = memchr(at, '\n', (size_t)(end - at));

		newline = newline ? newline : end;
		put_line(out, how, at, (size_t)(newline - at), number);
		at = newline + 1;
	}
}

/* Machine frames never reach a CI system: all that is theirs is left out. */
static bool is_of_machine(const struct golden_log *log)
{
	return !strncmp(log->name, "machine_", 8);
}

static void disguises_change_no_finding(void **state)
{
	struct buf text;

	(void)state;
	buf_init(&text, TEXT_MAX);
	for (size_t i = 0; i < logs.count; i++) {
		const struct golden_log *log = &logs.logs[i];
		struct result want = {0};

		gather(&want, log->text, log->len);
		for (size_t p = 0; p < sizeof(prefixes) / sizeof(*prefixes);
		     p++) {
			for (unsigned bits = 0; bits < 16; bits++) {
				const struct disguise how = {
					prefixes[p], bits & 1, bits & 2,
					bits & 4, bits & 8};

				if (is_of_machine(log) && bits)
					continue;
				disguise(&text, log, &how);
				assert_same_findings(log->name, &text, &want,
						     1);
			}
		}
		result_release(&want);
	}
	buf_release(&text);
}

/* Every hexadecimal address of eight digits or more loses all but its last
 * three, as scrubbed logs have it. */
static void masked_addresses_change_no_finding(void **state)
{
	struct buf text;

	(void)state;
	buf_init(&text, TEXT_MAX);
	for (size_t i = 0; i < logs.count; i++) {
		const struct golden_log *log = &logs.logs[i];
		struct result want = {0};

		gather(&want, log->text, log->len);
		buf_clear(&text);
		buf_add(&text, log->text, log->len);
		for (char *at = text.data; (at = strstr(at, "0x")); at += 2) {
			size_t n = strspn(at + 2, "0123456789abcdef");

			if (n >= 8)
				memset(at + 2, '.', n - 3);
		}
		if (!is_of_machine(log))
			assert_same_findings(log->name, &text, &want, 1);
		result_release(&want);
	}
	buf_release(&text);
}

/* The next stanza of an access, from *at: its heading and its stack. */
static bool next_access(const char **at, struct slice *heading,
			struct slice *stack)
{
	const char *line = strstr(*at, " by thread T"), *other;

	other = strstr(*at, " by main thread:");
	if (!line || (other && other < line))
		line = other;
	if (!line)
		return false;
	while (line > *at && line[-1] != '\n')
		line--;
	if (strncmp(line, "  ", 2) != 0 || !strstr(line, " of size "))
		return false;
	heading->at = line;
	heading->len = strcspn(line, "\n") + 1;
	stack->at = line + heading->len;
	other = strstr(stack->at, "\n\n");
	if (!other)
		return false;
	stack->len = (size_t)(other - stack->at) + 2;
	*at = other + 2;
	return true;
}

/* "  Write of" <-> "  Previous write of" */
static void put_turned(struct buf *out, struct slice heading)
{
	static const char previous[] = "  Previous ";
	size_t len = strlen(previous);

	if (!strncmp(heading.at, previous, len)) {
		buf_printf(out, "  %c", heading.at[len] - 'a' + 'A');
		buf_add(out, heading.at + len + 1, heading.len - len - 1);
	} else {
		buf_puts(out, previous);
		buf_printf(out, "%c", heading.at[2] - 'A' + 'a');
		buf_add(out, heading.at + 3, heading.len - 3);
	}
}

/* The two accesses of the first report change places. */
static bool swap_sides(struct buf *out, const struct golden_log *log)
{
	const char *at = strstr(log->text, "ThreadSanitizer: data race");
	struct slice headings[2], stacks[2];

	if (!at || !next_access(&at, &headings[0], &stacks[0]) ||
	    !next_access(&at, &headings[1], &stacks[1]))
		return false;
	buf_clear(out);
	buf_add(out, log->text, (size_t)(headings[0].at - log->text));
	for (int i = 1; i >= 0; i--) {
		put_turned(out, headings[i]);
		buf_add(out, stacks[i].at, stacks[i].len);
	}
	buf_puts(out, at);
	return true;
}

static void the_order_of_the_sides_changes_no_finding(void **state)
{
	struct buf text;
	size_t swapped = 0;

	(void)state;
	buf_init(&text, TEXT_MAX);
	for (size_t i = 0; i < logs.count; i++) {
		const struct golden_log *log = &logs.logs[i];
		struct result want = {0};

		gather(&want, log->text, log->len);
		if (!is_of_machine(log) && swap_sides(&text, log)) {
			swapped++;
			assert_same_findings(log->name, &text, &want, 1);
		}
		result_release(&want);
	}
	assert_true(swapped > 20);
	buf_release(&text);
}

static const struct finding *find(const struct result *r, const char *print)
{
	for (size_t i = 0; i < r->finding_count; i++)
		if (!strcmp(r->findings[i].fingerprint, print))
			return &r->findings[i];
	return NULL;
}

static void of_a_log_cut_anywhere_nothing_else_is_found(void **state)
{
	(void)state;
	for (size_t i = 0; i < logs.count; i++) {
		const struct golden_log *log = &logs.logs[i];
		struct result want = {0};

		gather(&want, log->text, log->len);
		for (size_t cut = i % 3; cut < log->len; cut += 3) {
			struct result got = {0};

			gather(&got, log->text, cut);
			if (got.finding_count > want.finding_count)
				print_message("%s at %zu\n", log->name, cut);
			assert_true(got.finding_count <= want.finding_count);
			for (size_t j = 0; j < got.finding_count; j++) {
				const struct finding *f = &got.findings[j];

				assert_true(find(&want, f->fingerprint) ||
					    f->report->is_incomplete);
			}
			result_release(&got);
		}
		result_release(&want);
	}
}

/* Once whole, once cut: what is left of it joins what it is part of. */
static void a_second_run_cut_anywhere_finds_nothing_new(void **state)
{
	struct buf text;

	(void)state;
	buf_init(&text, TEXT_MAX);
	for (size_t i = 0; i < logs.count; i++) {
		const struct golden_log *log = &logs.logs[i];
		struct result want = {0};

		if (is_of_machine(log))
			continue; /* what is left of a name looks whole */
		gather(&want, log->text, log->len);
		for (size_t cut = i % 3; cut < log->len; cut += 3) {
			for (int is_first = 0; is_first < 2; is_first++) {
				struct result got = {0};

				buf_clear(&text);
				buf_add(&text, log->text,
					is_first ? cut : log->len);
				buf_puts(&text, "\n");
				buf_add(&text, log->text,
					is_first ? log->len : cut);
				gather(&got, text.data, text.len);
				if (got.finding_count != want.finding_count)
					print_message("%s at %zu, %d:\n%s\n",
						      log->name, cut, is_first,
						      text.data);
				assert_int_equal(got.finding_count,
						 want.finding_count);
				for (size_t j = 0; j < want.finding_count; j++)
					assert_string_equal(
						got.findings[j].fingerprint,
						want.findings[j].fingerprint);
				result_release(&got);
			}
		}
		result_release(&want);
	}
	buf_release(&text);
}

static void the_order_of_the_logs_changes_no_finding(void **state)
{
	struct result want = {0};
	struct buf text;

	(void)state;
	buf_init(&text, TEXT_MAX);
	for (size_t i = 0; i < logs.count; i++)
		buf_add(&text, logs.logs[i].text, logs.logs[i].len);
	gather(&want, text.data, text.len);
	assert_true(want.finding_count > 10);
	buf_clear(&text);
	for (size_t i = logs.count; i--;)
		buf_add(&text, logs.logs[i].text, logs.logs[i].len);
	assert_false(text.is_cut);
	assert_same_findings("all", &text, &want, 1);
	for (size_t i = 0; i < logs.count; i++)
		buf_add(&text, logs.logs[i].text, logs.logs[i].len);
	assert_false(text.is_cut);
	assert_same_findings("all twice", &text, &want, 2);
	buf_release(&text);
	result_release(&want);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(disguises_change_no_finding),
		cmocka_unit_test(masked_addresses_change_no_finding),
		cmocka_unit_test(the_order_of_the_sides_changes_no_finding),
		cmocka_unit_test(of_a_log_cut_anywhere_nothing_else_is_found),
		cmocka_unit_test(a_second_run_cut_anywhere_finds_nothing_new),
		cmocka_unit_test(the_order_of_the_logs_changes_no_finding),
	};

	return cmocka_run_group_tests(tests, load_logs, unload_logs);
}
