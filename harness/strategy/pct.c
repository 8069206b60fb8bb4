#include "strategy/members.h"

enum { MAX_DEPTH = 64, FIRST_GUESS = 32 };

/* To lower the thread that would perform event `at`. */
struct change {
	uint64_t at;
	int64_t priority;
};

/* Threads begin above 0; the changes give 0, -1, ..., in an order that does not
 * depend on theirs; who waits for others goes below all given before. */
struct pct {
	uint64_t random;
	unsigned depth, changes_done, known;
	unsigned favourite, favours; /* who was picked last; how often */
	uint64_t longest;            /* run of this batch; 0: none yet */
	struct change changes[MAX_DEPTH];
	int64_t floor;
	int64_t priority[STRATEGY_THREADS];
};

static bool pct_init(void *state, const char *argument)
{
	struct pct *p = state;

	p->depth = 3;
	return strategy_read_number(argument, 1, MAX_DEPTH, &p->depth);
}

static void draw_changes(struct pct *p)
{
	uint64_t k = p->longest ? p->longest : FIRST_GUESS;
	uint32_t below = k < UINT32_MAX ? (uint32_t)k : UINT32_MAX;

	for (unsigned i = 0; i < p->depth - 1; i++) {
		const struct change c = {strategy_below(&p->random, below),
					 -(int64_t)i};
		unsigned j = i;

		for (; j && p->changes[j - 1].at > c.at; j--)
			p->changes[j] = p->changes[j - 1];
		p->changes[j] = c;
	}
	p->changes[p->depth - 1].at = UINT64_MAX;
}

static void pct_begin(void *state, uint64_t seed)
{
	struct pct *p = state;

	p->random = seed;
	p->known = p->changes_done = p->favours = 0;
	p->floor = -(int64_t)p->depth;
	draw_changes(p);
}

static void meet(struct pct *p, const struct strategy_view *view)
{
	for (; p->known < view->thread_count; p->known++)
		p->priority[p->known] =
			(int64_t)(strategy_random(&p->random) >> 1) + 1;
}

static unsigned highest(const struct pct *p, const struct strategy_view *view)
{
	unsigned best = 0;

	for (unsigned i = 1; i < view->runnable_count; i++)
		if (p->priority[view->runnable[i]] >
		    p->priority[view->runnable[best]])
			best = i;
	return best;
}

static bool is_change(const struct pct *p, const struct strategy_view *view)
{
	return p->changes[p->changes_done].at <= view->step;
}

static void change(struct pct *p, unsigned thread)
{
	p->priority[thread] = p->changes[p->changes_done++].priority;
}

/* Who waits for others, or may do so unnoticed, falls below them. */
static void be_fair(struct pct *p, const struct strategy_view *view)
{
	bool has_had_enough =
		p->favours > STRATEGY_PATIENCE && p->favourite == view->last;

	if (!view->is_last_waiting && !has_had_enough)
		return;
	p->priority[view->last] = p->floor--;
	p->favours = 0;
}

static void favour(struct pct *p, unsigned thread)
{
	if (thread != p->favourite)
		p->favours = 0;
	p->favourite = thread;
	p->favours++;
}

static unsigned pct_next(void *state, const struct strategy_view *view)
{
	struct pct *p = state;
	unsigned at;

	if (p->known < view->thread_count)
		meet(p, view);
	be_fair(p, view);
	at = highest(p, view);
	while (is_change(p, view)) {
		change(p, view->runnable[at]);
		at = highest(p, view);
	}
	favour(p, view->runnable[at]);
	return at;
}

/* A change falls due where there is no choice as well. */
static void pct_event(void *state, const struct strategy_view *view,
		      unsigned thread)
{
	struct pct *p = state;

	if (p->known < view->thread_count)
		meet(p, view);
	while (is_change(p, view))
		change(p, thread);
}

static void pct_end(void *state, const struct strategy_end *end)
{
	struct pct *p = state;

	if (end->steps > p->longest && (!end->is_cut || !p->longest))
		p->longest = end->steps;
}

const struct strategy strategy_pct = {
	.name = "pct",
	.paper = "Burckhardt, Kothari, Musuvathi, Nagarakatte: A randomized "
		 "scheduler with probabilistic guarantees of finding bugs, "
		 "ASPLOS 2010; the length of a run is the longest seen, a "
		 "thread that waits for others, or goes on for very long, "
		 "falls to the lowest priority",
	.argument = "depth of the bug, 1 to 64",
	.state_bytes = sizeof(struct pct),
	.init = pct_init,
	.begin = pct_begin,
	.next = pct_next,
	.event = pct_event,
	.end = pct_end,
};
