#include "campaign/campaign.h"

#include <poll.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "base/proc.h"
#include "campaign/collect.h"
#include "campaign/confirm.h"
#include "campaign/explain.h"
#include "campaign/finding.h"
#include "campaign/hosts.h"
#include "campaign/muster.h"
#include "campaign/plan.h"
#include "campaign/progress.h"
#include "campaign/settle.h"
#include "judge/paths.h"
#include "judge/tally.h"
#include "judge/verdict.h"
#include "model/finding_text.h"

enum {
	POLL_MS = 10,
	GRACE_MS = 1500,  /* after the time is up, for batches to end */
	KILLED_MS = 3000, /* for a killed batch to be reaped          */
	MAX_HOST_FAILURES = 3,
	MAX_SPARED = 4096,
};

/* A host that fits the target: its options are fixed when it starts. */
static bool prepare_host(struct campaign *c, struct worker *w,
			 const struct target *target)
{
	bool detects = !target->no_deadlock_detection;
	struct err err = {0};

	if (w->state == WORKER_IDLE && w->has_deadlock_detection != detects)
		worker_stop(w);
	if (w->state == WORKER_IDLE)
		return true;
	if (worker_start(w, c->options->host_path, detects, &err)) {
		c->host_failures = 0;
		return true;
	}
	if (!c->trouble.code)
		c->trouble = err;
	c->host_failures++;
	return false;
}

static bool is_stopped(const struct campaign *c)
{
	return *c->options->is_interrupted || c->is_enough ||
	       clock_ms() >= c->deadline_ms ||
	       c->host_failures >= MAX_HOST_FAILURES;
}

static void hand_out(struct campaign *c)
{
	for (unsigned i = 0; i < c->worker_count && !is_stopped(c); i++) {
		struct worker *w = &c->workers[i];
		struct snag_batch_order order;
		struct cell *cell;
		size_t at;

		if (w->state > WORKER_IDLE ||
		    !plan_next(c, (int)i, &at, &order))
			continue;
		cell = &c->cells[at];
		if (!prepare_host(c, w, &c->targets[cell->target]))
			continue;
		w->cell = at;
		plan_take(c, (int)i, at, &order);
		worker_order(w, &order); /* a lost host shows when polled */
	}
}

static bool is_failure_seen(struct campaign *c, struct subject *s)
{
	return tally_of(c->result, s).forbidden_count &&
	       policy_is_failing(c->result, s, &c->options->policy);
}

static void collect(struct campaign *c, struct worker *w, bool is_lost)
{
	struct cell *cell = &c->cells[w->cell];
	bool has_news = collect_batch(c, w, is_lost);

	plan_update(c, cell, has_news);
	if (!has_news)
		return;
	if ((c->options->until_fail &&
	     is_failure_seen(c, cell_subject(c, cell))) ||
	    (c->options->stop_after &&
	     c->result->finding_count >= c->options->stop_after))
		c->is_enough = true;
}

/* Signatures live as long as their host: before they are full, another one. */
static void renew_host(struct worker *w)
{
	uint32_t used = 0;

	if (w->state != WORKER_IDLE)
		return;
	for (uint32_t i = 0; i < SNAG_SHARED_SIGNATURES; i++)
		used += w->table->signatures[i].is_used != 0;
	if (used > SNAG_SHARED_SIGNATURES / 2)
		worker_stop(w);
}

static void lose_host(struct campaign *c, struct worker *w)
{
	bool had_batch = w->state > WORKER_IDLE;
	const char *id =
		had_batch ? cell_subject(c, &c->cells[w->cell])->id : NULL;

	if (!c->trouble.code)
		err_set(&c->trouble, EXIT_TROUBLE,
			"a host process died or broke the wire's rules%s%s; "
			"what it had counted is kept",
			id ? " while it ran " : "", id ? id : "");
	c->host_failures++;
	if (had_batch) {
		w->ended_by = ENDED_FOR_TIME;
		collect(c, w, true);
	}
	worker_stop(w);
	hosts_end_orphans(c);
}

static void look_after(struct campaign *c, struct worker *w)
{
	struct watch_limits limits = c->limits;
	uint32_t own_ms = c->targets[c->cells[w->cell].target].facts.timeout_ms;
	enum ended_by why;

	if (own_ms)
		limits.iteration_ms = own_ms;
	why = watch_look(w, &limits);
	if (why == ENDED_BY_ITSELF || w->ended_by != ENDED_BY_ITSELF)
		return;
	if (why == ENDED_FOR_SILENCE) {
		lose_host(c, w);
		return;
	}
	if (why == ENDED_FOR_DEADLOCK || why == ENDED_FOR_HANG)
		collect_stacks(c, w, why);
	worker_kill_batch(w, why);
}

static bool is_any_busy(const struct campaign *c)
{
	for (unsigned i = 0; i < c->worker_count; i++)
		if (c->workers[i].state > WORKER_IDLE)
			return true;
	return false;
}

static void wait_for_events(const struct campaign *c)
{
	struct pollfd fds[2 * CAMPAIGN_MAX_JOBS];
	nfds_t n = 0;

	for (unsigned i = 0; i < c->worker_count; i++) {
		if (c->workers[i].state <= WORKER_IDLE)
			continue;
		fds[n++] = (struct pollfd){.fd = c->workers[i].channel.fd,
					   .events = POLLIN};
		fds[n++] = (struct pollfd){.fd = c->workers[i].output_fd,
					   .events = POLLIN};
	}
	poll(fds, n, POLL_MS);
}

static void take_events(struct campaign *c)
{
	for (unsigned i = 0; i < c->worker_count; i++) {
		struct worker *w = &c->workers[i];
		enum worker_event event;

		if (w->state <= WORKER_IDLE)
			continue;
		event = worker_poll(w);
		if (event == WORKER_LOST) {
			lose_host(c, w);
		} else if (event == WORKER_ENDED) {
			c->host_failures = 0;
			collect(c, w, false);
			renew_host(w);
		} else {
			look_after(c, w);
		}
	}
}

/* Time is up, or somebody pressed Ctrl-C: end what still runs, keep what it
 * has counted. */
static void wind_down(struct campaign *c)
{
	uint64_t now_ms = clock_ms();
	uint64_t kill_at =
		now_ms + (*c->options->is_interrupted ? 0 : GRACE_MS);
	uint64_t give_up_at = kill_at + KILLED_MS;

	while (is_any_busy(c)) {
		now_ms = clock_ms();
		for (unsigned i = 0; i < c->worker_count; i++) {
			struct worker *w = &c->workers[i];

			if (now_ms >= kill_at && w->ended_by == ENDED_BY_ITSELF)
				worker_kill_batch(w, ENDED_FOR_TIME);
			if (now_ms >= give_up_at && w->state > WORKER_IDLE)
				lose_host(c, w);
		}
		wait_for_events(c);
		take_events(c);
	}
}

static bool is_anything_left(struct campaign *c)
{
	struct snag_batch_order order;
	size_t cell;

	return is_any_busy(c) || plan_next(c, PLAN_ANY_WORKER, &cell, &order);
}

static void run_cells(struct campaign *c)
{
	while (!is_stopped(c) && is_anything_left(c)) {
		hand_out(c);
		wait_for_events(c);
		take_events(c);
		progress_show(c);
	}
	wind_down(c);
	status_line_clear(&c->progress);
}

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

static void keep_symbol_notes(struct campaign *c)
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

static void set_up(struct campaign *c, const struct campaign_options *o,
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
static bool can_do(const struct campaign *c, struct err *err)
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

static void finish(struct campaign *c)
{
	tear_down(c);
	c->result->duration_ms = clock_ms() - c->started_ms;
}

/* Its end tells: any other than a return of 0 is a bad one. */
static void grade_ends(struct subject *s)
{
	for (size_t r = 0; r < s->run_count; r++)
		for (size_t i = 0; i < s->runs[r].outcome_count; i++)
			s->runs[r].outcomes[i].grade =
				s->runs[r].outcomes[i].name[0] ? GRADE_FORBIDDEN
							       : GRADE_NONE;
}

static void conclude_program(struct campaign *c)
{
	struct result *r = c->result;
	struct subject *s = &r->subjects[0];

	explain_program(c);
	settle_result(c);
	grade_ends(s);
	if (c->options->out_dir)
		keeping_settle(c, c->options->out_dir);
	keep_symbol_notes(c);
	r->is_interrupted = *c->options->is_interrupted != 0;
	if (c->trouble.code) {
		s->verdict = VERDICT_ERROR;
		s->why = arena_dup(&r->arena, c->trouble.text);
	} else if (!s->run_count || !s->runs[0].iterations) {
		s->verdict = VERDICT_ERROR;
		s->why = "no schedule of it ran";
	}
}

/* In what is left of the time. */
static void confirm(struct campaign *c)
{
	if (c->options->no_confirm || *c->options->is_interrupted ||
	    !(c->workers[0].hello_flags & SNAG_HELLO_CAN_EXPLORE))
		return;
	if (c->options->time_ms)
		c->deadline_ms = c->started_ms + c->options->time_ms;
	confirm_findings(c);
}

bool campaign_program(const struct campaign_options *options,
		      struct result *result, struct err *err)
{
	struct result catalogue = {0};
	struct scenario_facts *facts = NULL;
	struct campaign c;
	bool is_run;

	set_up(&c, options, result);
	is_run = muster_host(&c.workers[0], options->host_path, &catalogue,
			     &facts, err) &&
		 can_do(&c, err);
	if (is_run) {
		muster_program(&c, facts);
		plan_cells(&c);
		/* As many as the program makes. */
		for (size_t i = 0; i < result->subjects[0].run_count; i++)
			result->subjects[0].runs[i].threads = 0;
		run_cells(&c);
		confirm(&c);
		conclude_program(&c);
	}
	finish(&c);
	arena_adopt(&result->arena, &catalogue.arena);
	return is_run;
}

bool campaign_run(const struct campaign_options *options, struct result *result,
		  struct err *err)
{
	struct result catalogue = {0};
	struct scenario_facts *facts = NULL;
	struct campaign c;
	bool *kept = NULL, is_run;

	result_stamp(result);
	set_up(&c, options, result);
	is_run = muster_host(&c.workers[0], options->host_path, &catalogue,
			     &facts, err) &&
		 can_do(&c, err) &&
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
		run_cells(&c);
		confirm(&c);
		explain_findings(&c, &catalogue);
		explain_idle_roles(&c);
		settle_result(&c);
		keeping_settle(&c, options->out_dir);
		if (!c.trouble.code)
			finding_texts_write(result, options->out_dir,
					    &c.trouble);
		keep_symbol_notes(&c);
		judge_all(&c);
	}
	finish(&c);
	free(kept);
	arena_adopt(&result->arena, &catalogue.arena);
	return is_run;
}
