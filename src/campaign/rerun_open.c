#include <fcntl.h>
#include <snag/scenario.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "base/proc.h"
#include "base/text.h"
#include "campaign/hosts.h"
#include "campaign/muster.h"
#include "campaign/rerun_part.h"
#include "judge/paths.h"
#include "read/elf_file.h"

enum { TIMEOUT_MS = 10 * 1000, MAX_SPARED = 4096 };

_Static_assert((int)SCHEDULE_SPURIOUS == (int)SNAG_EXPLORE_SPURIOUS &&
		       (int)SCHEDULE_NO_ORACLE == (int)SNAG_EXPLORE_NO_ORACLE &&
		       (int)SCHEDULE_ALL_ORACLE == (int)SNAG_EXPLORE_ALL_ORACLE,
	       "a schedule's flags are the wire's");
_Static_assert((int)SCHEDULE_MAX_TURNS <= (int)SNAG_REPLAY_TURNS,
	       "every schedule can be replayed");

/* What a whole program is called with; NULL: it is a host of scenarios. */
static char *const *words(struct rerun *r, const struct schedule *s)
{
	char **argv = NULL;

	if (s->scenario || !s->command_count)
		return NULL;
	argv = arena_alloc(&r->result.arena,
			   (s->command_count + 1) * sizeof(*argv));
	for (size_t i = 0; i < s->command_count; i++)
		argv[i] = arena_dup(&r->result.arena, s->command[i]);
	argv[s->command_count] = NULL;
	return argv;
}

static void set_up(struct rerun *r, const struct schedule *s)
{
	struct campaign *c = &r->campaign;

	r->options.host_path = s->host;
	r->options.argv = words(r, s);
	r->options.noise = "off";
	r->options.engines = ENGINE_EXPLORE;
	r->options.strategy = "replay";
	r->options.seed = s->seed;
	r->options.timeout_ms = TIMEOUT_MS;
	*c = (struct campaign){.options = &r->options,
			       .result = &r->result,
			       .worker_count = 1,
			       .deadline_ms = UINT64_MAX};
	c->workers = must_alloc(sizeof(*c->workers));
	worker_init(&c->workers[0], 0);
	c->workers[0].argv = r->options.argv;
	c->symbols = symbols_new();
	c->unite = unite_new(&r->result);
	c->limits = (struct watch_limits){.iteration_ms = TIMEOUT_MS,
					  .rss_bytes = 4ULL << 30,
					  .processes = 256};
	c->spared = must_alloc(MAX_SPARED * sizeof(*c->spared));
	c->spared_count = proc_tree(getpid(), c->spared, MAX_SPARED);
	prctl(PR_SET_CHILD_SUBREAPER, 1);
}

static void set_order(struct rerun *r, const struct schedule *s,
		      const struct scenario_facts *facts)
{
	const char *points = s->points ? s->points : "all";

	r->order = (struct snag_batch_order){
		.scenario = facts->index,
		.threads = s->threads ? s->threads : 2,
		.seed = s->seed,
		.first = s->iteration ? s->iteration - 1 : 0,
		.count = 1,
		.limit_ms = UINT32_MAX,
		.processors = 1,
		.engine = SNAG_EXPLORE,
		.points = !strcmp(points, "sync")     ? SNAG_POINTS_SYNC
			  : !strcmp(points, "shared") ? SNAG_POINTS_SHARED
						      : SNAG_POINTS_ALL,
		.flags = s->flags,
		.max_steps = s->max_steps ? s->max_steps : 1000 * 1000,
	};
}

static bool no_scenario(const struct result *catalogue,
			const struct schedule *s, struct err *err)
{
	const char *near = NULL;

	for (size_t i = 0; !near && i < catalogue->subject_count; i++)
		near = text_nearest(s->scenario, &catalogue->subjects[i].id, 1);
	return err_set(err, EXIT_USAGE,
		       "'%.300s' has no scenario '%.100s'%s%s%s", s->host,
		       s->scenario, near ? "; did you mean '" : "",
		       near ? near : "", near ? "'?" : "");
}

/* The one subject's one cell and run. */
static void make_cell(struct rerun *r)
{
	struct campaign *c = &r->campaign;
	struct arena *arena = &r->result.arena;
	struct subject *s = &r->result.subjects[0];
	struct run *run;

	c->targets[0].cell_count = 1;
	c->cells = arena_alloc(arena, sizeof(*c->cells));
	c->cell_count = 1;
	c->cells[0].threads_asked = r->order.threads;
	c->cells[0].explore = exploring_new(arena, 1, "replay");
	c->cells[0].exploration =
		arena_alloc(arena, sizeof(*c->cells[0].exploration));
	run = arena_push(arena, &s->runs, &s->run_count, sizeof(*run));
	run->engine = "explore";
	run->strategy = "replay";
	run->threads = r->order.threads;
}

static bool can_run(const struct rerun *r, const struct scenario_facts *f,
		    struct err *err)
{
	if (!(r->campaign.workers[0].hello_flags & SNAG_HELLO_CAN_EXPLORE))
		return err_set(err, EXIT_USAGE,
			       "host '%s' cannot explore: build it again with "
			       "this version of Snag",
			       r->options.host_path);
	if (f->skip_reason)
		return err_set(err, EXIT_TROUBLE, "it cannot run here: %s",
			       f->skip_reason);
	return true;
}

static bool find_scenario(struct rerun *r, const struct schedule *s,
			  const struct result *catalogue,
			  const struct scenario_facts *facts, struct err *err)
{
	const char *roots[2];
	const char *shipped;
	struct subject *subject;
	size_t i = 0;

	while (i < catalogue->subject_count &&
	       strcmp(catalogue->subjects[i].id, s->scenario) != 0)
		i++;
	if (i == catalogue->subject_count)
		return no_scenario(catalogue, s, err);
	if (!can_run(r, &facts[i], err))
		return false;
	r->result.root = catalogue->root;
	shipped = paths_sources(&r->result.arena, s->host);
	roots[0] = shipped ? shipped : r->result.root;
	roots[1] = r->result.root;
	r->campaign.sources = source_tree_new(roots, 2);
	set_order(r, s, &facts[i]);
	subject = arena_push(&r->result.arena, &r->result.subjects,
			     &r->result.subject_count, sizeof(*subject));
	*subject = catalogue->subjects[i];
	r->campaign.targets =
		arena_alloc(&r->result.arena, sizeof(*r->campaign.targets));
	r->campaign.targets[0].facts = facts[i];
	make_cell(r);
	return true;
}

static bool take_program(struct rerun *r, const struct schedule *s,
			 const struct scenario_facts *facts, struct err *err)
{
	struct campaign *c = &r->campaign;

	if (!(c->workers[0].hello_flags & SNAG_HELLO_IS_PROGRAM))
		return err_set(err, EXIT_USAGE,
			       "'%s' is no program that was linked for explore "
			       "by snag-cc",
			       s->host);
	if (!can_run(r, facts, err))
		return false;
	muster_program(c, facts);
	c->sources = source_tree_new(&r->result.root, 1);
	set_order(r, s, facts);
	make_cell(r);
	return true;
}

struct rerun *rerun_open(const struct schedule *s,
			 volatile sig_atomic_t *is_interrupted, struct err *err)
{
	struct rerun *r = must_alloc(sizeof(*r));
	struct result catalogue = {0};
	struct scenario_facts *facts = NULL;
	bool is_open;

	*r = (struct rerun){.result.tool_version = SNAG_VERSION};
	set_up(r, s);
	r->options.is_interrupted = is_interrupted;
	is_open =
		muster_host(rerun_worker(r), s->host, &catalogue, &facts,
			    err) &&
		(r->options.argv ? take_program(r, s, facts, err)
				 : find_scenario(r, s, &catalogue, facts, err));
	arena_adopt(&r->result.arena, &catalogue.arena);
	if (is_open)
		return r;
	rerun_close(r);
	return NULL;
}

void rerun_close(struct rerun *r)
{
	struct campaign *c;

	if (!r)
		return;
	c = &r->campaign;
	worker_release(&c->workers[0]);
	hosts_end_orphans(c);
	for (size_t i = 0; i < c->cell_count; i++)
		free(c->cells[i].last_hit);
	free(c->workers);
	free(c->spared);
	symbols_free(c->symbols);
	unite_free(c->unite);
	if (c->sources)
		source_tree_free(c->sources);
	arena_release(&c->scratch);
	arena_release(&r->arena);
	result_release(&r->result);
	free(r);
}

const char *rerun_build(struct arena *arena, const char *host)
{
	struct elf_file file;
	struct err ignored = {0};
	char *text = NULL;

	if (!elf_file_open(&file, host, &ignored))
		return NULL;
	if (file.build_id_len)
		text = arena_alloc(arena, 2 * file.build_id_len + 1);
	for (size_t i = 0; i < file.build_id_len; i++)
		snprintf(text + 2 * i, 3, "%02x", file.build_id[i]);
	elf_file_close(&file);
	return text;
}
