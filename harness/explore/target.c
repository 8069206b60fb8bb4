#include "explore/target.h"

/* Where the image begins. */
extern const char __executable_start[];

static struct snag_target targets[SNAG_TARGETS];
static unsigned count;

void target_set(const struct snag_target *from, uint32_t n)
{
	count = n < SNAG_TARGETS ? n : SNAG_TARGETS;
	for (unsigned i = 0; i < count; i++)
		targets[i] = from[i];
}

bool target_is_on(void)
{
	return count > 0;
}

int target_of(const struct event *e)
{
	uint64_t offset = e->pc - 1 - (uint64_t)(uintptr_t)__executable_start;

	for (unsigned i = 0; i < count; i++)
		if (targets[i].offset == offset)
			return (int)(targets[i].side & 0xff);
	return -1;
}
