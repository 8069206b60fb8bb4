#include "read/config_values.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "base/value.h"
#include "model/cause.h"

struct reading {
	const struct config_look *look;
	struct config *config;
	const char *folder; /* of the file */
	struct err *err;
};

/* A value's path: "run.threads", or with an entry's number. */
typedef char place[128];

static unsigned line_of(const struct reading *r, const char *section,
			const char *key)
{
	place path;

	snprintf(path, sizeof(path), "%s%s%s", section, *section ? "." : "",
		 key);
	return config_look_line(r->look, path);
}

/* What is said of a value, with its line. */
static bool blame(const struct reading *r, const char *section, const char *key)
{
	return config_blame(r->config, line_of(r, section, key), r->err);
}

static unsigned entry_line(const struct reading *r, const char *section,
			   const char *key, size_t i)
{
	place path;

	snprintf(path, sizeof(path), "%s.%zu", key, i);
	return line_of(r, section, path);
}

static const char *keep(const struct reading *r, const char *text)
{
	return arena_dup(&r->config->arena, text);
}

/* As the current folder sees it. */
static const char *join(const struct reading *r, const char *path)
{
	if (!path || *path == '/' || !*r->folder)
		return keep(r, path);
	return arena_printf(&r->config->arena, "%s%s", r->folder, path);
}

static void take_list(const struct reading *r, const char *section,
		      const char *key, const struct raw_list *from,
		      struct config_list *to)
{
	to->line = line_of(r, section, key);
	for (unsigned i = 0; i < from->count; i++) {
		const char **item = arena_push(&r->config->arena, &to->items,
					       &to->count, sizeof(*to->items));

		*item = keep(r, from->items[i]);
	}
}

static void take_paths(const struct reading *r, const char *section,
		       const char *key, const struct raw_list *from,
		       struct config_list *to)
{
	take_list(r, section, key, from, to);
	for (size_t i = 0; i < to->count; i++)
		to->items[i] = join(r, to->items[i]);
}

static bool take_version(const struct reading *r, const char *text)
{
	uint64_t version;
	struct err ignored = {0};

	if (value_count("version", text, CONFIG_VERSION, CONFIG_VERSION,
			&version, &ignored))
		return true;
	err_set(r->err, EXIT_USAGE,
		"version '%.80s' is not known; this snag reads version %d",
		text, CONFIG_VERSION);
	return blame(r, "", "version");
}

/* Blames the last of several. */
static bool one_budget(const struct reading *r, const char *section,
		       const char *count)
{
	const char *keys[] = {"time", count, "until-rate"};
	unsigned last = 0, given = 0;

	for (size_t i = 0; i < sizeof(keys) / sizeof(*keys); i++) {
		unsigned line = line_of(r, section, keys[i]);

		given += line != 0;
		last = line > last ? line : last;
	}
	if (given <= 1)
		return true;
	err_set(r->err, EXIT_USAGE,
		"'%s' may have one of time, %s and until-rate, not several",
		section, count);
	return config_blame(r->config, last, r->err);
}

static bool take_budget(const struct reading *r, const char *section,
			const char *count, const struct raw_effort *from,
			struct config_effort *to)
{
	if (!one_budget(r, section, count))
		return false;
	if (from->time &&
	    !value_duration_ms("time", from->time, &to->time_ms, r->err))
		return blame(r, section, "time");
	if (from->count &&
	    !value_count(count, from->count, 1, UINT32_MAX, &to->count, r->err))
		return blame(r, section, count);
	if (from->until_rate && !value_rate("until-rate", from->until_rate,
					    &to->until_rate, r->err))
		return blame(r, section, "until-rate");
	return true;
}

static bool take_effort(const struct reading *r, const char *section,
			const char *count, const struct raw_effort *from,
			struct config_effort *to)
{
	static const char *const levels[] = {"off", "light", "heavy", NULL};

	if (!take_budget(r, section, count, from, to))
		return false;
	to->has_seed = from->seed != NULL;
	if (from->seed &&
	    !value_count("seed", from->seed, 0, UINT64_MAX, &to->seed, r->err))
		return blame(r, section, "seed");
	to->noise = keep(r, from->noise);
	if (from->noise && !value_choice("noise", from->noise, levels, r->err))
		return blame(r, section, "noise");
	if (from->jobs && !value_count("jobs", from->jobs, 1, CONFIG_MAX_JOBS,
				       &to->jobs, r->err))
		return blame(r, section, "jobs");
	if (from->timeout && !value_duration_ms("timeout", from->timeout,
						&to->timeout_ms, r->err))
		return blame(r, section, "timeout");
	return true;
}

/* The schema has bounded their number. */
static bool take_threads(const struct reading *r, const struct raw_list *from,
			 struct config_run *to)
{
	assert(from->count <= CONFIG_MAX_THREAD_COUNTS);
	for (unsigned i = 0; i < from->count; i++) {
		uint64_t threads;

		if (!value_count("threads", from->items[i], 1,
				 VALUE_MAX_THREADS, &threads, r->err))
			return config_blame(r->config,
					    entry_line(r, "run", "threads", i),
					    r->err);
		to->threads[to->thread_count++] = (unsigned)threads;
	}
	return true;
}

/* What names a strategy is the campaign's to say. */
static bool take_explore(const struct reading *r, const struct raw_run *from,
			 struct config_run *to)
{
	static const char *const engines[] = {"stress", "explore", "both",
					      NULL};
	static const char *const points[] = {"all", "shared", "sync", NULL};

	to->engine = keep(r, from->engine);
	to->strategy = keep(r, from->strategy);
	to->strategy_line = line_of(r, "run", "strategy");
	to->points = keep(r, from->points);
	if (from->engine &&
	    !value_choice("engine", from->engine, engines, r->err))
		return blame(r, "run", "engine");
	if (from->points &&
	    !value_choice("points", from->points, points, r->err))
		return blame(r, "run", "points");
	if (from->max_steps && !value_count("max-steps", from->max_steps, 1,
					    UINT32_MAX, &to->max_steps, r->err))
		return blame(r, "run", "max-steps");
	return true;
}

static bool take_run(const struct reading *r, const struct raw_run *from)
{
	struct config_run *to = &r->config->run;

	if (!from)
		return true;
	to->host = join(r, from->host);
	take_list(r, "run", "filters", &from->filters, &to->filters);
	if (from->max_memory && !value_bytes("max-memory", from->max_memory,
					     &to->max_memory_bytes, r->err))
		return blame(r, "run", "max-memory");
	return take_explore(r, from, to) &&
	       take_threads(r, &from->threads, to) &&
	       take_effort(r, "run", "iterations", &from->effort, &to->effort);
}

static bool take_success(const struct reading *r, const struct raw_list *from,
			 struct config_exec *to)
{
	assert(from->count <= CONFIG_MAX_SUCCESS);
	for (unsigned i = 0; i < from->count; i++) {
		uint64_t code;

		if (!value_count("success", from->items[i], 0, 255, &code,
				 r->err))
			return config_blame(r->config,
					    entry_line(r, "exec", "success", i),
					    r->err);
		to->success[to->success_count++] = (int)code;
	}
	return true;
}

static bool take_exec(const struct reading *r, const struct raw_exec *from)
{
	struct config_exec *to = &r->config->exec;

	if (!from)
		return true;
	take_list(r, "exec", "command", &from->command, &to->command);
	if (to->command.count && !*to->command.items[0]) {
		err_set(r->err, EXIT_USAGE, "'command' names no program");
		return blame(r, "exec", "command");
	}
	/* A program without '/' is one of PATH. */
	if (to->command.count && strchr(to->command.items[0], '/'))
		to->command.items[0] = join(r, to->command.items[0]);
	to->environment = r->look->pairs;
	return take_success(r, &from->success, to) &&
	       take_effort(r, "exec", "runs", &from->effort, &to->effort);
}

static bool take_causes(const struct reading *r, const struct raw_list *from)
{
	const char **names =
		arena_alloc(&r->config->arena, cause_count * sizeof(*names));

	for (size_t i = 0; i < cause_count; i++)
		names[i] = cause_table[i].name;
	for (unsigned i = 0; i < from->count; i++) {
		const char *name = from->items[i];
		const char *near = text_nearest(name, names, cause_count);

		if (cause_by_name(name))
			continue;
		err_set(r->err, EXIT_USAGE, "'%.80s' is not a cause%s%s%s",
			name, near ? "; did you mean '" : "", near ? near : "",
			near ? "'?" : "");
		return config_blame(r->config,
				    entry_line(r, "gate", "fail-causes", i),
				    r->err);
	}
	return true;
}

static bool take_gate(const struct reading *r, const struct raw_gate *from)
{
	struct config_gate *to = &r->config->gate;

	if (!from)
		return true;
	to->baseline = join(r, from->baseline);
	take_list(r, "gate", "fail-on", &from->fail_on, &to->fail_on);
	take_list(r, "gate", "fail-causes", &from->fail_causes,
		  &to->fail_causes);
	take_list(r, "gate", "allow-missing", &from->allow_missing,
		  &to->allow_missing);
	return take_causes(r, &from->fail_causes);
}

static void take_maps(const struct reading *r, const struct raw_config *raw)
{
	for (unsigned i = 0; i < raw->path_map_count; i++) {
		struct config_path_map *map =
			arena_push(&r->config->arena, &r->config->path_maps,
				   &r->config->path_map_count, sizeof(*map));

		map->from = keep(r, raw->path_maps[i].from);
		map->to = join(r, raw->path_maps[i].to);
	}
}

static const char *folder_of(struct arena *arena, const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? arena_dup_n(arena, path, (size_t)(slash + 1 - path))
		     : "";
}

bool config_values(const struct config_look *look, const struct raw_config *raw,
		   struct config *config, struct err *err)
{
	const struct reading r = {
		.look = look,
		.config = config,
		.folder = folder_of(&config->arena, config->path),
		.err = err,
	};

	if (!take_version(&r, raw->version) || !take_run(&r, raw->run) ||
	    !take_exec(&r, raw->exec) || !take_gate(&r, raw->gate))
		return false;
	if (raw->own_frames) {
		take_list(&r, "own-frames", "own", &raw->own_frames->own,
			  &config->own);
		take_list(&r, "own-frames", "plumbing",
			  &raw->own_frames->plumbing, &config->plumbing);
	}
	take_paths(&r, "", "source-roots", &raw->source_roots,
		   &config->source_roots);
	take_paths(&r, "", "suppressions", &raw->suppressions,
		   &config->suppressions);
	take_list(&r, "", "formats", &raw->formats, &config->formats);
	take_maps(&r, raw);
	config->out = join(&r, raw->out);
	return true;
}
