#include "campaign/muster.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/text.h"
#include "campaign/filter.h"
#include "campaign/host_file.h"
#include "campaign/hosts.h"
#include "campaign/spawn.h"
#include "judge/paths.h"

bool muster_host(struct worker *worker, const char *path,
		 struct result *catalogue, struct scenario_facts **facts,
		 struct err *err)
{
	if (!host_file_check(path, worker->argv != NULL, err) ||
	    !worker_start(worker, path, true, err) ||
	    !hosts_describe(worker, path, catalogue, facts, err))
		return false;
	paths_shorten_subjects(catalogue);
	return true;
}

bool muster_select(const struct result *catalogue, const char *const *filters,
		   size_t filter_count, struct result *result, bool **kept,
		   struct err *err)
{
	size_t n = catalogue->subject_count;

	*kept = must_alloc(n * sizeof(**kept));
	if (!filter_select(filters, filter_count, catalogue->subjects, n, *kept,
			   err))
		return false;
	for (size_t i = 0; i < n; i++) {
		struct subject *s;

		if (!(*kept)[i])
			continue;
		s = arena_push(&result->arena, &result->subjects,
			       &result->subject_count, sizeof(*s));
		*s = catalogue->subjects[i];
	}
	result->root = catalogue->root;
	return true;
}

bool campaign_list(const char *host_path, const char *const *filters,
		   size_t filter_count, struct result *result, struct err *err)
{
	struct result catalogue = {0};
	struct scenario_facts *facts = NULL;
	struct worker worker;
	bool *kept = NULL, is_done;

	worker_init(&worker, 0);
	is_done = muster_host(&worker, host_path, &catalogue, &facts, err) &&
		  muster_select(&catalogue, filters, filter_count, result,
				&kept, err);
	worker_release(&worker);
	free(kept);
	/* Subjects borrow from the catalogue: hand its memory over as well. */
	arena_adopt(&result->arena, &catalogue.arena);
	return is_done;
}

static void add_source(struct campaign *c, struct subject *s)
{
	struct arena *arena = &c->result->arena;
	struct source *source = arena_push(arena, &s->sources, &s->source_count,
					   sizeof(*source));
	const char **variable;
	char host[256] = "";

	gethostname(host, sizeof(host) - 1);
	source->command = c->options->argv
				  ? text_command(arena, c->options->argv)
				  : c->result->command;
	source->seed = c->options->seed;
	source->attempt = 1;
	source->host = arena_dup(arena, host);
	variable = arena_push(arena, &source->environment,
			      &source->environment_count, sizeof(*variable));
	*variable = arena_printf(arena, "TSAN_OPTIONS=%s",
				 spawn_tsan_options(true));
}

void muster_targets(struct campaign *c, const struct result *catalogue,
		    const struct scenario_facts *facts, const bool *kept)
{
	struct result *r = c->result;
	size_t t = 0;

	c->targets = arena_alloc(&r->arena,
				 (r->subject_count + 1) * sizeof(*c->targets));
	for (size_t i = 0; i < catalogue->subject_count; i++) {
		struct subject *s;

		if (!kept[i])
			continue;
		s = &r->subjects[t];
		c->targets[t].facts = facts[i];
		if (facts[i].skip_reason) {
			s->verdict = VERDICT_SKIPPED;
			s->why = facts[i].skip_reason;
			c->targets[t].is_over = true;
		}
		add_source(c, s);
		t++;
	}
}

void muster_program(struct campaign *c, const struct scenario_facts *facts)
{
	struct result *r = c->result;
	const char *name = c->options->argv[0];
	struct subject *s;

	s = arena_push(&r->arena, &r->subjects, &r->subject_count, sizeof(*s));
	s->id = text_clean(&r->arena, name, strlen(name), false);
	s->type = SUBJECT_PROGRAM;
	r->root = paths_root_here(&r->arena);
	c->targets = arena_alloc(&r->arena, 2 * sizeof(*c->targets));
	c->targets[0].facts = facts[0];
	add_source(c, s);
}
