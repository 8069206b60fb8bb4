#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../golden/tsan_pieces.h"

/* The frame that a line of a stack gives. */
static struct frame frame_of(struct parsed *parsed, const char *line)
{
	char text[4096];

	snprintf(
		text, sizeof(text),
		SEP HEADER
		"  Write of size 4 at 0x1 by main thread:\n%s\n\n" OLDER SUMMARY
			SEP,
		line);
	*parsed = parse(text);
	assert_int_equal(parsed->count, 1);
	assert_int_equal(parsed->reports[0].accesses[0].stack.count, 1);
	return parsed->reports[0].accesses[0].stack.frames[0];
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
	struct frame frame = frame_of(&parsed, "    #0 a\x01\xff"
					       "b /x.c:1 (p+0x1)");

	(void)state;
	assert_text(frame.function, "a\xef\xbf\xbd\xef\xbf\xbd"
				    "b");
	arena_release(&parsed.arena);
}

static void recursion_is_not_inlining(void **state)
{
	struct parsed parsed = parse(
		SEP HEADER
		"  Write of size 4 at 0x1000 by thread T1:\n"
		"    #0 a /f.c:1 (p+0x1)\n    #1 b /f.c:9 (p+0x1)\n"
		"    #2 r /f.c:5 (p+0x2)\n    #3 r /f.c:5 (p+0x2)\n\n" OLDER
			THREAD SUMMARY SEP);
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
		 LOCATION_STACK, NULL, NULL, "main", 0, 0, 0},
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
		"  Mutex M1 (0x55) created at:\n    #0 g /f.c:1 "
		"(p+0x1)\n\n" THREAD SUMMARY SEP);
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
		SEP
		"WARNING: ThreadSanitizer: lock-order-inversion (potential "
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
		{"free", true},    {"__interceptor_free", true},
		{"realloc", true}, {"operator delete(void*)", true},
		{"munmap", true},  {"operator delete[](void*)", true},
		{"freeze", false}, {"my_free", false},
		{"malloc", false}, {"__interceptor_memset", false},
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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(frames_of_every_form_are_read),
		cmocka_unit_test(names_are_made_clean),
		cmocka_unit_test(recursion_is_not_inlining),
		cmocka_unit_test(locations_of_every_type_are_read),
		cmocka_unit_test(threads_of_every_form_are_read),
		cmocka_unit_test(old_and_new_lines_about_mutexes_are_read),
		cmocka_unit_test(a_cycle_lacks_an_edge_when_one_is_cut),
		cmocka_unit_test(frees_are_known_by_their_innermost_frame),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
