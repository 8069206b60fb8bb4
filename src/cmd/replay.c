/*
 * snag replay: one iteration, on a schedule that is known.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "campaign/debug.h"
#include "campaign/strategy.h"
#include "cmd/command.h"
#include "cmd/interrupt.h"
#include "cmd/replay_options.h"

enum {
	OPT_SCHEDULE = 256,
	OPT_SEED,
	OPT_ITERATION,
	OPT_STRATEGY,
	OPT_THREADS,
	OPT_POINTS,
	OPT_SPURIOUS,
	OPT_TRACE,
	OPT_FORMAT,
	OPT_GDB,
	OPT_STOP_AT,
	OPT_GDB_COMMANDS,
};

static const struct argp_option options[] = {
	{0, 0, 0, 0, "Which schedule of a SCENARIO:", 1},
	{"schedule", OPT_SCHEDULE, "TEXT", 0,
	 "These turns: 'T0*3 T1 T0*2' is three events of thread 0, one of "
	 "thread 1, two of thread 0",
	 0},
	{"iteration", OPT_ITERATION, "N", 0,
	 "That of iteration N of snag run --engine explore, from 1", 0},
	{"seed", OPT_SEED, "N", 0, "... with that --seed (default: 1)", 0},
	{"strategy", OPT_STRATEGY, "NAME[:ARG]", 0,
	 "... and that --strategy (default: portfolio)", 0},
	{"threads", OPT_THREADS, "N", 0, "Number of threads (default: 2)", 0},
	{"points", OPT_POINTS, "WHICH", 0,
	 "all, shared or sync: as it was run (default: all)", 0},
	{"spurious", OPT_SPURIOUS, 0, 0, "As it was run", 0},
	{0, 0, 0, 0, "Both:", 2},
	REPLAY_OPTIONS,
	{"trace", OPT_TRACE, 0, 0,
	 "Show every event: a column a thread, time downwards", 0},
	{"format", OPT_FORMAT, "NAME", 0,
	 "text or json (default: text); json is what -o writes, and what was "
	 "seen",
	 0},
	{"gdb", OPT_GDB, 0, 0,
	 "Run it under gdb, stopped before the event that decides: the first "
	 "that is reported, or the last at which a thread comes back",
	 0},
	{"stop-at", OPT_STOP_AT, "N", 0, "... or before step N", 0},
	{"gdb-commands", OPT_GDB_COMMANDS, "TEXT", OPTION_HIDDEN,
	 "Run these, split by ';', and leave gdb", 0},
	{0},
};

static const char doc[] =
	"Runs one iteration on a schedule that explore chose, and says whether "
	"it shows the same again.\v"
	"SCHEDULE-FILE is one that snag run, snag exec, snag minimise or -o "
	"wrote.\n\n"
	"Exit code: 0 it shows what it was kept for, 1 it does not, 2 a bad "
	"file, another scenario or asked wrongly, 3 trouble.";

struct replay_arguments {
	struct replay_options common;
	const char *what, *text, *strategy, *points, *gdb_commands;
	uint64_t seed, iteration, threads;
	bool is_spurious, has_seed, shows_trace, is_json, is_debugged;
	uint64_t stop_at;
	struct arena arena;
	struct err err;
};

static bool take(int key, char *value, struct replay_arguments *a)
{
	static const char *const points[] = {"all", "shared", "sync", NULL};
	static const char *const formats[] = {"text", "json", NULL};

	switch (key) {
	case OPT_SCHEDULE:
		a->text = value;
		return true;
	case OPT_SEED:
		a->has_seed = true;
		return value_count("--seed", value, 0, UINT64_MAX, &a->seed,
				   &a->err);
	case OPT_ITERATION:
		return value_count("--iteration", value, 1, UINT32_MAX,
				   &a->iteration, &a->err);
	case OPT_STRATEGY:
		a->strategy = value;
		return strategy_check("--strategy", value, &a->err);
	case OPT_THREADS:
		return value_count("--threads", value, 1, VALUE_MAX_THREADS,
				   &a->threads, &a->err);
	case OPT_POINTS:
		a->points = value;
		return value_choice("--points", value, points, &a->err);
	case OPT_STOP_AT:
		return value_count("--stop-at", value, 1, UINT32_MAX,
				   &a->stop_at, &a->err);
	default:
		a->is_json = !strcmp(value, "json");
		return value_choice("--format", value, formats, &a->err);
	}
}

static error_t parse(int key, char *value, struct argp_state *state)
{
	struct replay_arguments *a = state->input;
	bool is_good = true;

	switch (key) {
	case OPT_SCHEDULE:
	case OPT_SEED:
	case OPT_ITERATION:
	case OPT_STRATEGY:
	case OPT_THREADS:
	case OPT_POINTS:
	case OPT_FORMAT:
	case OPT_STOP_AT:
		is_good = take(key, value, a);
		break;
	case OPT_SPURIOUS:
		a->is_spurious = true;
		break;
	case OPT_TRACE:
		a->shows_trace = true;
		break;
	case OPT_GDB_COMMANDS:
		a->gdb_commands = value;
		break;
	case OPT_GDB:
		a->is_debugged = true;
		break;
	case ARGP_KEY_ARG:
		if (state->arg_num > 0)
			argp_error(state, "one schedule at a time");
		a->what = value;
		break;
	case ARGP_KEY_NO_ARGS:
		argp_error(state, "name a schedule file or a scenario");
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

static bool is_file(const char *what)
{
	size_t len = strlen(what);

	return !access(what, F_OK) ||
	       (len > 5 && !strcmp(what + len - 5, ".json"));
}

static bool load_file(struct replay_arguments *a, struct schedule *s)
{
	if (a->text || a->iteration || a->strategy || a->has_seed ||
	    a->threads || a->points || a->is_spurious)
		return err_set(&a->err, EXIT_USAGE,
			       "'%s' is a file, which says its schedule, seed "
			       "and threads itself: give them with a scenario "
			       "only",
			       a->what);
	return replay_load(a->what, &a->common, &a->arena, s, &a->err);
}

static bool of_scenario(struct replay_arguments *a, struct schedule *s)
{
	char *host;

	if (!a->text == !a->iteration)
		return err_set(&a->err, EXIT_USAGE,
			       "say which schedule of %s: --schedule TEXT or "
			       "--iteration N (there is no file '%s')",
			       a->what, a->what);
	host = command_host(a->common.host, &a->err);
	if (!host)
		return false;
	*s = (struct schedule){.host = arena_dup(&a->arena, host),
			       .scenario = a->what,
			       .strategy = a->text ? NULL : a->strategy,
			       .points = a->points ? a->points : "all",
			       .flags = a->is_spurious ? SCHEDULE_SPURIOUS : 0,
			       .threads = (unsigned)a->threads,
			       .seed = a->seed,
			       .iteration = a->iteration ? a->iteration : 1};
	free(host);
	return !a->text || schedule_parse(&a->arena, a->text, strlen(a->text),
					  &s->turns, &s->turn_count, &a->err);
}

/* The turns that the strategy took: the arena's from now on. */
static bool find_turns(struct replay_arguments *a, struct rerun *rerun,
		       struct schedule *s)
{
	struct rerun_seen seen;

	if (s->turn_count)
		return true;
	if (!rerun_strategy(rerun, s->strategy, &seen, &a->err))
		return false;
	*s = replay_schedule(&a->arena, s, &seen, NULL);
	s->fingerprint = s->outcome = NULL;
	return true;
}

static void print_fit(const struct schedule *s, const struct rerun_seen *seen)
{
	if (seen->left_at)
		printf("The schedule did not fit: left at step %" PRIu64
		       "; from there the thread that ran goes on.\n",
		       seen->left_at);
	else if (s->trace_hash && s->trace_hash != seen->trace_hash)
		puts("The turns fitted, but the events were others.");
	if (s->is_cut)
		puts("The schedule is cut: it was longer than is kept.");
}

static void print_text(struct replay_arguments *a, struct rerun *rerun,
		       const struct schedule *s, const struct rerun_seen *seen,
		       const struct trace *trace, bool is_shown)
{
	bool is_kept = s->fingerprint || s->outcome;

	if (a->shows_trace) {
		replay_print_trace(trace, rerun_result(rerun)->subjects[0].id,
				   seen, a->common.color);
		putchar('\n');
	} else {
		printf("%s, seed %" PRIu64 ", iteration %" PRIu64 "\n",
		       rerun_result(rerun)->subjects[0].id, s->seed,
		       s->iteration);
	}
	replay_print_seen(rerun, seen, a->shows_trace);
	print_fit(s, seen);
	if (is_kept)
		printf("%s\n", is_shown ? "It shows the same again."
					: "It does not show the same again.");
	printf("Schedule: %s\n",
	       replay_text(&a->arena, seen->turns, seen->turn_count));
}

/* The first event that is reported; else where a thread comes back. */
static uint64_t deciding_step(const struct trace *trace)
{
	uint64_t back = 1;

	for (size_t i = 0; i < trace->event_count; i++) {
		const struct trace_event *e = &trace->events[i];

		if (e->note && !e->is_first)
			return e->number;
		if (e->leave != TRACE_STAYS && e->number)
			back = e->number + 1;
	}
	return back;
}

static int debug(struct replay_arguments *a, struct rerun *rerun,
		 const struct rerun_seen *seen, const struct trace *trace)
{
	uint64_t at = a->stop_at ? a->stop_at : deciding_step(trace);

	return debug_run(rerun, seen->turns, seen->turn_count, at,
			 a->gdb_commands, &a->err)
		       ? 0
		       : command_fail(&a->err);
}

static int conclude(struct replay_arguments *a, struct rerun *rerun,
		    const struct schedule *s, const struct rerun_seen *seen,
		    const struct trace *trace)
{
	bool is_shown = rerun_shows(rerun, seen, s);
	struct schedule ran = replay_schedule(&a->arena, s, seen, trace);

	if (a->is_debugged)
		return debug(a, rerun, seen, trace);
	if (a->common.output &&
	    !schedule_file_write(&ran, a->common.output, &a->err))
		return command_fail(&a->err);
	if (a->is_json)
		replay_print_json(rerun, &ran, seen, is_shown);
	else
		print_text(a, rerun, s, seen, trace, is_shown);
	if (!command_flush("the trace", &a->err))
		return command_fail(&a->err);
	return is_shown ? 0 : EXIT_FINDING;
}

static bool fit(struct replay_arguments *a, struct rerun *rerun,
		struct schedule *s)
{
	const struct schedule old = *s;
	size_t fitted;

	if (replay_is_same_build(&a->arena, s))
		return true;
	if (!rerun_realign(rerun, &old, &a->arena, &s->turns, &s->turn_count,
			   &fitted, &a->err))
		return false;
	/* Of other code the events are others. */
	s->trace_hash = 0;
	if (fitted < old.turn_count)
		command_warn(arena_printf(
			&a->arena,
			"%zu of its %zu turns were found in this build; turn "
			"%zu does not come to where the thread's next one "
			"began",
			fitted, old.turn_count, fitted + 1));
	return true;
}

static int replay(struct replay_arguments *a, struct schedule *s)
{
	struct rerun *rerun;
	struct rerun_seen seen;
	struct trace trace;
	int code;

	interrupt_catch();
	rerun = rerun_open(s, &interrupt_seen, &a->err);
	if (!rerun)
		return command_fail(&a->err);
	if (find_turns(a, rerun, s) && fit(a, rerun, s) &&
	    rerun_traced(rerun, s->turns, s->turn_count, &a->arena, &seen,
			 &trace, &a->err))
		code = conclude(a, rerun, s, &seen, &trace);
	else
		code = command_fail(&a->err);
	rerun_close(rerun);
	return code;
}

int cmd_replay(int argc, char **argv)
{
	static const struct argp argp = {
		options, parse, "SCHEDULE-FILE\nSCENARIO", doc, NULL,
		NULL,    NULL};
	struct replay_arguments a = {
		.common = {.color = "auto"}, .strategy = NULL, .seed = 1};
	struct schedule s = {0};
	int code;

	command_parse(&argp, argc, argv, &a);
	if (is_file(a.what) ? load_file(&a, &s) : of_scenario(&a, &s)) {
		if (!s.strategy)
			s.strategy = STRATEGY_DEFAULT;
		code = replay(&a, &s);
	} else {
		code = command_fail(&a.err);
	}
	arena_release(&a.arena);
	return code;
}
