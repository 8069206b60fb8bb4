/*
 * A few constraints, "this read sees that write" or "does not", hold threads
 * back; among the others, and where all are held back, POS decides.
 */
#include "strategy/pos.h"
#include "strategy/reads_from.h"

enum {
	SET = 4,        /* constraints at most */
	POOL = 128,     /* sets */
	RIVALS = 8,     /* writes that would come between */
	TASTES = 3,     /* candidates, of which the least tried is taken */
	LEARN_ALL = 32, /* iterations, and then each ... */
	LEARN_EACH = 4,
	REMEMBERED = 64, /* codes, a power of two */
	PATIENCE = 32,   /* with threads that wait, maybe for one held back */
};

struct constraint {
	uint16_t pair;
	bool is_negative;
};

struct set {
	unsigned count;
	struct constraint list[SET];
};

/* One of this iteration's, ready for use. */
struct active {
	uint64_t read, write;
	int pair;
	bool is_negative, is_met;
	unsigned rival_count;
	uint64_t rivals[RIVALS];
};

struct rff {
	struct pos pos;
	uint64_t random, iteration;
	struct set set;
	unsigned active_count, pool_count, pool_next;
	unsigned waits, refusals;
	struct active active[SET];
	struct set pool[POOL];
	/* Bit i: its pending event is the read of constraint i; bit SET + i:
	 * one of the rivals. */
	uint8_t concerns[STRATEGY_THREADS];
	struct remembered {
		uint64_t pc, iteration;
		uint8_t kind, bits;
	} remembered[REMEMBERED];
	struct reads_from rf;
};

static uint16_t draw_pair(struct rff *r)
{
	uint32_t best = 0, least = UINT32_MAX;

	for (unsigned i = 0; i < TASTES; i++) {
		uint32_t n = strategy_below(&r->random, r->rf.by_code.count);
		const struct reads_from_pair *p = &r->rf.pairs[n];
		uint32_t cost = p->tries * 2 + p->is_seen;

		if (cost < least) {
			least = cost;
			best = n;
		}
	}
	return (uint16_t)best;
}

static void add_constraint(struct rff *r)
{
	struct set *s = &r->set;

	if (s->count == SET)
		return;
	s->list[s->count].pair = draw_pair(r);
	s->list[s->count].is_negative = strategy_below(&r->random, 8) == 0;
	s->count++;
}

static void mutate(struct rff *r)
{
	struct set *s = &r->set;
	unsigned at = strategy_below(&r->random, s->count);

	switch (strategy_below(&r->random, 4)) {
	case 0:
		s->list[at].pair = draw_pair(r);
		break;
	case 1:
		s->list[at] = s->list[--s->count];
		break;
	case 2:
		s->list[at].is_negative = !s->list[at].is_negative;
		break;
	default:
		add_constraint(r);
	}
	if (!s->count)
		add_constraint(r);
}

static void draw_set(struct rff *r)
{
	r->set.count = 0;
	if (!r->rf.by_code.count)
		return;
	if (r->pool_count && strategy_below(&r->random, 2)) {
		r->set = r->pool[strategy_below(&r->random, r->pool_count)];
		mutate(r);
		return;
	}
	do
		add_constraint(r);
	while (r->set.count < SET && strategy_below(&r->random, 2));
}

static void activate(struct rff *r, const struct constraint *c)
{
	struct active *a = &r->active[r->active_count++];
	struct reads_from_pair *pair = &r->rf.pairs[c->pair];
	uint32_t n = reads_from_first(&r->rf, pair->read);

	pair->tries++;
	*a = (struct active){.read = pair->read,
			     .write = pair->write,
			     .pair = c->pair,
			     .is_negative = c->is_negative};
	for (; n && a->rival_count < RIVALS && !a->is_negative;
	     n = r->rf.pairs[n - 1].next_of_read) {
		uint64_t write = r->rf.pairs[n - 1].write;

		if (write != a->write && write != READS_FROM_INIT)
			a->rivals[a->rival_count++] = write;
	}
}

static void rff_begin(void *state, uint64_t seed)
{
	struct rff *r = state;

	r->random = seed;
	pos_begin(&r->pos, strategy_random(&r->random));
	draw_set(r);
	r->active_count = r->waits = r->refusals = 0;
	for (unsigned i = 0; i < r->set.count; i++)
		activate(r, &r->set.list[i]);
	reads_from_begin(&r->rf, r->iteration < LEARN_ALL ||
					 r->iteration % LEARN_EACH == 0);
	r->iteration++;
}

static uint8_t find_concerns(const struct rff *r, const struct event *e)
{
	unsigned bits = 0;

	for (unsigned i = 0; i < r->active_count; i++) {
		const struct active *a = &r->active[i];

		if (e->pc == a->read && reads_from_is_read(e))
			bits |= 1U << i;
		for (unsigned j = 0; j < a->rival_count; j++)
			if (e->pc == a->rivals[j] &&
			    e->kind != SNAG_EVENT_UNLOCK)
				bits |= 1U << (SET + i);
	}
	return (uint8_t)bits;
}

static uint8_t recall_concerns(struct rff *r, const struct event *e)
{
	uint64_t hash = e->pc * 0x9e3779b97f4a7c15U;
	struct remembered *m = &r->remembered[(hash >> 32) % REMEMBERED];

	if (m->pc != e->pc || m->kind != e->kind ||
	    m->iteration != r->iteration)
		*m = (struct remembered){e->pc, r->iteration, e->kind,
					 find_concerns(r, e)};
	return m->bits;
}

static bool is_held(struct rff *r, unsigned thread, const struct event *e)
{
	unsigned bits = r->concerns[thread];
	uint64_t last = reads_from_last(&r->rf, e->address);

	for (unsigned i = 0; i < r->active_count; i++) {
		const struct active *a = &r->active[i];

		if (a->is_met)
			continue;
		if (bits & 1U << i) {
			if ((last == a->write) == a->is_negative)
				return true;
		} else if (bits & 1U << (SET + i)) {
			if (last == a->write)
				return true;
		}
	}
	return false;
}

static unsigned rff_next(void *state, const struct strategy_view *view)
{
	struct rff *r = state;
	uint64_t highest = 0, highest_held = 0;
	unsigned best = 0, best_held = 0;

	pos_meet(&r->pos, view);
	pos_be_fair(&r->pos, view);
	r->waits += view->is_last_waiting;
	if (r->waits > PATIENCE || r->refusals > STRATEGY_PATIENCE)
		r->active_count = 0;
	for (unsigned i = 0; i < view->runnable_count; i++) {
		unsigned t = view->runnable[i];
		const struct event *e = &view->pending[t];
		uint64_t *priority = &r->pos.priority[t];

		if (!*priority) {
			*priority = pos_draw(&r->pos);
			r->concerns[t] = recall_concerns(r, e);
		}
		if (r->concerns[t] && is_held(r, t, e)) {
			if (*priority > highest_held) {
				highest_held = *priority;
				best_held = i;
			}
		} else if (*priority > highest) {
			highest = *priority;
			best = i;
		}
	}
	r->refusals += highest && highest_held > highest;
	return highest ? best : best_held;
}

static void meet_constraints(struct rff *r, const struct event *e)
{
	for (unsigned i = 0; i < r->active_count; i++) {
		struct active *a = &r->active[i];

		if (a->is_met || a->is_negative || e->pc != a->read ||
		    !reads_from_is_read(e) ||
		    reads_from_last(&r->rf, e->address) != a->write)
			continue;
		a->is_met = true;
		reads_from_saw(&r->rf, (unsigned)a->pair);
	}
}

static void rff_event(void *state, const struct strategy_view *view,
		      unsigned thread)
{
	struct rff *r = state;
	const struct event *e = &view->pending[thread];

	pos_meet(&r->pos, view);
	pos_perform(&r->pos, view, thread);
	meet_constraints(r, e);
	reads_from_event(&r->rf, e, thread);
}

static void rff_end(void *state, const struct strategy_end *end)
{
	struct rff *r = state;

	if (!r->set.count || (!r->rf.fresh && !end->is_news))
		return;
	r->pool[r->pool_next++ % POOL] = r->set;
	if (r->pool_count < POOL)
		r->pool_count++;
}

const struct strategy strategy_rff = {
	.name = "rff",
	.paper = "Wolff, Shi, Duck, Mathur, Roychoudhury: Greybox fuzzing for "
		 "concurrency testing, ASPLOS 2024; reads and writes are known "
		 "by code alone, locks and signals count as both, a set that "
		 "shows a new pair is kept and mutated",
	.state_bytes = sizeof(struct rff),
	.begin = rff_begin,
	.next = rff_next,
	.event = rff_event,
	.end = rff_end,
};
