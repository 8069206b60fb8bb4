#include "strategy/members.h"

struct uniform {
	uint64_t random;
};

static void uniform_begin(void *state, uint64_t seed)
{
	struct uniform *u = state;

	u->random = seed;
}

static unsigned uniform_next(void *state, const struct strategy_view *view)
{
	struct uniform *u = state;

	return strategy_below(&u->random, view->runnable_count);
}

const struct strategy strategy_uniform = {
	.name = "random",
	.paper = "each choice is uniform over those who can run",
	.state_bytes = sizeof(struct uniform),
	.begin = uniform_begin,
	.next = uniform_next,
};
