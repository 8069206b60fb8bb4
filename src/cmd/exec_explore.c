#include "cmd/exec_explore.h"

#include <string.h>
#include <unistd.h>

enum {
	DEFAULT_TIME_MS = 10 * 1000,
	DEFAULT_TIMEOUT_MS = 10 * 1000,
	MAX_PROCESSES = 256,
	MAX_STEPS = 1000 * 1000,
};

/* What stress has and explore has no use for. */
static bool is_possible(const struct program_options *p, struct err *err)
{
	if (p->collect_dir)
		return err_set(err, EXIT_USAGE,
			       "--collect runs a test as if Snag were not "
			       "there, and --engine explore does not: give one "
			       "of them");
	if (p->noise && strcmp(p->noise, "off") != 0)
		return err_set(err, EXIT_USAGE,
			       "--noise disturbs the kernel's schedule, and "
			       "--engine explore has its own: give one of "
			       "them");
	if (p->suppression_count)
		return err_set(err, EXIT_USAGE,
			       "--suppressions is not known to --engine "
			       "explore: put them into TSAN_OPTIONS");
	return true;
}

static unsigned default_jobs(void)
{
	long n = sysconf(_SC_NPROCESSORS_ONLN);

	return n < 1                   ? 1
	       : n > CAMPAIGN_MAX_JOBS ? CAMPAIGN_MAX_JOBS
				       : (unsigned)n;
}

void exec_explore_defaults(const struct config *config,
			   struct program_options *p)
{
	const struct config_effort *set = &config->exec.effort;

	if (!p->time_ms && !p->runs && !(p->until_rate > 0) && !set->time_ms &&
	    !set->count && !(set->until_rate > 0))
		p->time_ms = DEFAULT_TIME_MS;
	if (!p->jobs && !set->jobs)
		p->jobs = default_jobs();
	if (!p->timeout_ms && !set->timeout_ms)
		p->timeout_ms = DEFAULT_TIMEOUT_MS;
}

static void fill(const struct program_options *p, struct campaign_options *c)
{
	c->host_path = p->probe->path;
	c->argv = p->argv;
	c->threads[0] = 1;
	c->thread_count = 1;
	c->time_ms = p->time_ms;
	c->iterations = p->runs;
	c->until_rate = p->until_rate;
	c->until_fail = p->until_fail;
	c->stop_after = p->stop_after;
	c->seed = p->seed;
	c->jobs = p->jobs;
	c->noise = "off";
	c->engines = ENGINE_EXPLORE;
	c->strategy = c->strategy ? c->strategy : "portfolio";
	c->points = c->points ? c->points : "all";
	c->max_steps = c->max_steps ? c->max_steps : MAX_STEPS;
	c->timeout_ms = p->timeout_ms;
	c->max_rss_bytes = 4ULL << 30;
	c->max_processes = MAX_PROCESSES;
	c->out_dir = p->out_dir;
	c->progress = p->progress;
	c->is_interrupted = p->is_interrupted;
}

bool exec_explore(const struct program_options *p, struct campaign_options *c,
		  struct result *result, struct err *err)
{
	if (!is_possible(p, err))
		return false;
	fill(p, c);
	return campaign_program(c, result, err);
}

void exec_confirm(const struct program_options *p, struct campaign_options *c,
		  struct result *result)
{
	if (c->no_confirm || !p->probe || p->probe->is_script ||
	    *p->is_interrupted)
		return;
	fill(p, c);
	c->jobs = 1;
	campaign_confirm_program(c, result);
}
