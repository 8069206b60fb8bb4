/*
 * snag exec: any program that is built with ThreadSanitizer, run, judged,
 * shown and stored.
 */
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/inherited.h"
#include "cmd/command.h"
#include "cmd/exec_config.h"
#include "cmd/exec_explore.h"
#include "cmd/explore_options.h"
#include "cmd/finish.h"
#include "cmd/interrupt.h"
#include "cmd/judging.h"
#include "cmd/out_dir.h"
#include "cmd/show.h"
#include "program/program.h"

enum {
	OPT_RUNS = 256,
	OPT_TIME,
	OPT_UNTIL_RATE,
	OPT_UNTIL_FAIL,
	OPT_STOP_AFTER,
	OPT_NOISE,
	OPT_SEED,
	OPT_TIMEOUT,
	OPT_SUCCESS,
	OPT_OUT,
	OPT_COLLECT,
	OPT_SUPPRESSIONS,
};

static const struct argp_option options[] = {
	{0, 0, 0, 0, "How much (one of these; default: --runs 1):", 1},
	{"runs", OPT_RUNS, "N", 0, "Exactly N times", 0},
	{"time", OPT_TIME, "DURATION", 0, "As often as the time allows", 0},
	{"until-rate", OPT_UNTIL_RATE, "P", 0,
	 "As often as it takes to exclude, at 95 %, that a run in 1/P shows "
	 "something, when none does",
	 0},
	{0, 0, 0, 0, "When to stop early:", 2},
	{"until-fail", OPT_UNTIL_FAIL, 0, 0,
	 "At the first finding or bad end (without a budget: until then)", 0},
	{"stop-after", OPT_STOP_AFTER, "N", 0, "After N findings", 0},
	{0, 0, 0, 0, "How:", 3},
	EXPLORE_OPTIONS,
	{"noise", OPT_NOISE, "LEVEL", 0,
	 "off, light or heavy: seeded yields, spins, sleeps and migrations at "
	 "pthread calls, from beneath ThreadSanitizer (default: off)",
	 0},
	{"seed", OPT_SEED, "N", 0,
	 "Of the first run's noise, and one more for each run after it "
	 "(default: 1); the kernel's schedule is not repeated by it",
	 0},
	{"jobs", 'j', "N", 0,
	 "Runs in parallel (default: 1, for copies of a test may collide)", 0},
	{"timeout", OPT_TIMEOUT, "DURATION", 0,
	 "Of one run, by the clock, before it is a hang (default: 10m)", 0},
	{"success", OPT_SUCCESS, "LIST", 0,
	 "Exit statuses that are good besides 0, such as 77,3", 0},
	{"suppressions", OPT_SUPPRESSIONS, "FILE", 0,
	 "ThreadSanitizer's, besides those of TSAN_OPTIONS (repeatable); what "
	 "each line hid is said, and which hid nothing",
	 0},
	{0, 0, 0, 0, "One test of a suite:", 4},
	{"collect", OPT_COLLECT, "DIR", 0,
	 "Leave its result in DIR for `snag gate DIR`, and be as if Snag were "
	 "not there: its streams, signals and exit status are the test's own",
	 0},
	{0, 0, 0, 0, "Output:", 10},
	{"out", OPT_OUT, "DIR", 0,
	 "Folder for result.json, reports/ and output/ (default: snag-out)", 0},
	SHOW_OPTIONS,
	JUDGING_OPTIONS,
	{0},
};

static const char doc[] =
	"Runs a program that was built with -fsanitize=thread (clang or gcc), "
	"tells how each run ended, and makes findings of the reports of it and "
	"of all its descendants.\v"
	"Put -- before the program, so that its options are not taken for "
	"Snag's. Each run has a TMPDIR of its own and nothing to read on "
	"standard input. The user's TSAN_OPTIONS stand, except for log_path, "
	"exitcode, halt_on_error, report_bugs, abort_on_error and handle_*.\n\n"
	"Exit code: 0 clean or known, 1 a finding, a crash, a hang or a bad "
	"exit, 2 asked wrongly, 3 trouble, or ThreadSanitizer did not run, 130 "
	"interrupted (what was counted by then is written).";

struct exec_arguments {
	struct program_options program;
	struct campaign_options explore; /* of EXPLORE_OPTIONS, where given */
	struct show_options show;
	struct judging judging;
	struct probe probe;
	char **argv; /* of the program; NULL at its end */
	const char **suppressions;
	bool has_seed, has_judging; /* an option of either; not --own */
	uint64_t jobs;
	unsigned budgets;
	struct arena arena;
	struct err err;
};

static bool take_budget(int key, const char *value, struct exec_arguments *a)
{
	struct program_options *p = &a->program;

	a->budgets++;
	if (key == OPT_RUNS)
		return value_count("--runs", value, 1, UINT32_MAX, &p->runs,
				   &a->err);
	if (key == OPT_TIME)
		return value_duration_ms("--time", value, &p->time_ms, &a->err);
	return value_rate("--until-rate", value, &p->until_rate, &a->err);
}

static bool take_how(int key, char *value, struct exec_arguments *a)
{
	static const char *const levels[] = {"off", "light", "heavy", NULL};
	struct program_options *p = &a->program;

	switch (key) {
	case OPT_NOISE:
		p->noise = value;
		return value_choice("--noise", value, levels, &a->err);
	case OPT_SEED:
		a->has_seed = true;
		return value_count("--seed", value, 0, UINT32_MAX, &p->seed,
				   &a->err);
	case OPT_TIMEOUT:
		return value_duration_ms("--timeout", value, &p->timeout_ms,
					 &a->err);
	case OPT_SUCCESS:
		return value_statuses("--success", value, p->success,
				      &p->success_count, PROGRAM_MAX_SUCCESS,
				      &a->err);
	case OPT_STOP_AFTER:
		return value_count("--stop-after", value, 1, UINT32_MAX,
				   &p->stop_after, &a->err);
	default:
		return value_count("--jobs", value, 1, PROGRAM_MAX_JOBS,
				   &a->jobs, &a->err);
	}
}

/* The program and all that follows it are taken as they stand. */
static void take_program(struct exec_arguments *a, struct argp_state *state)
{
	a->argv = &state->argv[state->next - 1];
	state->next = state->argc;
}

static void add_suppressions(struct exec_arguments *a, const char *path)
{
	const char **slot =
		arena_push(&a->arena, &a->suppressions,
			   &a->program.suppression_count, sizeof(*slot));

	*slot = path;
	a->program.suppressions = a->suppressions;
}

static error_t parse(int key, char *value, struct argp_state *state)
{
	struct exec_arguments *a = state->input;
	bool is_good = true;

	switch (key) {
	case OPT_RUNS:
	case OPT_TIME:
	case OPT_UNTIL_RATE:
		is_good = take_budget(key, value, a);
		break;
	case OPT_NOISE:
	case OPT_SEED:
	case OPT_TIMEOUT:
	case OPT_SUCCESS:
	case OPT_STOP_AFTER:
	case 'j':
		is_good = take_how(key, value, a);
		break;
	case OPT_UNTIL_FAIL:
		a->program.until_fail = true;
		break;
	case OPT_OUT:
		a->program.out_dir = value;
		break;
	case OPT_SUPPRESSIONS:
		add_suppressions(a, value);
		break;
	case OPT_COLLECT:
		a->program.collect_dir = value;
		break;
	case ARGP_KEY_ARG:
		take_program(a, state);
		break;
	default:
		if (explore_options_take(key, value, &a->explore, &is_good,
					 &a->err) ||
		    show_take(key, value, &a->show, &is_good, &a->err))
			break;
		if (!judging_take(key, value, &a->judging, &is_good, &a->err))
			return ARGP_ERR_UNKNOWN;
		a->has_judging |= key != CONFIG_OWN && key != CONFIG_PLUMBING;
	}
	if (!is_good)
		exit(command_fail(&a->err));
	return 0;
}

static bool no_program(struct exec_arguments *a)
{
	return err_set(&a->err, EXIT_USAGE,
		       "which program? snag exec [OPTION...] -- PROGRAM "
		       "[ARG...]");
}

/* Once: a program's symbol tables may be long. */
static bool probe(struct exec_arguments *a)
{
	struct program_options *p = &a->program;

	if (!p->probe &&
	    probe_program(p->argv[0], &a->arena, &a->probe, &a->err))
		p->probe = &a->probe;
	return p->probe != NULL;
}

/* Said before the first run: what cannot show anything by itself. */
static bool look(struct exec_arguments *a)
{
	if (!probe(a))
		return false;
	if (a->probe.instrumentation == INSTRUMENTATION_NONE &&
	    !a->probe.is_script)
		command_warn(arena_printf(
			&a->arena,
			"'%s' is not built with -fsanitize=thread: only "
			"programs that it starts can show anything",
			a->probe.path));
	return true;
}

/* What is to be preloaded; without noise, the program is not looked at. */
static bool noise(struct exec_arguments *a)
{
	struct program_options *p = &a->program;

	if (!exec_config_wants_noise(p))
		return true;
	return probe(a) && exec_config_noise(p, &a->arena, &a->err);
}

/* snag.yaml is not read: a test of a suite is as if Snag were not there. */
static bool settle_collect(struct exec_arguments *a)
{
	struct program_options *p = &a->program;

	if (!p->argv)
		return no_program(a);
	p->seed = a->has_seed ? p->seed : 1;
	if (p->time_ms || p->until_rate > 0 || p->until_fail || p->stop_after ||
	    p->jobs > 1)
		return err_set(&a->err, EXIT_USAGE,
			       "of how much and how, --collect takes --runs, "
			       "--noise and --seed only");
	if (p->timeout_ms || p->success_count || p->suppression_count ||
	    a->has_judging)
		return err_set(&a->err, EXIT_USAGE,
			       "--collect takes no option that judges: `snag "
			       "gate` does; suppressions go into TSAN_OPTIONS");
	/* Fingerprints are made here, and gate leaves them as they are. */
	a->judging.settings.is_off = true;
	return config_options_load(&a->judging.settings, &a->judging.config,
				   &a->err) &&
	       noise(a);
}

static bool is_explored(const struct exec_arguments *a)
{
	return a->explore.engines & ENGINE_EXPLORE;
}

static bool settle(struct exec_arguments *a)
{
	struct program_options *p = &a->program;

	if (a->budgets > 1)
		return err_set(&a->err, EXIT_USAGE,
			       "give one of --runs, --time and --until-rate, "
			       "not several");
	if (a->explore.engines == (ENGINE_STRESS | ENGINE_EXPLORE))
		return err_set(&a->err, EXIT_USAGE,
			       "snag exec takes one --engine: stress or "
			       "explore");
	p->argv = a->argv;
	p->jobs = (unsigned)a->jobs;
	p->is_interrupted = &interrupt_seen;
	if (p->collect_dir)
		return settle_collect(a);
	if (!judging_settle(&a->judging, &a->show, &a->err))
		return false;
	if (is_explored(a))
		exec_explore_defaults(&a->judging.config, p);
	exec_config_fill(&a->judging.config, &a->arena, p, a->has_seed);
	if (!p->argv)
		return no_program(a);
	if (!look(a) || !noise(a) || !out_dir_prepare(p->out_dir, &a->err))
		return config_options_blame(&a->judging.config, &a->err);
	if (isatty(STDERR_FILENO) && !a->show.is_quiet)
		p->progress = stderr;
	return true;
}

static int run(struct exec_arguments *a, struct result *result)
{
	int code;

	interrupt_catch();
	if (is_explored(a)
		    ? !exec_explore(&a->program, &a->explore, result, &a->err)
		    : !program_run(&a->program, result, &a->err))
		return command_fail(&a->err);
	if (!is_explored(a))
		exec_confirm(&a->program, &a->explore, result);
	judging_conclude(&a->judging, result, a->program.out_dir, &a->err);
	code = finish(result, &a->show, a->program.out_dir);
	/* Texts that could not be written: said, and no green. */
	if (a->err.code)
		command_fail(&a->err);
	return a->err.code && !code ? (int)a->err.code : code;
}

/* As the test ended. */
static int end_as(int status)
{
	const struct rlimit none = {0, 0};

	if (!WIFSIGNALED(status))
		return WEXITSTATUS(status);
	/* It has left its core already, if any. */
	setrlimit(RLIMIT_CORE, &none);
	signal(WTERMSIG(status), SIG_DFL);
	raise(WTERMSIG(status));
	return 128 + WTERMSIG(status);
}

/* Whatever fails of ours, the test is run: that there is no evidence of it,
 * `snag gate` will see. */
static int collect(struct exec_arguments *a, struct result *result)
{
	int status;

	if (probe(a) &&
	    program_collect(&a->program, result, &status, &a->err)) {
		if (a->err.code)
			command_fail(&a->err);
		return end_as(status);
	}
	command_fail(&a->err);
	inherited_give_back();
	execvp(a->argv[0], a->argv);
	return errno == ENOENT ? 127 : 126;
}

int cmd_exec(int argc, char **argv)
{
	static const struct argp argp = {
		options, parse, "[--] PROGRAM [ARG...]", doc, NULL, NULL, NULL};
	struct exec_arguments a = {
		.show = {.color = "auto"},
	};
	struct result result = {.tool_version = SNAG_VERSION};
	int code;

	result_stamp(&result);
	result.command = command_line(&result.arena, argc, argv);
	command_parse_in_order(&argp, argc, argv, &a);
	if (!settle(&a))
		code = command_fail(&a.err);
	else if (a.program.collect_dir)
		code = collect(&a, &result);
	else
		code = run(&a, &result);
	result_release(&result);
	judging_release(&a.judging);
	arena_release(&a.arena);
	return code;
}
