/*
 * snag run: a campaign, judged, shown and stored.
 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "campaign/campaign.h"
#include "cmd/command.h"
#include "cmd/config_options.h"
#include "cmd/explore_options.h"
#include "cmd/finish.h"
#include "cmd/interrupt.h"
#include "cmd/out_dir.h"
#include "cmd/policy_options.h"
#include "cmd/run_config.h"
#include "cmd/show.h"

enum {
	OPT_HOST = 256,
	OPT_THREADS,
	OPT_ITERATIONS,
	OPT_TIME,
	OPT_UNTIL_RATE,
	OPT_UNTIL_FAIL,
	OPT_STOP_AFTER,
	OPT_SEED,
	OPT_NOISE,
	OPT_TIMEOUT,
	OPT_MAX_MEMORY,
	OPT_MAX_PROCESSES,
	OPT_OUT,
};

static const struct argp_option options[] = {
	{0, 0, 0, 0, "What to run:", 1},
	{"host", OPT_HOST, "PROGRAM", 0,
	 "Scenario host (default: the catalogue that came with snag)", 0},
	{"threads", OPT_THREADS, "LIST", 0,
	 "Numbers of threads, each 1 to 1,024 (default: 2,4,8)", 0},
	EXPLORE_OPTIONS,
	{"noise", OPT_NOISE, "LEVEL", 0,
	 "off, light or heavy: seeded yields, spins, sleeps and migrations at "
	 "memory accesses and pthread calls (default: off)",
	 0},
	{"seed", OPT_SEED, "N", 0,
	 "Of noise, snag_random() and explore's schedules (default: 1); the "
	 "kernel's schedule is not repeated by it",
	 0},
	{0, 0, 0, 0, "How much (one of these; default: --time 60s):", 2},
	{"time", OPT_TIME, "DURATION", 0,
	 "Of the whole campaign, shared out; what has shown what it must "
	 "yields the rest",
	 0},
	{"iterations", OPT_ITERATIONS, "N", 0,
	 "Exactly N of each scenario and number of threads", 0},
	{"until-rate", OPT_UNTIL_RATE, "P", 0,
	 "Until rates above P are excluded at 95 % where nothing is seen", 0},
	{0, 0, 0, 0, "When to stop early:", 3},
	{"until-fail", OPT_UNTIL_FAIL, 0, 0,
	 "At the first scenario with an unexpected finding or outcome", 0},
	{"stop-after", OPT_STOP_AFTER, "N", 0, "After N findings", 0},
	{0, 0, 0, 0, "Bounds:", 4},
	{"jobs", 'j', "N", 0, "Hosts in parallel (default: processors)", 0},
	{"timeout", OPT_TIMEOUT, "DURATION", 0,
	 "Processor time of one iteration, or sleep without any, before it is "
	 "a hang (default: 10s)",
	 0},
	{"max-memory", OPT_MAX_MEMORY, "SIZE", 0,
	 "Of one batch and its descendants (default: 4G)", 0},
	{"max-processes", OPT_MAX_PROCESSES, "N", 0,
	 "Descendants of one batch (default: 256)", 0},
	{0, 0, 0, 0, "What fails:", 5},
	POLICY_OPTIONS,
	{0, 0, 0, 0, "Output:", 6},
	{"out", OPT_OUT, "DIR", 0,
	 "Folder for result.json and reports/ (default: snag-out)", 0},
	SHOW_OPTIONS,
	{0, 0, 0, 0, "Settings of the project:", 7},
	CONFIG_OPTIONS,
	{0},
};

static const char doc[] =
	"Runs scenarios under ThreadSanitizer, judges what was seen by what "
	"each expects, and leaves result.json in --out.\v"
	"FILTER is an id (counter/lost_update), a glob ('queue/*'), a family "
	"(queue) or a tag (@atomics, @practice:partition, @expect:broken). "
	"Without one, all scenarios run.\n\n"
	"Exit code: 0 all as expected (a broken scenario seen broken is), 1 "
	"unexpected or missed, 2 asked wrongly, 3 trouble or nothing tested, "
	"130 interrupted (what was counted by then is written).";

struct run_arguments {
	struct campaign_options campaign;
	struct show_options show;
	struct config_options settings;
	struct config config;
	struct policy_options policy;
	const char **filters;
	size_t filter_count;
	uint64_t jobs, max_processes;
	bool has_seed;
	unsigned budgets; /* of time, iterations, until-rate: how many given */
	struct arena arena;
	struct err err; /* of the first bad value */
};

static bool take_budget(int key, const char *value, struct run_arguments *a)
{
	struct campaign_options *c = &a->campaign;

	a->budgets++;
	if (key == OPT_TIME)
		return value_duration_ms("--time", value, &c->time_ms, &a->err);
	if (key == OPT_ITERATIONS)
		return value_count("--iterations", value, 1, UINT32_MAX,
				   &c->iterations, &a->err);
	return value_rate("--until-rate", value, &c->until_rate, &a->err);
}

static bool take_bound(int key, const char *value, struct run_arguments *a)
{
	struct campaign_options *c = &a->campaign;

	switch (key) {
	case OPT_TIMEOUT:
		return value_duration_ms("--timeout", value, &c->timeout_ms,
					 &a->err);
	case OPT_MAX_MEMORY:
		return value_bytes("--max-memory", value, &c->max_rss_bytes,
				   &a->err);
	case OPT_MAX_PROCESSES:
		return value_count("--max-processes", value, 1, 1000,
				   &a->max_processes, &a->err);
	case OPT_STOP_AFTER:
		return value_count("--stop-after", value, 1, UINT32_MAX,
				   &c->stop_after, &a->err);
	default:
		return value_count("--jobs", value, 1, CAMPAIGN_MAX_JOBS,
				   &a->jobs, &a->err);
	}
}

static bool take_what(int key, char *value, struct run_arguments *a)
{
	static const char *const levels[] = {"off", "light", "heavy", NULL};
	struct campaign_options *c = &a->campaign;

	switch (key) {
	case OPT_THREADS:
		return value_threads(value, c->threads, &c->thread_count,
				     CAMPAIGN_MAX_THREAD_COUNTS, &a->err);
	case OPT_NOISE:
		c->noise = value;
		return value_choice("--noise", value, levels, &a->err);
	case OPT_SEED:
		a->has_seed = true;
		return value_count("--seed", value, 0, UINT64_MAX, &c->seed,
				   &a->err);
	case OPT_HOST:
		c->host_path = value;
		return true;
	default:
		c->out_dir = value;
		return true;
	}
}

static void take_filter(struct run_arguments *a, const char *value)
{
	const char **filter = arena_push(&a->arena, &a->filters,
					 &a->filter_count, sizeof(*filter));

	*filter = value;
}

static error_t parse(int key, char *value, struct argp_state *state)
{
	struct run_arguments *a = state->input;
	bool is_good = true;

	switch (key) {
	case OPT_TIME:
	case OPT_ITERATIONS:
	case OPT_UNTIL_RATE:
		is_good = take_budget(key, value, a);
		break;
	case OPT_TIMEOUT:
	case OPT_MAX_MEMORY:
	case OPT_MAX_PROCESSES:
	case OPT_STOP_AFTER:
	case 'j':
		is_good = take_bound(key, value, a);
		break;
	case OPT_THREADS:
	case OPT_NOISE:
	case OPT_SEED:
	case OPT_HOST:
	case OPT_OUT:
		is_good = take_what(key, value, a);
		break;
	case OPT_UNTIL_FAIL:
		a->campaign.until_fail = true;
		break;
	case ARGP_KEY_ARG:
		take_filter(a, value);
		break;
	default:
		if (!show_take(key, value, &a->show, &is_good, &a->err) &&
		    !explore_options_take(key, value, &a->campaign, &is_good,
					  &a->err) &&
		    !config_options_take(key, value, &a->settings, &is_good,
					 &a->err) &&
		    !policy_options_take(key, value, &a->policy, &is_good,
					 &a->err))
			return ARGP_ERR_UNKNOWN;
	}
	if (!is_good)
		exit(command_fail(&a->err));
	return 0;
}

static bool settle(struct run_arguments *a, char **host)
{
	struct campaign_options *c = &a->campaign;

	if (a->budgets > 1)
		return err_set(&a->err, EXIT_USAGE,
			       "give one of --time, --iterations and "
			       "--until-rate, not several");
	c->filters = a->filters;
	c->filter_count = a->filter_count;
	c->jobs = (unsigned)a->jobs;
	c->max_processes = (unsigned)a->max_processes;
	if (!config_options_load(&a->settings, &a->config, &a->err) ||
	    !config_options_formats(&a->config, &a->show, &a->err))
		return false;
	if (!run_config_fill(&a->config, c, a->has_seed, &a->err))
		return false;
	*host = command_host(c->host_path, &a->err);
	if (!*host ||
	    !policy_options_settle(&a->policy, &a->config, &c->policy,
				   &a->err) ||
	    !out_dir_prepare(c->out_dir, &a->err))
		return config_options_blame(&a->config, &a->err);
	c->host_path = *host;
	c->is_interrupted = &interrupt_seen;
	if (isatty(STDERR_FILENO) && !a->show.is_quiet)
		c->progress = stderr;
	return true;
}

int cmd_run(int argc, char **argv)
{
	static const struct argp argp = {options, parse, "[FILTER...]", doc,
					 NULL,    NULL,  NULL};
	struct run_arguments a = {
		.show = {.color = "auto"},
	};
	struct result result = {.tool_version = SNAG_VERSION};
	char *host = NULL;
	int code;

	/* As it was typed: argp moves filters behind options. */
	result.command = command_line(&result.arena, argc, argv);
	command_parse(&argp, argc, argv, &a);
	if (!settle(&a, &host)) {
		code = command_fail(&a.err);
	} else {
		interrupt_catch();
		config_options_note(&a.config, &result);
		if (campaign_run(&a.campaign, &result, &a.err)) {
			code = finish(&result, &a.show, a.campaign.out_dir);
		} else {
			config_options_blame(&a.config, &a.err);
			code = command_fail(&a.err);
		}
	}
	free(host);
	result_release(&result);
	policy_options_release(&a.policy);
	config_options_release(&a.settings);
	config_release(&a.config);
	arena_release(&a.arena);
	return code;
}
