#include "campaign/rerun.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "campaign/collect.h"
#include "campaign/epoch.h"
#include "campaign/rerun_part.h"
#include "judge/fingerprint.h"

enum { POLL_MS = 10, NEVER_MS = 30 * 1000 };

/* What the last batch showed is no news of the next. */
static void forget(struct rerun *r)
{
	struct subject *s = &r->result.subjects[0];
	struct run *run = &s->runs[0];
	struct target *target = &r->campaign.targets[0];

	run->finding_count = run->outcome_count = run->growth_count = 0;
	run->iterations = run->reports = run->dropped = 0;
	target->is_over = false;
	target->hangs = 0;
	s->verdict = VERDICT_NONE;
	s->why = NULL;
	r->campaign.cells[0].explore->rest_count = 0;
	r->campaign.cells[0].explore->is_exhausted = false;
	r->campaign.cells[0].fruitless = 0;
	arena_release(&r->arena);
}

/* Signatures live as long as their host: before they are full, another one. */
bool rerun_prepare_host(struct rerun *r, struct err *err)
{
	struct worker *w = rerun_worker(r);
	uint32_t used = 0;

	for (uint32_t i = 0; w->table && i < SNAG_SHARED_SIGNATURES; i++)
		used += w->table->signatures[i].is_used != 0;
	if (used > SNAG_SHARED_SIGNATURES / 2)
		worker_stop(w);
	return w->state == WORKER_IDLE ||
	       worker_start(w, r->options.host_path,
			    !r->campaign.targets[0].no_deadlock_detection, err);
}

static void look_after(struct rerun *r)
{
	struct watch_limits limits = r->campaign.limits;
	struct worker *w = rerun_worker(r);
	uint32_t own_ms = r->campaign.targets[0].facts.timeout_ms;
	enum ended_by why;

	if (own_ms)
		limits.iteration_ms = own_ms;
	why = watch_look(w, &limits);
	if (*r->options.is_interrupted)
		why = ENDED_FOR_TIME;
	if (why == ENDED_BY_ITSELF || w->ended_by != ENDED_BY_ITSELF)
		return;
	worker_kill_batch(w, why);
}

static bool wait_for_end(struct rerun *r)
{
	struct worker *w = rerun_worker(r);
	enum worker_event event;

	do {
		struct pollfd fds[2] = {{.fd = w->channel.fd, .events = POLLIN},
					{.fd = w->output_fd, .events = POLLIN}};

		poll(fds, 2, POLL_MS);
		event = worker_poll(w);
		if (event == WORKER_NOTHING)
			look_after(r);
		if (event == WORKER_NOTHING && w->ended_by == ENDED_FOR_SILENCE)
			event = WORKER_LOST;
	} while (event == WORKER_NOTHING);
	return event == WORKER_ENDED;
}

bool rerun_order(struct rerun *r, const struct snag_batch_order *order,
		 struct err *err)
{
	struct worker *w = rerun_worker(r);
	struct cell *cell = &r->campaign.cells[0];
	const struct subject *s = &r->result.subjects[0];

	forget(r);
	if (!rerun_prepare_host(r, err))
		return false;
	cell->in_flight = order->count;
	cell->batches_in_flight = 1;
	w->cell = 0;
	if (!worker_order(w, order) || !wait_for_end(r)) {
		worker_stop(w);
		return err_set(err, EXIT_TROUBLE,
			       "the host process died or broke the wire's "
			       "rules");
	}
	collect_batch(&r->campaign, w, false);
	if (*r->options.is_interrupted)
		return err_set(err, EXIT_INTERRUPTED, "interrupted");
	if (s->verdict == VERDICT_ERROR || s->verdict == VERDICT_SKIPPED)
		return err_set(err, EXIT_TROUBLE, "%s", s->why);
	return true;
}

static void take_turns(struct rerun *r, struct rerun_seen *seen)
{
	const struct snag_explore *x = rerun_worker(r)->explore;
	uint32_t n = x->live_count;

	if (n > SNAG_LIVE_TURNS)
		n = SNAG_LIVE_TURNS;
	for (uint32_t i = 0; i < n; i++)
		if (!schedule_add(&r->arena, &seen->turns, &seen->turn_count,
				  x->live[i].thread, x->live[i].steps))
			seen->is_cut = true;
	seen->is_cut |= x->live_is_cut != 0;
}

static void look(struct rerun *r, struct rerun_seen *seen)
{
	const struct run *run = &r->result.subjects[0].runs[0];
	const struct snag_explore *x = rerun_worker(r)->explore;

	*seen = (struct rerun_seen){.steps = x->live_steps,
				    .preemptions = x->live_preemptions,
				    .trace_hash = x->live_hash,
				    .left_at = x->left_at};
	if (run->outcome_count)
		seen->outcome = run->outcomes[0].name;
	for (size_t i = 0; i < run->finding_count; i++) {
		const char **f =
			arena_push(&r->arena, &seen->fingerprints,
				   &seen->fingerprint_count, sizeof(*f));

		*f = run->findings[i].fingerprint;
	}
	take_turns(r, seen);
}

uint32_t rerun_load(struct rerun *r, const struct schedule_turn *turns,
		    size_t count, uint32_t at)
{
	struct snag_explore *x = rerun_worker(r)->explore;

	for (size_t i = 0; i < count && at < SNAG_REPLAY_TURNS; i++)
		x->replay[at++] = (struct snag_turn){(uint16_t)turns[i].thread,
						     (uint16_t)turns[i].steps};
	return at;
}

static bool run_turns(struct rerun *r, const struct schedule_turn *turns,
		      size_t count, uint32_t flags, struct rerun_seen *seen,
		      struct err *err)
{
	struct snag_batch_order order = r->order;

	if (!rerun_prepare_host(r, err))
		return false;
	rerun_worker(r)->explore->replay_schedules = 0;
	rerun_worker(r)->explore->replay_count = rerun_load(r, turns, count, 0);
	order.flags |= flags;
	snprintf(order.strategy, sizeof(order.strategy), "replay");
	if (!rerun_order(r, &order, err))
		return false;
	look(r, seen);
	return true;
}

bool rerun_turns(struct rerun *r, const struct schedule_turn *turns,
		 size_t count, struct rerun_seen *seen, struct err *err)
{
	return run_turns(r, turns, count, 0, seen, err);
}

bool rerun_traced(struct rerun *r, const struct schedule_turn *turns,
		  size_t count, struct arena *arena, struct rerun_seen *seen,
		  struct trace *trace, struct err *err)
{
	*trace = (struct trace){0};
	if (!run_turns(r, turns, count, SNAG_EXPLORE_TRACE, seen, err))
		return false;
	retrace(r, arena, trace);
	return true;
}

/* Where the batch begins that has this iteration. */
static uint64_t epoch_begin(uint64_t iteration)
{
	uint64_t begin = 0;

	while (epoch_end(begin) <= iteration)
		begin = epoch_end(begin);
	return begin;
}

bool rerun_strategy(struct rerun *r, const char *strategy,
		    struct rerun_seen *seen, struct err *err)
{
	struct snag_batch_order order = r->order;
	uint64_t wanted = order.first;

	if (!rerun_prepare_host(r, err))
		return false;
	rerun_worker(r)->explore->replay_schedules = 0;
	snprintf(order.strategy, sizeof(order.strategy), "%s", strategy);
	/* What a systematic strategy knows, it knows from all before. */
	order.first = strncmp(strategy, "dfs", 3) ? epoch_begin(wanted) : 0;
	/* A batch ends early where an iteration ends it; the next one begins
	 * after that, as in a campaign. */
	while (order.first <= wanted) {
		const struct run *run = &r->result.subjects[0].runs[0];

		order.count = wanted + 1 - order.first;
		if (!rerun_order(r, &order, err))
			return false;
		if (!run->iterations)
			return err_set(err, EXIT_USAGE,
				       "strategy %s has no iteration %llu: it "
				       "takes another argument, or every "
				       "schedule was tried before",
				       strategy,
				       (unsigned long long)wanted + 1);
		order.first += run->iterations;
	}
	look(r, seen);
	seen->left_at = 0;
	return true;
}

void rerun_set_iteration(struct rerun *r, uint64_t iteration)
{
	r->order.first = iteration - 1;
}

const struct result *rerun_result(const struct rerun *r)
{
	return &r->result;
}

const struct finding *rerun_finding(const struct rerun *r,
				    const char *fingerprint)
{
	for (size_t i = 0; i < r->result.finding_count; i++)
		if (!strcmp(r->result.findings[i].fingerprint, fingerprint))
			return &r->result.findings[i];
	return NULL;
}

/* An outcome is a finding too, where no report explains it. */
static bool is_outcome_of(const struct rerun *r, const char *outcome,
			  const char *fingerprint)
{
	struct fingerprint print;
	enum kind kind;

	if (!outcome)
		return false;
	kind = kind_by_outcome(outcome);
	fingerprint_of_outcome(kind ? kind : KIND_WRONG_OUTCOME, outcome,
			       r->result.subjects[0].id, &print);
	return !strcmp(print.race, fingerprint);
}

bool rerun_shows(const struct rerun *r, const struct rerun_seen *seen,
		 const struct schedule *schedule)
{
	const char *wanted = schedule->fingerprint;
	bool is_there = !wanted || is_outcome_of(r, seen->outcome, wanted);

	for (size_t i = 0; !is_there && i < seen->fingerprint_count; i++)
		is_there = !strcmp(seen->fingerprints[i], wanted);
	if (!is_there)
		return false;
	return !schedule->outcome ||
	       (seen->outcome && !strcmp(seen->outcome, schedule->outcome));
}
