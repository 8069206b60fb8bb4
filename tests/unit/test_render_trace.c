/* A trace in the terminal, byte by byte. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "reports/trace.h"

enum { LOOPS = 900 };

static char *rendered(const struct trace *trace, const struct trace_view *view)
{
	char *text = NULL;
	size_t len = 0;
	FILE *file = open_memstream(&text, &len);

	assert_non_null(file);
	render_trace(trace, view, file);
	fclose(file);
	return text;
}

static void expect(const struct trace *trace, const struct trace_view *view,
		   const char *expected)
{
	char *text = rendered(trace, view);

	assert_string_equal(text, expected);
	free(text);
}

static struct trace_event access_of(uint16_t thread, uint64_t number,
				    enum trace_kind kind, const char *value)
{
	return (struct trace_event){.thread = thread,
				    .number = number,
				    .kind = kind,
				    .file = "src/counter.c",
				    .function = "bump",
				    .line = 34,
				    .source = "counter++;",
				    .object = "counter",
				    .value = value};
}

static struct trace_thread two_threads[] = {{.name = "adder", .number = 1},
					    {.name = "adder", .number = 2}};

static void a_lost_update_is_seen(void **state)
{
	struct trace_event events[] = {
		access_of(1, 1, TRACE_READ, "0"),
		access_of(2, 2, TRACE_READ, "0"),
		access_of(2, 3, TRACE_WRITE, "1"),
		access_of(1, 4, TRACE_WRITE, "1"),
	};
	const char *notes[] = {"data race on counter"};
	const struct trace trace = {.events = events,
				    .event_count = 4,
				    .threads = two_threads,
				    .thread_count = 2,
				    .notes = notes,
				    .note_count = 1};
	const struct trace_view view = {
		.columns = 80, .title = "a/b", .outcome = "lost"};

	(void)state;
	events[0].leave = TRACE_PREEMPTED;
	events[0].note = events[2].note = 1;
	events[0].is_first = true;
	events[2].leave = TRACE_ENDED;
	events[3].before = "1";
	events[3].is_deciding = true;
	expect(&trace, &view,
	       "a/b\n"
	       "\n"
	       "        T1 adder                             T2 adder\n"
	       "   1    counter.c:34  counter -> 0 <--[1]  |\n"
	       "        -- preempted --                    |\n"
	       "   2                                       | counter.c:34  "
	       "counter -> 0\n"
	       "   3                                       | counter.c:34  "
	       "counter = 1 <--[1]\n"
	       "                                           | -- ends --\n"
	       "   4    counter.c:34  counter = 1 (was 1) <-- decides\n"
	       "\n"
	       "[1] ThreadSanitizer: data race on counter\n"
	       "      step 1    T1  counter.c:34  counter++;\n"
	       "      step 3    T2  counter.c:34  counter++;\n"
	       "\n"
	       "Outcome: lost\n");
}

static void long_names_of_the_only_file_are_said_once(void **state)
{
	struct trace_event events[] = {
		access_of(1, 1, TRACE_READ, "0"),
		access_of(2, 2, TRACE_WRITE, "123456 (was 654321)"),
	};
	const struct trace trace = {.events = events,
				    .event_count = 2,
				    .threads = two_threads,
				    .thread_count = 2};
	const struct trace_view view = {
		.columns = 80, .title = "a/b", .outcome = "x"};

	(void)state;
	expect(&trace, &view,
	       "a/b (counter.c)\n"
	       "\n"
	       "        T1 adder                             T2 adder\n"
	       "   1    :34   counter -> 0                 |\n"
	       "   2                                       | :34   counter = "
	       "123456 (was 654321)\n"
	       "\n"
	       "Outcome: x\n");
}

static void loops_and_private_steps_are_folded(void **state)
{
	struct trace_event events[LOOPS];
	const struct trace trace = {.events = events,
				    .event_count = LOOPS,
				    .threads = two_threads,
				    .thread_count = 1};
	const struct trace_view view = {.columns = 80, .outcome = ""};

	(void)state;
	for (size_t i = 0; i < LOOPS; i++) {
		events[i] = access_of(1, i + 1, TRACE_READ, "7");
		events[i].is_private = i % 3 == 2;
		events[i].line = i % 3 ? 35 : 34;
	}
	expect(&trace, &view,
	       "        T1 adder\n"
	       "   1    counter.c:34  counter -> 7\n"
	       "   2    counter.c:35  counter -> 7\n"
	       "        (1 of its own)\n"
	       "        (x298)\n"
	       " 898    counter.c:34  counter -> 7\n"
	       " 899    counter.c:35  counter -> 7\n"
	       "        (1 of its own)\n"
	       "\n"
	       "It ended; no outcome was named.\n");
}

static void any_width_and_any_text_is_taken(void **state)
{
	struct trace_event events[] = {
		access_of(1, 1, TRACE_READ, "\x1b[31mred"),
		access_of(2, 2, TRACE_WRITE,
			  "a very long value that fits in no column at all "
			  "and has aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
			  "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"),
		access_of(9, 3, TRACE_WRITE, "of a thread that is not there"),
	};
	const struct trace trace = {.events = events,
				    .event_count = 3,
				    .threads = two_threads,
				    .thread_count = 2};

	(void)state;
	for (unsigned columns = 0; columns < 250; columns += 7) {
		const struct trace_view view = {.columns = columns};
		char *text = rendered(&trace, &view);

		assert_null(strchr(text, '\x1b'));
		assert_non_null(strstr(text, "It did not end."));
		free(text);
	}
}

static void many_threads_have_columns_that_are_narrow(void **state)
{
	enum { THREADS = 300 };
	struct trace_event *events = calloc(THREADS, sizeof(*events));
	struct trace_thread *threads = calloc(THREADS, sizeof(*threads));
	const struct trace trace = {.events = events,
				    .event_count = THREADS,
				    .threads = threads,
				    .thread_count = THREADS};
	const struct trace_view view = {.columns = 80, .outcome = "x"};
	char *text;

	(void)state;
	for (uint16_t i = 0; i < THREADS; i++) {
		events[i] = access_of(i, i + 1U, TRACE_READ, "7");
		threads[i].number = i;
	}
	text = rendered(&trace, &view);
	assert_non_null(strstr(text, ":34"));
	free(text);
	free(events);
	free(threads);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_lost_update_is_seen),
		cmocka_unit_test(long_names_of_the_only_file_are_said_once),
		cmocka_unit_test(loops_and_private_steps_are_folded),
		cmocka_unit_test(any_width_and_any_text_is_taken),
		cmocka_unit_test(many_threads_have_columns_that_are_narrow),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
