/*
 * Strategies that go on over batches: the host makes their state before it
 * forks, and finds it again for the next batch of the same cell.
 */
#include "explore/lasting.h"

#include "internal.h"

enum { PLACES = 16 };

static struct place {
	uint32_t scenario, threads;
	uint64_t seed, used;
	char name[SNAG_STRATEGY_BYTES];
	const struct strategy *strategy;
	void *state;
} places[PLACES];
static uint64_t uses;
static struct place *now; /* of the batch that is ordered */

static bool is_of(const struct place *p, const struct snag_batch_order *o)
{
	return p->strategy && p->scenario == o->scenario &&
	       p->threads == o->threads && p->seed == o->seed &&
	       !strcmp(p->name, o->strategy);
}

static struct place *find(const struct snag_batch_order *o)
{
	struct place *oldest = &places[0];

	for (int i = 0; i < PLACES; i++) {
		if (is_of(&places[i], o))
			return &places[i];
		if (places[i].used < oldest->used)
			oldest = &places[i];
	}
	return oldest;
}

/* An order for the first iteration begins afresh. */
void lasting_prepare(const struct snag_batch_order *o)
{
	struct place *p;

	now = NULL;
	if (o->engine != SNAG_EXPLORE || !strategy_is_lasting(o->strategy))
		return;
	p = find(o);
	if (!is_of(p, o) || !o->first) {
		if (p->strategy)
			strategy_free(p->strategy, p->state);
		*p = (struct place){.scenario = o->scenario,
				    .threads = o->threads,
				    .seed = o->seed};
		memcpy(p->name, o->strategy, sizeof(p->name));
		p->strategy = strategy_new(o->strategy, &p->state);
	}
	p->used = ++uses;
	if (p->strategy)
		now = p;
}

const struct strategy *lasting_strategy(void **state)
{
	if (now)
		*state = now->state;
	return now ? now->strategy : NULL;
}
