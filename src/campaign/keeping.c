#include "campaign/keeping.h"

#include <string.h>

#include "campaign/state.h"

enum { MAX_ONES = 50 * 1000, MAX_TURNS = 16 * 1024 * 1024 };

static bool is_earlier(const struct keeping_one *a, const struct keeping_one *b)
{
	if (a->cell != b->cell)
		return a->cell < b->cell;
	return a->iteration < b->iteration;
}

static struct keeping_one *find(struct keeping *k,
				const struct keeping_one *like)
{
	for (size_t i = 0; i < k->count; i++) {
		struct keeping_one *one = &k->ones[i];

		if (one->is_outcome == like->is_outcome &&
		    !one->effect == !like->effect &&
		    (!like->is_outcome || one->cell == like->cell) &&
		    !strcmp(one->name, like->name))
			return one;
	}
	return NULL;
}

void keeping_add(struct campaign *c, const struct keeping_one *one)
{
	struct arena *arena = &c->result->arena;
	struct keeping *k = &c->keeping;
	struct keeping_one *to = find(k, one);
	struct snag_turn *turns = to ? to->turns : NULL;
	uint32_t room = to ? to->room : 0;

	if (to && !is_earlier(one, to))
		return;
	if ((!to && k->count >= MAX_ONES) ||
	    (room < one->count && k->turns + one->count > MAX_TURNS)) {
		k->dropped++;
		return;
	}
	if (room < one->count) {
		room = one->count;
		k->turns += room;
		turns = arena_alloc(arena, room * sizeof(*turns));
	}
	if (!to)
		to = arena_push(arena, &k->ones, &k->count, sizeof(*to));
	*to = *one;
	to->turns = turns;
	to->room = room;
	if (one->count)
		memcpy(turns, one->turns, one->count * sizeof(*turns));
}
