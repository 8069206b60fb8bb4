#include "campaign/exploring.h"

#include <assert.h>
#include <string.h>

#include "campaign/epoch.h"

struct exploring *exploring_new(struct arena *arena, unsigned batches,
				const char *strategy)
{
	struct exploring *e = arena_alloc(arena, sizeof(*e));

	/* Rests and batches in flight are never more than there can be
	 * batches: no epoch is begun while there is a rest. */
	e->rest_room = batches;
	e->rests = arena_alloc(arena, batches * sizeof(*e->rests));
	e->is_one_by_one = !strncmp(strategy, "dfs", 3);
	e->worker = -1;
	return e;
}

bool exploring_has_next(const struct exploring *e, uint64_t next,
			uint64_t wanted, unsigned batches_in_flight)
{
	if (e->is_exhausted || (e->is_one_by_one && batches_in_flight))
		return false;
	return e->rest_count || next < wanted;
}

/* The lowest, whatever the order in which they were left. */
static size_t lowest(const struct exploring *e)
{
	size_t best = 0;

	for (size_t i = 1; i < e->rest_count; i++)
		if (e->rests[i].first < e->rests[best].first)
			best = i;
	return best;
}

void exploring_next(const struct exploring *e, uint64_t next, uint64_t wanted,
		    uint64_t *first, uint64_t *count)
{
	uint64_t end = epoch_end(next);

	*first = next;
	*count = (end < wanted ? end : wanted) - next;
	if (!e->rest_count)
		return;
	*first = e->rests[lowest(e)].first;
	*count = e->rests[lowest(e)].end - *first;
}

uint64_t exploring_take(struct exploring *e, uint64_t next, uint64_t first,
			uint64_t count)
{
	if (!e->rest_count)
		return first + count;
	e->rests[lowest(e)] = e->rests[e->rest_count - 1];
	e->rest_count--;
	return next;
}

void exploring_leave(struct exploring *e, uint64_t first, uint64_t end)
{
	if (first >= end)
		return;
	assert(e->rest_count < e->rest_room);
	e->rests[e->rest_count++] = (struct exploring_rest){first, end};
}
