#include "campaign/collect.h"

#include <string.h>

#include "base/text.h"
#include "campaign/collect_part.h"

enum { MAX_OUTCOMES = 4096 }; /* names, of one run */
#include "campaign/table.h"

static void take_events(struct collector *r)
{
	const struct snag_shared *t = r->worker->table;
	const struct snag_batch_order *o = &r->worker->order;
	struct run *run = cell_run(r->campaign, r->cell);
	uint32_t n = t->event_count;
	uint64_t last = o->first;

	if (n > SNAG_SHARED_EVENTS)
		n = SNAG_SHARED_EVENTS;
	/* In the order in which they came, of what has run. */
	for (uint32_t i = 0; i < n; i++) {
		uint32_t s = t->events[i].signature;
		uint64_t iteration = t->events[i].iteration;
		int32_t finding = s < SNAG_SHARED_SIGNATURES
					  ? r->worker->finding_of[s]
					  : -1;

		if (finding < 0 || iteration < last ||
		    iteration - o->first > t->completed) {
			run->dropped++;
			continue;
		}
		last = iteration;
		r->has_news |= finding_hit(r->campaign, r->cell,
					   (size_t)finding, iteration);
		r->is_cut |= iteration - o->first >= t->completed;
	}
	run->reports += t->reports;
	run->dropped +=
		t->dropped_signatures + t->dropped_outcomes + t->dropped_events;
}

bool collect_outcome(struct collector *r, const char *name, uint64_t count,
		     uint64_t iteration)
{
	struct run *run = cell_run(r->campaign, r->cell);
	struct run_outcome *o;

	for (size_t i = 0; i < run->outcome_count; i++) {
		if (!strcmp(run->outcomes[i].name, name)) {
			run->outcomes[i].count += count;
			if (iteration + 1 < run->outcomes[i].first)
				run->outcomes[i].first = iteration + 1;
			return false;
		}
	}
	if (run->outcome_count >= MAX_OUTCOMES) {
		run->dropped += count;
		return false;
	}
	o = arena_push(&r->campaign->result->arena, &run->outcomes,
		       &run->outcome_count, sizeof(*o));
	o->name = arena_dup(&r->campaign->result->arena, name);
	o->count = count;
	o->first = iteration + 1;
	o->grade = GRADE_NONE;
	return true;
}

/* What check() recorded.  Counts beyond the batch's iterations are nonsense
 * that a wild write left. */
static void take_outcomes(struct collector *r)
{
	const struct snag_shared *t = r->worker->table;
	uint32_t n = t->outcome_count;
	uint64_t left = t->completed;

	if (n > SNAG_SHARED_OUTCOMES)
		n = SNAG_SHARED_OUTCOMES;
	for (uint32_t i = 0; i < n; i++) {
		size_t len = strnlen(t->outcomes[i].name, SNAG_OUTCOME_BYTES);
		uint64_t count = t->outcomes[i].count;

		if (count > left)
			count = left;
		left -= count;
		if (count)
			r->has_news |= collect_outcome(
				r,
				text_clean(&r->campaign->scratch,
					   t->outcomes[i].name, len, false),
				count, t->outcomes[i].first);
	}
}

static void take_progress(struct collector *r)
{
	struct run *run = cell_run(r->campaign, r->cell);
	const struct worker *w = r->worker;
	uint64_t completed = w->table->completed;
	uint64_t took_ms = clock_ms() - w->started_ms;

	if (completed > w->order.count)
		completed = w->order.count;
	run->iterations += completed;
	run->duration_ms += took_ms;
	r->cell->used_ms += took_ms;
	r->took_ms = took_ms;
	r->cell->in_flight -= w->order.count;
	r->cell->batches_in_flight--;
}

static void sample_growth(struct collector *r)
{
	struct run *run = cell_run(r->campaign, r->cell);
	const struct growth *last =
		run->growth_count ? &run->growth[run->growth_count - 1] : NULL;
	struct growth *sample;

	/* At each doubling, and where the curve moves. */
	if (last && last->findings == run->finding_count &&
	    last->outcomes == run->outcome_count &&
	    run->iterations < 2 * last->iterations)
		return;
	if (!run->iterations || run->growth_count >= 256)
		return;
	sample = arena_push(&r->campaign->result->arena, &run->growth,
			    &run->growth_count, sizeof(*sample));
	sample->iterations = run->iterations;
	sample->findings = run->finding_count;
	sample->outcomes = run->outcome_count;
}

/* Only where the harness sees accesses pass, and one iteration was whole. */
static void take_points(struct collector *r)
{
	struct target *target = &r->campaign->targets[r->cell->target];
	const struct snag_shared *t = r->worker->table;

	if (!t->completed || !(r->worker->hello_flags & SNAG_HELLO_HAS_POINTS))
		return;
	target->looks++;
	for (int i = 0; i < SNAG_SHARED_ROLES; i++)
		target->role_points[i] += t->role_points[i];
}

bool collect_batch(struct campaign *c, struct worker *w, bool is_lost)
{
	struct cell *cell = &c->cells[w->cell];
	struct collector r = {.campaign = c, .worker = w, .cell = cell};
	struct run *run = cell_run(c, cell);
	uint64_t before = run->iterations, completed;

	r.is_spoilt = !table_is_sound(w->table, &w->order);
	if (r.is_spoilt)
		worker_reset_table(w);
	take_progress(&r);
	completed = run->iterations;
	collect_text(&r);
	take_events(&r);
	take_outcomes(&r);
	take_points(&r);
	collect_end(&r, is_lost);
	/* Ended in the middle of an iteration that had shown something. */
	if (r.is_cut && run->iterations == completed)
		run->iterations++;
	collect_explore(&r, run->iterations - before);
	cell->fruitless = run->iterations > before ? 0 : cell->fruitless + 1;
	if (!cell->explore)
		sample_growth(&r);
	arena_release(&c->scratch);
	/* The next host gets a table that nobody has written to. */
	if (r.is_spoilt)
		worker_stop(w);
	return r.has_news;
}
