/* What an exploring batch says besides its table. */
#include <snag/scenario.h>

#include "campaign/collect_part.h"

/* Its end was no iteration's doing. */
static bool ended_for_time(const struct collector *r)
{
	const struct worker *w = r->worker;

	return w->ended_by == ENDED_FOR_TIME ||
	       (w->order.limit_ms != UINT32_MAX &&
		r->took_ms >= w->order.limit_ms);
}

void collect_explore(struct collector *r, uint64_t ran)
{
	const struct snag_batch_order *o = &r->worker->order;
	struct exploring *e = r->cell->explore;

	if (o->engine != SNAG_EXPLORE)
		return;
	if (!r->is_spoilt && r->worker->explore->is_exhausted == 1)
		e->is_exhausted = true;
	else if (e->is_one_by_one || !ended_for_time(r))
		exploring_leave(e, o->first + ran, o->first + o->count);
}
