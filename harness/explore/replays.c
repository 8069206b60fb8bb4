#include "explore/replays.h"

#include <string.h>

#include "explore/world_part.h"

static struct snag_replayed *now; /* NULL: there is one schedule */

bool replays_are_many(bool is_replay)
{
	return is_replay && explore_shared->replay_schedules;
}

void replays_begin(uint64_t in_batch)
{
	struct snag_explore *x = explore_shared;

	now = NULL;
	if (in_batch >= x->replay_schedules || in_batch >= SNAG_REPLAYS)
		return;
	now = &x->replayed[in_batch];
	*now = (struct snag_replayed){.is_done = 0};
	x->left_at = 0;
	schedule_replay_part(in_batch ? x->replay_ends[in_batch - 1] : 0,
			     x->replay_ends[in_batch]);
}

static uint64_t switches(void)
{
	const struct snag_explore *x = explore_shared;
	uint64_t n = 0;

	for (uint32_t i = 1; i < x->live_count; i++)
		n += x->live[i].thread != x->live[i - 1].thread;
	return n;
}

void replays_end(const char *outcome)
{
	const struct snag_explore *x = explore_shared;
	size_t i = 0;

	if (!now)
		return;
	now->left_at = x->left_at;
	now->steps = x->live_steps;
	now->preemptions = x->live_preemptions;
	now->switches = switches();
	now->hash = x->live_hash;
	for (; i + 1 < sizeof(now->outcome) && outcome[i]; i++)
		now->outcome[i] = outcome[i];
	now->outcome[i] = '\0';
	__atomic_store_n(&now->is_done, 1, __ATOMIC_RELEASE);
}
