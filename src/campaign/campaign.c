#include "campaign/campaign.h"

#include <stdlib.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "base/proc.h"
#include "campaign/campaign_part.h"
#include "campaign/confirm.h"
#include "campaign/explain.h"
#include "campaign/hosts.h"
#include "campaign/muster.h"
#include "campaign/plan.h"
#include "campaign/settle.h"
#include "judge/paths.h"
#include "judge/tally.h"
#include "judge/verdict.h"
#include "model/finding_text.h"

enum { MAX_SPARED = 4096 };

static bool is_reached(const struct campaign *c, const struct target *target)
{
	for (size_t i = 0; i < target->cell_count; i++)
		if (c->cells[target->first_cell + i].next)
			return true;
	return target->is_over;
}

/* Not tested, and for no fault of theirs. */
static void name_the_unreached(struct campaign *c)
{
	for (size_t i = 0; i < c->result->subject_count; i++) {
		struct subject *s = &c->result->subjects[i];

		if (is_reached(c, &c->targets[i]))
			continue;
		if (c->is_enough) {
			s->verdict = VERDICT_SKIPPED;
			s->why = "the campaign stopped before its turn came "
				 "(--until-fail, --stop-after)";
		} else if (clock_ms() >= c->deadline_ms) {
			s->verdict = VERDICT_ERROR;
			s->why = "the time was up before its turn came: allow "
				 "more --time, or choose fewer scenarios";
		}
	}
}

/* The verdict of each, then of all; our own trouble shows in the exit code
 * unless a finding goes before it. */
static void judge_all(struct campaign *c)
{
	struct result *r = c->result;

	r->is_interrupted = *c->options->is_interrupted != 0;
	if (!r->is_interrupted)
		name_the_unreached(c);
	for (size_t i = 0; i < r->subject_count; i++)
		judge_scenario(r, &r->subjects[i]);
	policy_judge(r, &c->options->policy);
	judge_result(r);
	if (!c->trouble.code)
		return;
	result_note(r, "%s", c->trouble.text);
	if (r->exit == EXIT_AS_EXPECTED) {
		r->exit = EXIT_TROUBLE;
		r->verdict = VERDICT_ERROR;
	}
}

void campaign_keep_symbol_notes(struct campaign *c)
{
	size_t n;
	const char *const *notes = symbols_notes(c->symbols, &n);

	for (size_t i = 0; i < n; i++)
		result_note(c->result, "%s", notes[i]);
}

/* A tenth of the time is for confirming. */
static uint64_t time_of_cells(const struct campaign_options *o)
{
	return o->no_confirm ? o->time_ms : o->time_ms - o->time_ms / 10;
}

void campaign_set_up(struct campaign *c, const struct campaign_options *o,
		     struct result *result)
{
	*c = (struct campaign){.options = o,
			       .result = result,
			       .progress = {.file = o->progress}};
	c->worker_count = o->jobs;
	c->workers = must_alloc(o->jobs * sizeof(*c->workers));
	for (unsigned i = 0; i < o->jobs; i++) {
		worker_init(&c->workers[i], i);
		c->workers[i].argv = o->argv;
	}
	c->symbols = symbols_new();
	c->unite = unite_new(result);
	c->limits = (struct watch_limits){.iteration_ms = o->timeout_ms,
					  .rss_bytes = o->max_rss_bytes,
					  .processes = o->max_processes};
	c->started_ms = clock_ms();
	c->deadline_ms =
		o->time_ms ? c->started_ms + time_of_cells(o) : UINT64_MAX;
	c->spared = must_alloc(MAX_SPARED * sizeof(*c->spared));
	c->spared_count = proc_tree(getpid(), c->spared, MAX_SPARED);
	/* What a dead host leaves behind comes to us, and is ended. */
	prctl(PR_SET_CHILD_SUBREAPER, 1);
}

static void tear_down(struct campaign *c)
{
	for (unsigned i = 0; i < c->worker_count; i++)
		worker_release(&c->workers[i]);
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
}

/* The host that describes the scenarios tells for all that will run them. */
bool campaign_can_do(const struct campaign *c, struct err *err)
{
	bool is_program = c->workers[0].hello_flags & SNAG_HELLO_IS_PROGRAM;

	if (is_program && !c->options->argv)
		return err_set(err, EXIT_USAGE,
			       "'%s' is a whole program, not a host of "
			       "scenarios: snag exec --engine explore -- %s",
			       c->options->host_path, c->options->host_path);
	if (!is_program && c->options->argv)
		return err_set(err, EXIT_USAGE,
			       "'%s' is a host of scenarios: snag run --host "
			       "%s --engine explore",
			       c->options->host_path, c->options->host_path);
	if (!(c->options->engines & ENGINE_EXPLORE) ||
	    (c->workers[0].hello_flags & SNAG_HELLO_CAN_EXPLORE))
		return true;
	return err_set(err, EXIT_USAGE,
		       "host '%s' cannot explore: build it again with this "
		       "version of Snag (snag_add_scenarios()), or run it with "
		       "--engine stress",
		       c->options->host_path);
}

void campaign_finish(struct campaign *c)
{
	tear_down(c);
	c->result->duration_ms = clock_ms() - c->started_ms;
}

void campaign_confirm(struct campaign *c, const struct result *scenarios)
{
	if (!c->options->no_confirm && !*c->options->is_interrupted &&
	    (c->workers[0].hello_flags & SNAG_HELLO_CAN_EXPLORE))
		confirm_findings(c, scenarios);
}

bool campaign_run(const struct campaign_options *options, struct result *result,
		  struct err *err)
{
	struct result catalogue = {0};
	struct scenario_facts *facts = NULL;
	struct campaign c;
	bool *kept = NULL, is_run;

	result_stamp(result);
	campaign_set_up(&c, options, result);
	is_run = muster_host(&c.workers[0], options->host_path, &catalogue,
			     &facts, err) &&
		 campaign_can_do(&c, err) &&
		 muster_select(&catalogue, options->filters,
			       options->filter_count, result, &kept, err);
	if (is_run) {
		const char *shipped =
			paths_sources(&c.scratch, options->host_path);
		const char *const roots[] = {shipped ? shipped : result->root,
					     result->root};

		c.sources = source_tree_new(roots, 2);
		muster_targets(&c, &catalogue, facts, kept);
		plan_cells(&c);
		campaign_run_cells(&c);
		campaign_confirm(&c, &catalogue);
		explain_findings(&c, &catalogue);
		explain_idle_roles(&c);
		settle_result(&c);
		keeping_settle(&c, options->out_dir);
		if (!c.trouble.code)
			finding_texts_write(result, options->out_dir,
					    &c.trouble);
		campaign_keep_symbol_notes(&c);
		judge_all(&c);
	}
	campaign_finish(&c);
	free(kept);
	arena_adopt(&result->arena, &catalogue.arena);
	return is_run;
}
