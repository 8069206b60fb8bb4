#include "cmd/exec_config.h"

#include <stdlib.h>
#include <string.h>

#include "program/noise.h"

_Static_assert((int)CONFIG_MAX_SUCCESS == (int)PROGRAM_MAX_SUCCESS,
	       "the file takes as many exit statuses as --success");

static void fill_command(const struct config *config, struct arena *arena,
			 struct program_options *to)
{
	const struct config_exec *from = &config->exec;
	size_t n = from->command.count;
	char **argv;

	if (!to->argv && n) {
		argv = arena_alloc(arena, (n + 1) * sizeof(*argv));
		for (size_t i = 0; i < n; i++)
			argv[i] = arena_dup(arena, from->command.items[i]);
		to->argv = argv;
	}
	to->environment = from->environment.items;
	to->environment_count = from->environment.count;
	if (!to->suppression_count) {
		to->suppressions = config->suppressions.items;
		to->suppression_count = config->suppressions.count;
	}
	if (!to->success_count && from->success_count) {
		memcpy(to->success, from->success, sizeof(to->success));
		to->success_count = from->success_count;
	}
}

/* One is given: it takes the place of whatever the file has. */
static void fill_budget(const struct config_effort *from,
			struct program_options *to)
{
	if (to->time_ms || to->runs || to->until_rate > 0)
		return;
	to->time_ms = from->time_ms;
	to->runs = from->count;
	to->until_rate = from->until_rate;
	if (!to->time_ms && !to->runs && !(to->until_rate > 0))
		to->runs = to->until_fail || to->stop_after ? UINT32_MAX : 1;
}

static uint64_t first_of(uint64_t given, uint64_t set, uint64_t otherwise)
{
	return given ? given : set ? set : otherwise;
}

void exec_config_fill(const struct config *config, struct arena *arena,
		      struct program_options *options, bool has_seed)
{
	const struct config_effort *effort = &config->exec.effort;

	fill_command(config, arena, options);
	fill_budget(effort, options);
	options->jobs = (unsigned)first_of(options->jobs, effort->jobs, 1);
	options->timeout_ms = first_of(options->timeout_ms, effort->timeout_ms,
				       10 * 60 * 1000);
	if (!has_seed)
		options->seed = effort->has_seed ? effort->seed : 1;
	if (!options->noise)
		options->noise = effort->noise;
	if (!options->out_dir)
		options->out_dir = config->out ? config->out : "snag-out";
}

bool exec_config_wants_noise(struct program_options *options)
{
	if (options->noise && !strcmp(options->noise, "off"))
		options->noise = NULL;
	return options->noise != NULL;
}

bool exec_config_noise(struct program_options *options, struct arena *arena,
		       struct err *err)
{
	char *library = NULL, *libtsan = NULL, *preload = NULL;
	const struct probe *probe = options->probe;
	bool is_ready;

	if (probe->instrumentation == INSTRUMENTATION_NONE)
		return err_set(err, EXIT_USAGE,
			       "--noise needs the program itself to be built "
			       "with -fsanitize=thread, and '%s' is not: name "
			       "the program, not the script that starts it",
			       probe->path);
	is_ready = noise_find(&library, err) &&
		   noise_libtsan(&libtsan, probe->path, err);
	if (is_ready)
		preload = noise_preload(library, libtsan, getenv("LD_PRELOAD"),
					err);
	options->has_adaptive_delay =
		noise_has_adaptive_delay(libtsan ? libtsan : probe->path);
	options->preload = preload ? arena_dup(arena, preload) : NULL;
	free(library);
	free(libtsan);
	free(preload);
	return options->preload != NULL;
}
