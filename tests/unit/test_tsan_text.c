#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "read/tsan_text.h"

#define SEP "==================\n"
#define HEADER "WARNING: ThreadSanitizer: data race (pid=7)\n"
#define NEWER "  Write of size 4 at 0x1000 by thread T1:\n    #0 f /f.c:1 (p+0x1)\n\n"
#define OLDER                                           \
	"  Previous read of size 4 at 0x1000 by main thread:\n" \
	"    #0 main /f.c:2 (p+0x2)\n\n"
#define THREAD                                                            \
	"  Thread T1 (tid=8, running) created by main thread at:\n"        \
	"    #0 pthread_create <null> (p+0x3)\n\n"
#define SUMMARY "SUMMARY: ThreadSanitizer: data race /f.c:1 in f\n"
#define RACE SEP HEADER NEWER OLDER THREAD SUMMARY SEP

struct parsed {
	struct arena arena;
	struct report *reports;
	size_t count;
};

static struct parsed parse_n(const char *text, size_t len)
{
	struct parsed parsed = {0};

	tsan_parse(&parsed.arena, text, len, &parsed.reports, &parsed.count);
	return parsed;
}

static struct parsed parse(const char *text)
{
	return parse_n(text, strlen(text));
}

/* The frame that a line of a stack gives. */
static struct frame frame_of(struct parsed *parsed, const char *line)
{
	char text[4096];

	snprintf(text, sizeof(text),
		 SEP HEADER
		 "  Write of size 4 at 0x1 by main thread:\n%s\n\n" OLDER
			 SUMMARY SEP,
		 line);
	*parsed = parse(text);
	assert_int_equal(parsed->count, 1);
	assert_int_equal(parsed->reports[0].accesses[0].stack.count, 1);
	return parsed->reports[0].accesses[0].stack.frames[0];
}

static void assert_text(const char *got, const char *want)
{
	if (!want)
		assert_null(got);
	else
		assert_non_null(got);
	if (want)
		assert_string_equal(got, want);
}

static void frames_of_every_form_are_read(void **state)
{
	static const struct {
		const char *line, *function, *file, *module;
		unsigned line_number, column;
		uint64_t offset, pc;
	} rows[] = {
		{"    #0 main /src/a b/x.c:3:5 (a.out+0x1f) (BuildId: abc)",
		 "main", "/src/a b/x.c", "a.out", 3, 5, 0x1f, 0},
		{"    #0 ns::f(int, char const*) const <null> (lib (1).so+0x2)",
		 "ns::f(int, char const*) const", NULL, "lib (1).so", 0, 0, 2,
		 0},
		{"    #0 std::map<int, A in B>::operator/(A) x/y.cpp:7 (p+0x3)",
		 "std::map<int, A in B>::operator/(A)", "x/y.cpp", "p", 7, 0, 3,
		 0},
		{"    #0 <null> <null> (libc.so.6+0x4)", NULL, NULL,
		 "libc.so.6", 0, 0, 4, 0},
		{"    #0 <null> <null> (0x7f00)", NULL, NULL, NULL, 0, 0, 0,
		 0x7f00},
		{"    #0 f ??:? (p+0x5)", "f", NULL, "p", 0, 0, 5, 0},
		{"    #0 f <null>:284 (p+0x6)", "f", NULL, "p", 284, 0, 6, 0},
		{"    #0 f x.c (p+0x7)", "f", "x.c", "p", 0, 0, 7, 0},
		{"    #0 main x.c:1 (a.out:x86_64+0x100)", "main", "x.c",
		 "a.out", 1, 0, 0x100, 0},
		{"    #0 0x55aa in f(int) /x.c:9:1 (p+0x8)", "f(int)", "/x.c",
		 "p", 9, 1, 8, 0x55aa},
		{"    #0 0x55aa (p+0x9)", NULL, NULL, "p", 0, 0, 9, 0x55aa},
		{"    #0 operator new(unsigned long) <null> (p+0xa)",
		 "operator new(unsigned long)", NULL, "p", 0, 0, 10, 0},
		{"    #0 foo /x.c:12:3", "foo", "/x.c", NULL, 12, 3, 0, 0},
		{"    #0|0x55b560ac434c|/tmp/x/a22|0xe934b|0x0|<null>|0|0|"
		 "<null>",
		 NULL, NULL, "/tmp/x/a22", 0, 0, 0xe934b, 0x55b560ac434c},
		{"    #0|0x10|/a | b/c|0xf|0x2|/d|e f.c|3|5|g(int) | h",
		 "g(int) | h", "/d|e f.c", "/a | b/c", 3, 5, 0xf, 0x10},
		{"    #0|0x10|<null>|0x0|0x0|<null>|0|0|<null>", NULL, NULL,
		 NULL, 0, 0, 0, 0x10},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct parsed parsed;
		struct frame frame = frame_of(&parsed, rows[i].line);

		assert_text(frame.function, rows[i].function);
		assert_text(frame.file, rows[i].file);
		assert_text(frame.module, rows[i].module);
		assert_int_equal(frame.line, rows[i].line_number);
		assert_int_equal(frame.column, rows[i].column);
		assert_int_equal(frame.offset, rows[i].offset);
		assert_int_equal(frame.has_offset, rows[i].offset != 0);
		assert_int_equal(frame.pc, rows[i].pc);
		arena_release(&parsed.arena);
	}
}

static void names_are_made_clean(void **state)
{
	struct parsed parsed;
	struct frame frame =
		frame_of(&parsed, "    #0 a\x01\xff"
				  "b /x.c:1 (p+0x1)");

	(void)state;
	assert_text(frame.function, "a\xef\xbf\xbd\xef\xbf\xbd"
				    "b");
	arena_release(&parsed.arena);
}

static void recursion_is_not_inlining(void **state)
{
	struct parsed parsed =
		parse(SEP HEADER
		      "  Write of size 4 at 0x1000 by thread T1:\n"
		      "    #0 a /f.c:1 (p+0x1)\n    #1 b /f.c:9 (p+0x1)\n"
		      "    #2 r /f.c:5 (p+0x2)\n    #3 r /f.c:5 (p+0x2)\n\n"
		      OLDER THREAD SUMMARY SEP);
	const struct frame *frames = parsed.reports[0].accesses[0].stack.frames;

	(void)state;
	assert_true(frames[0].is_inlined);
	assert_false(frames[1].is_inlined || frames[2].is_inlined ||
		     frames[3].is_inlined);
	arena_release(&parsed.arena);
}

static void locations_of_every_type_are_read(void **state)
{
	static const struct {
		const char *line;
		enum location_type type;
		const char *name, *module, *thread;
		uint64_t size, address;
		int fd;
	} rows[] = {
		{"  Location is global 'it's' of size 4 at 0x10 (a b+0x8)\n",
		 LOCATION_GLOBAL, "it's", "a b", NULL, 4, 0x10, 0},
		{"  Location is global '<null>' at 0x000000000000 "
		 "([stack]+0x20)\n",
		 LOCATION_GLOBAL, NULL, "[stack]", NULL, 0, 0, 0},
		{"  Location is global 'x' of size 8 at 0x........038 "
		 "(p+0x1) (BuildId: 12)\n",
		 LOCATION_GLOBAL, "x", "p", NULL, 8, 0, 0},
		{"  Location is heap block of size 40 at 0x20 allocated by "
		 "thread T3:\n    #0 malloc <null> (p+0x1)\n",
		 LOCATION_HEAP, NULL, NULL, "T3", 40, 0x20, 0},
		{"  Location is Swift object of size 9 at 0x30 allocated by "
		 "main thread:\n    #0 malloc <null> (p+0x1)\n",
		 LOCATION_OBJECT, "Swift object", NULL, "main", 9, 0x30, 0},
		{"  Location is stack of main thread.\n", LOCATION_STACK, NULL,
		 NULL, "main", 0, 0, 0},
		{"  Location is TLS of thread T2.\n", LOCATION_TLS, NULL, NULL,
		 "T2", 0, 0, 0},
		{"  Location is file descriptor 42 created by thread T-1 at:\n"
		 "    [failed to restore the stack]\n",
		 LOCATION_FD, NULL, NULL, "T-1", 0, 0, 42},
		{"  Location is file descriptor 3 destroyed by thread T1 at:\n"
		 "    #0 close <null> (p+0x1)\n",
		 LOCATION_FD, NULL, NULL, "T1", 0, 0, 3},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct location *location;
		char text[2048];
		struct parsed parsed;

		snprintf(text, sizeof(text),
			 SEP HEADER NEWER OLDER "%s\n" THREAD SUMMARY SEP,
			 rows[i].line);
		parsed = parse(text);
		assert_int_equal(parsed.count, 1);
		assert_false(parsed.reports[0].is_incomplete);
		assert_int_equal(parsed.reports[0].location_count, 1);
		location = &parsed.reports[0].locations[0];
		assert_int_equal(location->type, rows[i].type);
		assert_text(location->name, rows[i].name);
		assert_text(location->module, rows[i].module);
		assert_text(location->thread, rows[i].thread);
		assert_int_equal(location->size_bytes, rows[i].size);
		assert_int_equal(location->address, rows[i].address);
		assert_int_equal(location->fd, rows[i].fd);
		assert_int_equal(location->fd_is_closed,
				 strstr(rows[i].line, "destroyed") != NULL);
		arena_release(&parsed.arena);
	}
}

static void threads_of_every_form_are_read(void **state)
{
	static const struct {
		const char *line, *id, *name, *parent;
		bool is_running, is_finished;
	} rows[] = {
		{"  Thread T4 'a' (tid=1, x)' (tid=9, running) created by "
		 "thread T2 at:\n    #0 c <null> (p+0x1)\n",
		 "T4", "a' (tid=1, x)", "T2", true, false},
		{"  Thread T4 (tid=0, finished) created at:\n"
		 "    #0 c <null> (p+0x1)\n",
		 "T4", NULL, NULL, false, true},
		{"  Thread T4 (tid=0, finished) created by main thread\n"
		 "    [failed to restore the stack]\n",
		 "T4", NULL, "main", false, true},
		{"  Thread T4 (tid=5, running) is a GCD worker thread\n", "T4",
		 NULL, NULL, true, false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct thread_info *thread;
		char text[2048];
		struct parsed parsed;

		snprintf(text, sizeof(text),
			 SEP HEADER NEWER OLDER THREAD "%s\n" SUMMARY SEP,
			 rows[i].line);
		parsed = parse(text);
		assert_false(parsed.reports[0].is_incomplete);
		assert_int_equal(parsed.reports[0].thread_count, 2);
		thread = &parsed.reports[0].threads[1];
		assert_text(thread->id, rows[i].id);
		assert_text(thread->name, rows[i].name);
		assert_text(thread->parent, rows[i].parent);
		assert_int_equal(thread->is_running, rows[i].is_running);
		assert_int_equal(thread->is_finished, rows[i].is_finished);
		arena_release(&parsed.arena);
	}
}

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
static void what_is_missing_is_said(void **state)
{
	static const struct {
		const char *text, *missing;
	} rows[] = {
		{RACE, NULL},
		{"WARNING: ThreadSanitizer: data race\n" NEWER OLDER THREAD
			 SUMMARY,
		 NULL},
		{SEP HEADER NEWER THREAD SUMMARY SEP, "previous access"},
		{SEP HEADER OLDER SUMMARY SEP, "newer access"},
		{SEP HEADER SUMMARY SEP, "both accesses"},
		{SEP HEADER NEWER OLDER SUMMARY SEP, "thread T1"},
		{SEP HEADER NEWER OLDER THREAD, "its end"},
		/* print_summary=0 */
		{SEP HEADER NEWER OLDER THREAD SEP "done\n", NULL},
		{SEP HEADER NEWER OLDER THREAD SEP, NULL},
		{SEP HEADER NEWER
		 "  Previous read of size 4 at 0x1000 by main thread:\n\n"
		 THREAD SUMMARY,
		 "frames of a stack"},
		{SEP HEADER NEWER
		 "  Previous read of size 4 at 0x1000 by main thread:\n"
		 "    [failed to restore the stack]\n\n" THREAD SUMMARY,
		 NULL},
		{SEP HEADER NEWER
		 "  Previous read of size 4 at 0x1000 by main thread:\n"
		 "    #1 main /f.c:2 (p+0x2)\n\n" THREAD SUMMARY,
		 "some frames"},
		{SEP HEADER NEWER OLDER "    #0 g /f.c:2 (p+0x2)\n" THREAD
			 SUMMARY,
		 "what a stack belongs to"},
		{SEP HEADER NEWER
		 "  Previous read of size 4 at 0x2000 by main thread:\n"
		 "    #0 main /f.c:2 (p+0x2)\n\n" THREAD SUMMARY,
		 "another report"},
		{SEP HEADER NEWER OLDER THREAD
		 "SUMMARY: ThreadSanitizer: thread leak /f.c:1 in f\n",
		 "SUMMARY"},
		{SEP HEADER
		 "  Write of size 4 at 0x1000 by thread T1 (mutexes: write "
		 "M0):\n    #0 f /f.c:1 (p+0x1)\n\n" OLDER THREAD SUMMARY,
		 "mutex M0"},
		{SEP HEADER NEWER OLDER "  Location is nowhere at all:\n"
		 THREAD SUMMARY,
		 "rest of a line"},
		{SUMMARY, "all but its SUMMARY"},
		{"  Previous read of size 4 at 0x1 by main thread:\n"
		 "    #0 f /f.c:1 (p+0x1)\n\n" THREAD SUMMARY SEP,
		 "all but its SUMMARY"},
		{SEP "WARNING: ThreadSanitizer: da", "both accesses"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct parsed parsed = parse(rows[i].text);
		const struct report *report = parsed.reports;

		assert_true(parsed.count > 0);
		if (!rows[i].missing && report->is_incomplete)
			print_message("row %zu: %s\n", i, report->missing);
		assert_int_equal(report->is_incomplete,
				 rows[i].missing != NULL);
		if (rows[i].missing &&
		    (!report->missing ||
		     !strstr(report->missing, rows[i].missing)) &&
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
	struct parsed parsed = parse(SEP HEADER NEWER HEADER NEWER OLDER THREAD
					     SUMMARY SEP);

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
	struct parsed parsed =
		parse("@snag signature=00000000DEADbeef\n" RACE RACE
		      "@snag signature=12\n@snag signature=0123456789abcdefg\n"
		      RACE);

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
	struct parsed parsed = parse(SEP HEADER NEWER
				     "FATAL: ThreadSanitizer: oh\n" RACE);

	(void)state;
	assert_int_equal(parsed.count, 3);
	assert_true(parsed.reports[0].is_incomplete);
	assert_int_equal(parsed.reports[1].kind, KIND_TSAN_FATAL);
	assert_false(parsed.reports[2].is_incomplete);
	arena_release(&parsed.arena);
}

static void old_and_new_lines_about_mutexes_are_read(void **state)
{
	struct parsed parsed = parse(
		SEP HEADER
		"  Atomic write of size 8 at 0x1000 by thread T1 (mutexes: "
		"write M2668566260219904, read M1):\n"
		"    #0 f /f.c:1 (p+0x1)\n\n"
		"  Previous atomic read of size 4 at 0x1004 by main thread:\n"
		"    #0 main /f.c:2 (p+0x2)\n\n"
		"  Mutex M2668566260219904 is already destroyed.\n\n"
		"  Mutex M1 (0x55) created at:\n    #0 g /f.c:1 (p+0x1)\n\n"
		THREAD SUMMARY SEP);
	const struct report *report = parsed.reports;

	(void)state;
	assert_false(report->is_incomplete);
	assert_true(report->accesses[0].is_atomic &&
		    report->accesses[1].is_atomic);
	assert_int_equal(report->accesses[0].mutex_count, 2);
	assert_true(report->accesses[0].mutexes[1].is_read);
	assert_true(report->mutexes[0].is_destroyed);
	assert_int_equal(report->mutexes[1].created.count, 1);
	arena_release(&parsed.arena);
}

static void a_cycle_lacks_an_edge_when_one_is_cut(void **state)
{
	struct parsed parsed = parse(
		SEP "WARNING: ThreadSanitizer: lock-order-inversion (potential "
		    "deadlock) (pid=1)\n"
		    "  Cycle in lock order graph: M0 (0x1) => M1 (0x2) => M0\n\n"
		    "  Mutex M1 acquired here while holding mutex M0 in main "
		    "thread:\n    #0 f /f.c:1 (p+0x1)\n\n"
		    "    HINT: use TSAN_OPTIONS=second_deadlock_stack=1\n\n"
		    "SUMMARY: ThreadSanitizer: lock-order-inversion (potential "
		    "deadlock) /f.c:1 in f\n" SEP);

	(void)state;
	assert_true(parsed.reports[0].is_incomplete);
	assert_string_equal(parsed.reports[0].missing, "an edge of the cycle");
	assert_string_equal(parsed.reports[0].accesses[0].holding, "M0");
	arena_release(&parsed.arena);
}

static void frees_are_known_by_their_innermost_frame(void **state)
{
	static const struct {
		const char *name;
		bool is_free;
	} rows[] = {
		{"free", true},	    {"__interceptor_free", true},
		{"realloc", true},  {"operator delete(void*)", true},
		{"munmap", true},   {"operator delete[](void*)", true},
		{"freeze", false},  {"my_free", false},
		{"malloc", false},  {"__interceptor_memset", false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char text[1024];
		struct parsed parsed;

		snprintf(text, sizeof(text),
			 SEP HEADER
			 "  Write of size 8 at 0x1000 by thread T1:\n"
			 "    #0 %s <null> (p+0x1)\n\n" OLDER THREAD SUMMARY,
			 rows[i].name);
		parsed = parse(text);
		assert_int_equal(parsed.reports[0].accesses[0].is_free,
				 rows[i].is_free);
		assert_false(parsed.reports[0].accesses[1].is_free);
		arena_release(&parsed.arena);
	}
}

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
	assert_int_equal(counts->lines, 1 + 14 + 1 + 5 + 2 + 3);
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
	assert_string_equal(seen.text.data,
			    HEADER NEWER OLDER THREAD SUMMARY);
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
		assert_in_range(seen.used_bytes, 1, 5 * 1024 * 1024);
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
		cmocka_unit_test(frames_of_every_form_are_read),
		cmocka_unit_test(names_are_made_clean),
		cmocka_unit_test(recursion_is_not_inlining),
		cmocka_unit_test(locations_of_every_type_are_read),
		cmocka_unit_test(threads_of_every_form_are_read),
		cmocka_unit_test(every_kind_of_header_is_known),
		cmocka_unit_test(other_warnings_of_the_runtime_are_no_reports),
		cmocka_unit_test(what_is_missing_is_said),
		cmocka_unit_test(a_summary_after_its_report_is_no_other_report),
		cmocka_unit_test(a_new_header_ends_the_report_before),
		cmocka_unit_test(a_header_may_follow_output_without_line_end),
		cmocka_unit_test(the_marker_signs_the_next_report_only),
		cmocka_unit_test(fatal_messages_are_reports),
		cmocka_unit_test(a_fatal_message_ends_an_open_report),
		cmocka_unit_test(old_and_new_lines_about_mutexes_are_read),
		cmocka_unit_test(a_cycle_lacks_an_edge_when_one_is_cut),
		cmocka_unit_test(frees_are_known_by_their_innermost_frame),
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
