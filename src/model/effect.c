#include "model/effect.h"

#include <stddef.h>
#include <string.h>

static const char *const names[EFFECT_COUNT] = {
	[EFFECT_NOT_REACHED] = "not reached",
	[EFFECT_NO_EFFECT] = "no effect",
	[EFFECT_EXHAUSTED] = "exhausted",
	[EFFECT_VALUE_DIFFERS] = "value differs",
	[EFFECT_WRONG_OUTCOME] = "wrong outcome",
	[EFFECT_CRASHES] = "crashes",
	[EFFECT_DEADLOCKS] = "deadlocks",
};

const char *effect_name(enum effect effect)
{
	return names[effect];
}

enum effect effect_by_name(const char *name)
{
	for (int i = 1; name && i < EFFECT_COUNT; i++)
		if (!strcmp(names[i], name))
			return (enum effect)i;
	return EFFECT_NONE;
}
