/* What an exploring batch says besides its table. */
#include <snag/scenario.h>
#include <string.h>

#include "base/text.h"
#include "campaign/collect_part.h"

/* Its end was no iteration's doing. */
static bool ended_for_time(const struct collector *r)
{
	const struct worker *w = r->worker;

	return w->ended_by == ENDED_FOR_TIME ||
	       (w->order.limit_ms != UINT32_MAX &&
		r->took_ms >= w->order.limit_ms);
}

static bool is_marked(const struct snag_explore *x)
{
	return x->magic == SNAG_EXPLORE_MAGIC &&
	       x->version == SNAG_WIRE_VERSION && x->bytes == sizeof(*x);
}

/* The batch is over, and did not end the iteration in flight. */
static bool has_died(const struct collector *r)
{
	const struct worker *w = r->worker;

	return w->ended_by != ENDED_BY_ITSELF || !w->table->done || w->status;
}

static const char *strategy_name(const struct collector *r, uint32_t index)
{
	const struct snag_explore *x = r->worker->explore;
	const char *name = r->worker->order.strategy;
	size_t room = sizeof(r->worker->order.strategy);

	if (index < x->strategy_count && index < SNAG_MAX_STRATEGIES) {
		name = x->strategies[index].name;
		room = sizeof(x->strategies[index].name);
	}
	return text_clean(&r->campaign->result->arena, name,
			  strnlen(name, room), false);
}

static void keep_finding(struct collector *r, struct keeping_one *one,
			 size_t finding)
{
	if (finding >= r->campaign->result->finding_count)
		return;
	one->is_outcome = false;
	one->name = r->campaign->result->findings[finding].fingerprint;
	keeping_add(r->campaign, one);
}

static void keep_outcome(struct collector *r, struct keeping_one *one,
			 const char *name)
{
	one->is_outcome = true;
	one->name = arena_dup(&r->campaign->result->arena, name);
	keeping_add(r->campaign, one);
	if (r->stuck && !strcmp(name, r->stuck_outcome))
		keep_finding(r, one, r->stuck - 1);
}

static void take_one(struct collector *r, const struct snag_kept *kept)
{
	const struct snag_batch_order *o = &r->worker->order;
	const struct snag_shared *t = r->worker->table;
	struct snag_explore *x = r->worker->explore;
	struct keeping_one one = {.cell = r->worker->cell,
				  .iteration = kept->iteration,
				  .strategy = strategy_name(r, kept->strategy),
				  .turns = x->kept_turns + kept->first,
				  .count = kept->count,
				  .is_cut = kept->is_cut != 0};
	uint32_t i = kept->index;

	if (kept->kept_for == SNAG_KEPT_FINDING && i < SNAG_SHARED_SIGNATURES &&
	    r->worker->finding_of[i] >= 0)
		keep_finding(r, &one, (size_t)r->worker->finding_of[i]);
	if (kept->kept_for == SNAG_KEPT_OUTCOME && i < SNAG_SHARED_OUTCOMES &&
	    i < t->outcome_count && kept->iteration - o->first < o->count)
		keep_outcome(r, &one,
			     text_clean(&r->campaign->scratch,
					t->outcomes[i].name,
					strnlen(t->outcomes[i].name,
						SNAG_OUTCOME_BYTES),
					false));
}

static void take_kept(struct collector *r)
{
	const struct snag_batch_order *o = &r->worker->order;
	const struct snag_explore *x = r->worker->explore;

	for (uint32_t i = 0; i < x->kept_count && i < SNAG_KEPT; i++) {
		/* A copy: what is checked is what is used. */
		const struct snag_kept kept = x->kept[i];

		if (kept.first <= SNAG_KEPT_TURNS &&
		    kept.count <= SNAG_KEPT_TURNS - kept.first &&
		    kept.iteration - o->first < o->count)
			take_one(r, &kept);
	}
}

/* Whatever the iteration was the first to show that ended the batch. */
static void take_live(struct collector *r)
{
	const struct snag_explore *x = r->worker->explore;
	struct run *run = cell_run(r->campaign, r->cell);
	uint64_t number = r->worker->table->current + 1;
	struct keeping_one one = {.cell = r->worker->cell,
				  .iteration = number - 1,
				  .strategy = strategy_name(r, UINT32_MAX),
				  .turns = r->worker->explore->live,
				  .count = x->live_count < SNAG_LIVE_TURNS
						   ? x->live_count
						   : SNAG_LIVE_TURNS,
				  .is_cut = x->live_is_cut != 0};

	for (size_t i = 0; i < run->outcome_count; i++)
		if (run->outcomes[i].first == number)
			keep_outcome(r, &one, run->outcomes[i].name);
	one.is_outcome = false;
	for (size_t i = 0; i < run->finding_count; i++) {
		if (run->findings[i].first != number)
			continue;
		one.name = run->findings[i].fingerprint;
		keeping_add(r->campaign, &one);
	}
}

/* True as well where nobody asks for sums and first sights. */
static bool take_sums(struct collector *r, uint64_t ran)
{
	return !r->cell->exploration ||
	       exploration_take(r->cell->exploration,
				&r->campaign->result->arena, r->worker->explore,
				r->worker->order.first, ran);
}

static void take_memory(struct collector *r, uint64_t ran)
{
	if (!is_marked(r->worker->explore) || !take_sums(r, ran)) {
		cell_run(r->campaign, r->cell)->dropped++;
		return;
	}
	if (r->worker->table->done)
		collect_stuck(r);
	if (!r->cell->exploration)
		return;
	take_kept(r);
	if (has_died(r) && ran)
		take_live(r);
}

void collect_explore(struct collector *r, uint64_t ran)
{
	const struct snag_batch_order *o = &r->worker->order;
	struct exploring *e = r->cell->explore;

	if (o->engine != SNAG_EXPLORE)
		return;
	if (!r->is_spoilt)
		take_memory(r, ran);
	if (!r->is_spoilt && r->worker->explore->is_exhausted == 1)
		e->is_exhausted = true;
	else if (e->is_one_by_one || !ended_for_time(r))
		exploring_leave(e, o->first + ran, o->first + o->count);
}
