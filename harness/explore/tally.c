#include "explore/tally.h"

#include <string.h>

#include "explore/world_part.h"

void tally_iteration(void)
{
	struct snag_explore *x = explore_shared;

	x->steps += x->live_steps;
	if (x->live_steps > x->most_steps)
		x->most_steps = x->live_steps;
	x->preemptions += x->live_preemptions;
	if (x->live_preemptions > x->most_preemptions)
		x->most_preemptions = x->live_preemptions;
	if (x->live_threads > x->most_threads)
		x->most_threads = x->live_threads;
	x->trace_hash = x->live_hash;
	schedule_count_distinct();
}

uint32_t tally_index(const char *name)
{
	struct snag_explore *x = explore_shared;
	uint32_t i = 0;

	while (i < x->strategy_count &&
	       strcmp(x->strategies[i].name, name) != 0)
		i++;
	if (i == SNAG_MAX_STRATEGIES)
		return 0;
	if (i == x->strategy_count) {
		strncpy(x->strategies[i].name, name, SNAG_STRATEGY_BYTES - 1);
		x->strategy_count = i + 1;
	}
	return i;
}

void tally_strategy(uint32_t index, const struct strategy_end *end)
{
	struct snag_strategy_counts *c = &explore_shared->strategies[index];

	c->schedules++;
	c->new_pairs += end->new_pairs;
	c->news += end->is_news;
}
