#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../golden/tsan_pieces.h"

static void every_kind_of_header_is_known(void **state)
{
	static const struct {
		const char *text;
		enum kind kind;
	} rows[] = {
		{"data race on vptr (ctor/dtor vs virtual call)",
		 KIND_VPTR_RACE},
		{"heap-use-after-free (virtual call vs free)",
		 KIND_VPTR_USE_AFTER_FREE},
		{"mutex held in the wrong context", KIND_MUTEX_WRONG_CONTEXT},
		{"lock-order-inversion (potential deadlock)",
		 KIND_LOCK_INVERSION},
		{"use of an invalid mutex (e.g. uninitialized or destroyed)",
		 KIND_MUTEX_INVALID},
		{"a kind of tomorrow", KIND_UNKNOWN},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char text[512];
		struct parsed parsed;

		snprintf(text, sizeof(text),
			 SEP "WARNING: ThreadSanitizer: %s (pid=77)\n"
			     "    #0 f /f.c:1 (p+0x1)\n\n"
			     "SUMMARY: ThreadSanitizer: %s /f.c:1 in f\n" SEP,
			 rows[i].text, rows[i].text);
		parsed = parse(text);
		assert_int_equal(parsed.count, 1);
		assert_int_equal(parsed.reports[0].kind, rows[i].kind);
		assert_int_equal(parsed.reports[0].pid, 77);
		assert_text(parsed.reports[0].kind_text, rows[i].text);
		assert_text(parsed.reports[0].summary, "/f.c:1 in f");
		arena_release(&parsed.arena);
	}
}

static void other_warnings_of_the_runtime_are_no_reports(void **state)
{
	struct parsed parsed = parse(
		"==5==WARNING: ThreadSanitizer: failed to intercept x\n"
		"WARNING: ThreadSanitizer: memory layout is incompatible\n"
		"WARNING: ThreadSanitizer: data races are bad, it says\n"
		"ThreadSanitizer: reported 3 warnings\n");

	(void)state;
	assert_int_equal(parsed.count, 0);
	arena_release(&parsed.arena);
}

/* Text, and what must be said to be missing; NULL: nothing. */
static const struct {
	const char *text, *missing;
} missing_rows[] = {
	{RACE, NULL},
	{"WARNING: ThreadSanitizer: data race\n" NEWER OLDER THREAD SUMMARY,
	 NULL},
	{SEP HEADER NEWER THREAD SUMMARY SEP, "previous access"},
	{SEP HEADER OLDER SUMMARY SEP, "newer access"},
	{SEP HEADER SUMMARY SEP, "both accesses"},
	{SEP HEADER NEWER OLDER SUMMARY SEP, "thread T1"},
	{SEP HEADER NEWER OLDER THREAD, "its end"},
	/* print_summary=0 */
	{SEP HEADER NEWER OLDER THREAD SEP "done\n", NULL},
	{SEP HEADER NEWER OLDER THREAD SEP, NULL},
	{SEP HEADER NEWER "  Previous read of size 4 at 0x1000 by main "
			  "thread:\n\n" THREAD SUMMARY,
	 "frames of a stack"},
	{SEP HEADER NEWER
	 "  Previous read of size 4 at 0x1000 by main thread:\n"
	 "    [failed to restore the stack]\n\n" THREAD SUMMARY,
	 NULL},
	{SEP HEADER NEWER
	 "  Previous read of size 4 at 0x1000 by main thread:\n"
	 "    #1 main /f.c:2 (p+0x2)\n\n" THREAD SUMMARY,
	 "some frames"},
	{SEP HEADER NEWER OLDER "    #0 g /f.c:2 (p+0x2)\n" THREAD SUMMARY,
	 "what a stack belongs to"},
	{SEP HEADER NEWER
	 "  Previous read of size 4 at 0x2000 by main thread:\n"
	 "    #0 main /f.c:2 (p+0x2)\n\n" THREAD SUMMARY,
	 "another report"},
	{SEP HEADER NEWER OLDER THREAD
	 "SUMMARY: ThreadSanitizer: thread leak /f.c:1 in f\n",
	 "SUMMARY"},
	{SEP HEADER "  Write of size 4 at 0x1000 by thread T1 (mutexes: write "
		    "M0):\n    #0 f /f.c:1 (p+0x1)\n\n" OLDER THREAD SUMMARY,
	 "mutex M0"},
	{SEP HEADER NEWER OLDER
	 "  Location is nowhere at all:\n" THREAD SUMMARY,
	 "rest of a line"},
	{SUMMARY, "all but its SUMMARY"},
	{"  Previous read of size 4 at 0x1 by main thread:\n"
	 "    #0 f /f.c:1 (p+0x1)\n\n" THREAD SUMMARY SEP,
	 "all but its SUMMARY"},
	{SEP "WARNING: ThreadSanitizer: da", "both accesses"},
};

static void what_is_missing_is_said(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(missing_rows) / sizeof(missing_rows[0]);
	     i++) {
		struct parsed parsed = parse(missing_rows[i].text);
		const struct report *report = parsed.reports;

		assert_true(parsed.count > 0);
		if (!missing_rows[i].missing && report->is_incomplete)
			print_message("row %zu: %s\n", i, report->missing);
		assert_int_equal(report->is_incomplete,
				 missing_rows[i].missing != NULL);
		if (missing_rows[i].missing &&
		    (!report->missing ||
		     !strstr(report->missing, missing_rows[i].missing)) &&
		    report->kind)
			fail_msg("row %zu: %s", i, report->missing);
		arena_release(&parsed.arena);
	}
}

static void a_summary_after_its_report_is_no_other_report(void **state)
{
	struct parsed parsed = parse(RACE "summing up:\n" SUMMARY);

	(void)state;
	assert_int_equal(parsed.count, 1);
	arena_release(&parsed.arena);
}

static void a_new_header_ends_the_report_before(void **state)
{
	struct parsed parsed =
		parse(SEP HEADER NEWER HEADER NEWER OLDER THREAD SUMMARY SEP);

	(void)state;
	assert_int_equal(parsed.count, 2);
	assert_true(parsed.reports[0].is_incomplete);
	assert_int_equal(parsed.reports[0].access_count, 1);
	assert_false(parsed.reports[1].is_incomplete);
	assert_int_equal(parsed.reports[1].access_count, 2);
	arena_release(&parsed.arena);
}

static void a_header_may_follow_output_without_line_end(void **state)
{
	struct parsed parsed = parse("3 of 7 done " HEADER NEWER
				     "and on" OLDER THREAD SUMMARY);

	(void)state;
	assert_int_equal(parsed.count, 1);
	assert_false(parsed.reports[0].is_incomplete);
	arena_release(&parsed.arena);
}

static void the_marker_signs_the_next_report_only(void **state)
{
	struct parsed parsed = parse(
		"@snag signature=00000000DEADbeef\n" RACE RACE
		"@snag signature=12\n@snag signature=0123456789abcdefg\n" RACE);

	(void)state;
	assert_int_equal(parsed.count, 3);
	assert_true(parsed.reports[0].has_signature);
	assert_int_equal(parsed.reports[0].signature, 0xdeadbeef);
	assert_false(parsed.reports[1].has_signature);
	assert_false(parsed.reports[2].has_signature);
	arena_release(&parsed.arena);
}

static void fatal_messages_are_reports(void **state)
{
	static const struct {
		const char *text, *kind_text;
		enum kind kind;
		int signal;
		size_t frames;
	} rows[] = {
		{"FATAL: ThreadSanitizer: unexpected memory mapping 0x1-0x2\n",
		 "unexpected memory mapping 0x1-0x2", KIND_TSAN_FATAL, 0, 0},
		{"==9==FATAL: ThreadSanitizer: unsupported VMA range\n",
		 "unsupported VMA range", KIND_TSAN_FATAL, 0, 0},
		{"ThreadSanitizer: CHECK failed: x.h:4 \"((i)) < (n)\" (0x1, "
		 "0x3) (tid=1)\n    #0 a <null> (p+0x1)\n"
		 "    #1 b <null> (p+0x2)\n\n    #0 not its\n",
		 "CHECK failed: x.h:4 \"((i)) < (n)\" (0x1, 0x3) (tid=1)",
		 KIND_TSAN_FATAL, 0, 2},
		{"==9==ERROR: ThreadSanitizer: allocator is out of memory "
		 "trying to allocate 0x10 bytes\n",
		 "allocator is out of memory trying to allocate 0x10 bytes",
		 KIND_TSAN_FATAL, 0, 0},
		{"==9==ThreadSanitizer: hard rss limit exhausted (1Mb vs "
		 "2Mb)\n",
		 "hard rss limit exhausted (1Mb vs 2Mb)", KIND_TSAN_FATAL, 0,
		 0},
		{"ThreadSanitizer: starting new threads after multi-threaded "
		 "fork is not supported. Dying\n",
		 "starting new threads after multi-threaded fork is not "
		 "supported. Dying",
		 KIND_TSAN_FATAL, 0, 0},
		{"ThreadSanitizer: thread T2 x finished with ignores enabled, "
		 "created at:\n    #0 c <null> (p+0x1)\n",
		 "thread T2 x finished with ignores enabled, created at:",
		 KIND_TSAN_FATAL, 0, 1},
		{"ThreadSanitizer:DEADLYSIGNAL\n==7==ERROR: ThreadSanitizer: "
		 "BUS on unknown address 0x2a (pc 0x1 bp 0x2 sp 0x3 T7)\n"
		 "==7==The signal is caused by a READ memory access.\n"
		 "    #0 f /f.c:1 (p+0x1)\n\nThreadSanitizer can not provide "
		 "additional info.\n"
		 "SUMMARY: ThreadSanitizer: BUS /f.c:1 in f\n==7==ABORTING\n",
		 "BUS", KIND_DEADLY_SIGNAL, 7, 1},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct parsed parsed = parse(rows[i].text);
		const struct report *report = parsed.reports;

		assert_int_equal(parsed.count, 1);
		assert_int_equal(report->kind, rows[i].kind);
		assert_text(report->kind_text, rows[i].kind_text);
		assert_int_equal(report->signal, rows[i].signal);
		assert_false(report->is_incomplete);
		assert_int_equal(report->access_count
					 ? report->accesses[0].stack.count
					 : 0,
				 rows[i].frames);
		arena_release(&parsed.arena);
	}
}

static void a_fatal_message_ends_an_open_report(void **state)
{
	struct parsed parsed =
		parse(SEP HEADER NEWER "FATAL: ThreadSanitizer: oh\n" RACE);

	(void)state;
	assert_int_equal(parsed.count, 3);
	assert_true(parsed.reports[0].is_incomplete);
	assert_int_equal(parsed.reports[1].kind, KIND_TSAN_FATAL);
	assert_false(parsed.reports[2].is_incomplete);
	arena_release(&parsed.arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_kind_of_header_is_known),
		cmocka_unit_test(other_warnings_of_the_runtime_are_no_reports),
		cmocka_unit_test(what_is_missing_is_said),
		cmocka_unit_test(a_summary_after_its_report_is_no_other_report),
		cmocka_unit_test(a_new_header_ends_the_report_before),
		cmocka_unit_test(a_header_may_follow_output_without_line_end),
		cmocka_unit_test(the_marker_signs_the_next_report_only),
		cmocka_unit_test(fatal_messages_are_reports),
		cmocka_unit_test(a_fatal_message_ends_an_open_report),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
