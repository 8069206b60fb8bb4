#include "cmd/run_config.h"

#include <string.h>
#include <sys/sysinfo.h>

#include "campaign/strategy.h"
#include "cmd/explore_options.h"

_Static_assert((int)CONFIG_MAX_THREAD_COUNTS == (int)CAMPAIGN_MAX_THREAD_COUNTS,
	       "the file takes as many numbers of threads as --threads");
_Static_assert((int)CONFIG_MAX_JOBS == (int)CAMPAIGN_MAX_JOBS,
	       "the file takes as many jobs as --jobs");

static void fill_what(const struct config_run *from,
		      struct campaign_options *to)
{
	static const unsigned threads[] = {2, 4, 8};

	if (!to->host_path)
		to->host_path = from->host;
	if (!to->filter_count) {
		to->filters = from->filters.items;
		to->filter_count = from->filters.count;
	}
	if (!to->thread_count) {
		memcpy(to->threads, from->threads, sizeof(to->threads));
		to->thread_count = from->thread_count;
	}
	if (!to->thread_count) {
		memcpy(to->threads, threads, sizeof(threads));
		to->thread_count = sizeof(threads) / sizeof(*threads);
	}
	if (!to->noise)
		to->noise = from->effort.noise ? from->effort.noise : "off";
}

/* One is given: it takes the place of whatever the file has. */
static void fill_budget(const struct config_effort *from,
			struct campaign_options *to)
{
	if (to->time_ms || to->iterations || to->until_rate > 0)
		return;
	to->time_ms = from->time_ms;
	to->iterations = from->count;
	to->until_rate = from->until_rate;
	if (!to->time_ms && !to->iterations && !(to->until_rate > 0))
		to->time_ms = 60 * 1000;
}

static uint64_t first_of(uint64_t given, uint64_t set, uint64_t otherwise)
{
	return given ? given : set ? set : otherwise;
}

static void fill_bounds(const struct config_run *from,
			struct campaign_options *to)
{
	to->jobs = (unsigned)first_of(to->jobs, from->effort.jobs,
				      (uint64_t)get_nprocs());
	to->timeout_ms =
		first_of(to->timeout_ms, from->effort.timeout_ms, 10 * 1000);
	to->max_rss_bytes =
		first_of(to->max_rss_bytes, from->max_memory_bytes, 4ULL << 30);
	to->max_processes = (unsigned)first_of(to->max_processes, 0, 256);
}

static bool fill_explore(const struct config *config,
			 struct campaign_options *to, struct err *err)
{
	const struct config_run *from = &config->run;

	if (!to->engines && from->engine)
		to->engines = explore_options_engines(from->engine);
	if (!to->engines)
		to->engines = ENGINE_STRESS;
	if (!to->strategy && from->strategy) {
		to->strategy = from->strategy;
		if (!strategy_check("strategy", to->strategy, err))
			return config_blame(config, from->strategy_line, err);
	}
	if (!to->strategy)
		to->strategy = STRATEGY_DEFAULT;
	if (!to->points)
		to->points = from->points ? from->points : "all";
	to->max_steps = first_of(to->max_steps, from->max_steps, 1000 * 1000);
	return true;
}

bool run_config_fill(const struct config *config,
		     struct campaign_options *options, bool has_seed,
		     struct err *err)
{
	fill_what(&config->run, options);
	if (!fill_explore(config, options, err))
		return false;
	fill_budget(&config->run.effort, options);
	fill_bounds(&config->run, options);
	if (!has_seed)
		options->seed = config->run.effort.has_seed
					? config->run.effort.seed
					: 1;
	if (!options->out_dir)
		options->out_dir = config->out ? config->out : "snag-out";
	return true;
}
