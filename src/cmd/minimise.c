/*
 * snag minimise: the fewest context switches that show the same.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "campaign/minimise.h"
#include "cmd/command.h"
#include "cmd/interrupt.h"
#include "cmd/replay_options.h"

enum { OPT_TIME = 256, OPT_NO_TRACE };

static const struct argp_option options[] = {
	{"time", OPT_TIME, "DURATION", 0, "At most this long (default: 20s)",
	 0},
	{"no-trace", OPT_NO_TRACE, 0, 0, "Print the schedule without events",
	 0},
	REPLAY_OPTIONS,
	{0},
};

static const char doc[] =
	"Removes context switches from a schedule as long as it shows the same "
	"finding or outcome, then names the two events whose order decides.\v"
	"Writes the smaller schedule to the file of -o, else beside the first, "
	"as NAME.min.json.\n\n"
	"Exit code: 0 done, 1 the schedule does not show what it was kept for, "
	"2 a bad file, another scenario or asked wrongly, 3 trouble.";

struct minimise_arguments {
	struct replay_options common;
	const char *file;
	uint64_t time_ms;
	bool hides_trace;
	struct arena arena;
	struct err err;
};

static error_t parse(int key, char *value, struct argp_state *state)
{
	struct minimise_arguments *a = state->input;
	bool is_good = true;

	switch (key) {
	case OPT_TIME:
		is_good = value_duration_ms("--time", value, &a->time_ms,
					    &a->err);
		break;
	case OPT_NO_TRACE:
		a->hides_trace = true;
		break;
	case ARGP_KEY_ARG:
		if (state->arg_num > 0)
			argp_error(state, "one schedule at a time");
		a->file = value;
		break;
	case ARGP_KEY_NO_ARGS:
		argp_error(state, "name a schedule file (snag replay -o writes "
				  "them, and snag run keeps them)");
		break;
	default:
		if (!replay_options_take(key, value, &a->common, &is_good,
					 &a->err))
			return ARGP_ERR_UNKNOWN;
	}
	if (!is_good)
		exit(command_fail(&a->err));
	return 0;
}

static struct trace_event *event_of(const struct trace *trace, uint64_t step)
{
	for (size_t i = 0; i < trace->event_count; i++)
		if (step && trace->events[i].number == step)
			return &trace->events[i];
	return NULL;
}

/* Where a thread only begins, it goes on to its next event at once. */
static const struct trace_event *with_place(const struct trace *trace,
					    const struct trace_event *e)
{
	const struct trace_event *end = trace->events + trace->event_count;

	for (const struct trace_event *next = e; next < end; next++)
		if (next->thread == e->thread && next->file)
			return next;
	return e;
}

static void print_event(const struct trace *trace, const char *when,
			const struct trace_event *event)
{
	const struct trace_event *e = with_place(trace, event);
	struct arena arena = {0};

	printf("  %-7sT%u%s  %s:%u  %s\n", when, e->thread,
	       e == event ? "" : " begins, up to", e->file ? e->file : "?",
	       e->line, e->source ? replay_line(&arena, e->source) : "");
	arena_release(&arena);
}

static void print_pair(const struct trace *trace,
		       const struct trace_event *first,
		       const struct trace_event *second)
{
	if (!first || !second) {
		puts("\nNo order of two events decides: it shows whatever the "
		     "threads do first.");
		return;
	}
	puts("\nWhat decides is that");
	print_event(trace, "first", first);
	print_event(trace, "then", second);
	puts("The other way round it does not show.");
}

static void print_all(struct minimise_arguments *a, struct rerun *rerun,
		      const struct minimised *m, const struct rerun_seen *seen,
		      struct trace *trace)
{
	struct trace_event *first = event_of(trace, m->first);
	struct trace_event *second = event_of(trace, m->second);

	if (first && second)
		first->is_deciding = second->is_deciding = true;
	if (!a->hides_trace) {
		replay_print_trace(trace, rerun_result(rerun)->subjects[0].id,
				   seen, a->common.color);
		putchar('\n');
	}
	replay_print_seen(rerun, seen, !a->hides_trace);
	print_pair(trace, first, second);
	printf("\n%" PRIu64 " context switches of %" PRIu64 ", %" PRIu64
	       " preemptions of %" PRIu64 " (%" PRIu64
	       " schedules tried in %.1f s%s)\n",
	       m->switches, m->switches_before, m->preemptions,
	       m->preemptions_before, m->tries, (double)m->time_ms / 1000,
	       m->is_cut ? "; the time was up" : "");
	printf("Schedule: %s\n",
	       replay_text(&a->arena, m->turns, m->turn_count));
}

/* "x.json" becomes "x.min.json": the schedule that was found stays. */
static const char *beside(struct minimise_arguments *a)
{
	size_t len = strlen(a->file);
	bool has_end = len > 5 && !strcmp(a->file + len - 5, ".json");

	return arena_printf(&a->arena, "%.*s.min.json",
			    (int)(has_end ? len - 5 : len), a->file);
}

static int run(struct minimise_arguments *a, struct schedule *s,
	       struct rerun *rerun)
{
	const struct minimise_limits limits = {.time_ms = a->time_ms,
					       .tries = 1000 * 1000};
	const char *path = a->common.output ? a->common.output : beside(a);
	struct minimised m;
	struct rerun_seen seen;
	struct schedule small;
	struct trace trace;

	if (!minimise(rerun, s, &limits, &a->arena, &m, &a->err) ||
	    !rerun_traced(rerun, m.turns, m.turn_count, &a->arena, &seen,
			  &trace, &a->err))
		return command_fail(&a->err);
	small = replay_schedule(&a->arena, s, &seen, &trace);
	if (!schedule_file_write(&small, path, &a->err))
		return command_fail(&a->err);
	print_all(a, rerun, &m, &seen, &trace);
	printf("Written to %s\n", path);
	return command_flush("the trace", &a->err) ? 0 : command_fail(&a->err);
}

int cmd_minimise(int argc, char **argv)
{
	static const struct argp argp = {
		options, parse, "SCHEDULE-FILE", doc, NULL, NULL, NULL};
	struct minimise_arguments a = {.common = {.color = "auto"},
				       .time_ms = 20 * 1000};
	struct rerun *rerun = NULL;
	struct schedule s = {0};
	int code;

	command_parse(&argp, argc, argv, &a);
	interrupt_catch();
	if (replay_load(a.file, &a.common, &a.arena, &s, &a.err)) {
		replay_is_same_build(&a.arena, &s);
		rerun = rerun_open(&s, &interrupt_seen, &a.err);
	}
	code = rerun ? run(&a, &s, rerun) : command_fail(&a.err);
	rerun_close(rerun);
	arena_release(&a.arena);
	return code;
}
