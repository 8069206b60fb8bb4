#include "explore/target.h"

/* Where the image begins. */
extern const char __executable_start[];

static uint64_t targets[SNAG_TARGETS];
static unsigned count;
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
