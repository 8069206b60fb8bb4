/* What two accesses that met at their targets left or read. */
#include "explore/target.h"
#include "explore/world_part.h"

static struct {
	bool is_set;
	int target;
	unsigned thread;
	uint64_t address, value;
} last; /* that came to a target */

void target_begin_iteration(void)
{
	last.is_set = false;
}

static void add_values(uint64_t a, uint64_t b)
{
	struct snag_confirm *c = &explore_shared->confirm;

	for (uint32_t i = 0; i < c->value_count; i++)
		if (c->values[i][0] == a && c->values[i][1] == b)
			return;
	if (c->value_count == SNAG_MEETINGS)
		return;
	c->values[c->value_count][0] = a;
	c->values[c->value_count][1] = b;
	c->value_count++;
}

/* Both accesses of a pair, one right after the other. */
static void note_pair(int target, uint64_t value)
{
	bool is_first_lower = last.target <= target;

	explore_shared->confirm.first[is_first_lower ? 0 : 1]++;
	add_values(is_first_lower ? last.value : value,
		   is_first_lower ? value : last.value);
}

void target_settle(unsigned thread, const struct event *e, uint64_t value)
{
	int target = target_of(e);

	if (target < 0)
		return;
	if (last.is_set && last.thread != thread && last.address == e->address)
		note_pair(target, value);
	last.is_set = true;
	last.target = target;
	last.thread = thread;
	last.address = e->address;
	last.value = value;
}
