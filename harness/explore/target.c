#include "explore/target.h"

#include "explore/world_part.h"

/* Where the image begins. */
extern const char __executable_start[];

static uint64_t targets[SNAG_TARGETS];
static unsigned count;
static struct {
	bool is_set;
	int target;
	unsigned thread;
	uint64_t address, value;
} last; /* that came to a target */

static int digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

bool target_set(const char *text)
{
	count = 0;
	while (*text) {
		uint64_t offset = 0;
		unsigned digits = 0;

		for (; digit(*text) >= 0; text++, digits++)
			offset = offset << 4 | (uint64_t)digit(*text);
		if (!digits || digits > 16 || count == SNAG_TARGETS)
			return false;
		targets[count++] = offset;
		if (*text == ',' && text[1])
			text++;
		else if (*text)
			return false;
	}
	return count > 0;
}

bool target_is_on(void)
{
	return count > 0;
}

int target_of(const struct event *e)
{
	uint64_t offset = e->pc - 1 - (uint64_t)(uintptr_t)__executable_start;

	for (unsigned i = 0; i < count; i++)
		if (targets[i] == offset)
			return (int)i;
	return -1;
}

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
