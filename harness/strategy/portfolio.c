/*
 * Members take turns by their weights (the smooth rotation of weighted
 * round-robin servers), which follow what each has found, and change at fixed
 * iterations of the batch only.
 */
#include "strategy/members.h"

enum {
	MEMBERS = 6,
	FIRST_LESSON = 64, /* iterations; then twice as many, ... */
	WEIGHT = 16,       /* to begin with, and of what all share */
	NEWS_WORTH = 16,   /* pairs */
};

static const char *const members[MEMBERS] = {
	"surw", "rff", "pos", "pct:3", "random", "pct:2",
};

struct portfolio {
	unsigned now;
	uint64_t iteration, next_lesson;
	struct member {
		const struct strategy *strategy;
		void *state;
		int64_t credit, weight;
		uint64_t runs, found; /* since the last lesson */
	} members[MEMBERS];
};

static bool portfolio_init(void *state, const char *argument)
{
	struct portfolio *p = state;

	(void)argument;
	for (unsigned i = 0; i < MEMBERS; i++) {
		struct member *m = &p->members[i];

		m->strategy = strategy_new(members[i], &m->state);
		m->weight = WEIGHT;
		if (!m->strategy)
			return false;
	}
	p->next_lesson = FIRST_LESSON;
	return true;
}

/* Half is shared equally, the rest by what was found in a run. */
static void learn(struct portfolio *p)
{
	uint64_t rates[MEMBERS], sum = 0;

	for (unsigned i = 0; i < MEMBERS; i++) {
		struct member *m = &p->members[i];

		rates[i] = m->runs ? (m->found << 16) / m->runs : 0;
		sum += rates[i];
		m->runs = m->found = 0;
	}
	for (unsigned i = 0; i < MEMBERS; i++)
		p->members[i].weight =
			WEIGHT +
			(sum ? (int64_t)(rates[i] * WEIGHT * MEMBERS / sum)
			     : 0);
}

static unsigned take_turn(struct portfolio *p)
{
	int64_t sum = 0;
	unsigned best = 0;

	for (unsigned i = 0; i < MEMBERS; i++) {
		p->members[i].credit += p->members[i].weight;
		sum += p->members[i].weight;
		if (p->members[i].credit > p->members[best].credit)
			best = i;
	}
	p->members[best].credit -= sum;
	return best;
}

static void portfolio_begin(void *state, uint64_t seed)
{
	struct portfolio *p = state;
	struct member *m;

	if (p->iteration++ == p->next_lesson) {
		learn(p);
		p->next_lesson *= 2;
	}
	p->now = take_turn(p);
	m = &p->members[p->now];
	m->strategy->begin(m->state, seed);
}

static unsigned portfolio_next(void *state, const struct strategy_view *view)
{
	const struct portfolio *p = state;
	const struct member *m = &p->members[p->now];

	return m->strategy->next(m->state, view);
}

static void portfolio_event(void *state, const struct strategy_view *view,
			    unsigned thread)
{
	const struct portfolio *p = state;
	const struct member *m = &p->members[p->now];

	if (m->strategy->event)
		m->strategy->event(m->state, view, thread);
}

static void portfolio_end(void *state, const struct strategy_end *end)
{
	struct portfolio *p = state;
	struct member *m = &p->members[p->now];

	m->runs++;
	m->found += end->new_pairs + (end->is_news ? NEWS_WORTH : 0);
	if (m->strategy->end)
		m->strategy->end(m->state, end);
}

static const char *portfolio_member(const void *state)
{
	const struct portfolio *p = state;

	return members[p->now];
}

const struct strategy strategy_portfolio = {
	.name = "portfolio",
	.paper = "surw, rff, pos, pct:3, random and pct:2 in turn, more often "
		 "who finds more",
	.state_bytes = sizeof(struct portfolio),
	.init = portfolio_init,
	.begin = portfolio_begin,
	.next = portfolio_next,
	.event = portfolio_event,
	.end = portfolio_end,
	.member = portfolio_member,
	.wants_pairs = true,
};
