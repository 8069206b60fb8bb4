#include "campaign/table.h"

/* No batch comes near this many of anything. */
#define MANY ((uint64_t)1 << 48)

/* Threads that were killed between taking a place and giving it back. */
enum { EVENTS_IN_FLIGHT = 1024 };

static bool is_marked(const struct snag_shared *t)
{
	return t->magic == SNAG_SHARED_MAGIC &&
	       t->version == SNAG_WIRE_VERSION && t->bytes == sizeof(*t);
}

static bool is_in_range(const struct snag_shared *t)
{
	return t->done <= 1 && t->is_skipped <= 1 &&
	       t->phase <= SNAG_PHASE_ENDING &&
	       t->outcome_count <= SNAG_SHARED_OUTCOMES &&
	       t->event_count <= SNAG_SHARED_EVENTS + EVENTS_IN_FLIGHT &&
	       t->reports < MANY && t->dropped_signatures < MANY &&
	       t->dropped_outcomes < MANY && t->dropped_events < MANY;
}

static bool fits_order(const struct snag_shared *t,
		       const struct snag_batch_order *order)
{
	if (t->phase == SNAG_PHASE_IDLE)
		return !t->completed;
	return t->completed <= order->count && t->current >= order->first &&
	       t->current - order->first < order->count;
}

/* An iteration's outcome is counted just before the iteration is. */
static bool outcomes_fit(const struct snag_shared *t)
{
	uint64_t left = t->completed + 1;

	for (uint32_t i = 0; i < t->outcome_count; i++) {
		if (t->outcomes[i].count > left)
			return false;
		left -= t->outcomes[i].count;
	}
	return true;
}

bool table_is_sound(const struct snag_shared *table,
		    const struct snag_batch_order *order)
{
	return is_marked(table) && is_in_range(table) &&
	       fits_order(table, order) && outcomes_fit(table);
}
