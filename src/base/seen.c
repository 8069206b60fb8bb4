#include "base/seen.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"

bool seen_first(struct seen *seen, size_t number)
{
	bool is_first;

	if (number >= seen->room) {
		size_t room = number * 2 + 16;

		seen->flags = must_realloc(seen->flags, room);
		memset(seen->flags + seen->room, 0, room - seen->room);
		seen->room = room;
	}
	is_first = !seen->flags[number];
	seen->flags[number] = true;
	return is_first;
}

void seen_release(struct seen *seen)
{
	free(seen->flags);
	*seen = (struct seen){0};
}
