/*
 * What a thread's last event came to: did it change anything, and does the
 * thread only go round and round, waiting for others?
 */
#include "explore/target.h"
#include "explore/trace.h"
#include "explore/world_part.h"

enum { SPIN_EVENTS = 16 }; /* without effect, before a loop is looked for */

void settle_begin(void)
{
	target_begin_iteration();
}

void settle_end_spins(void)
{
	for (unsigned i = 0; i < world_runnable_count; i++) {
		struct vthread *t = world_thread(world_runnable[i]);

		if (t->waiting == V_SPINNING || t->waiting == V_OUTSIDE) {
			world_set_waiting(t, V_EAGER);
			t->idle_events = 0;
		}
	}
}

uint64_t settle_value(const struct event *e)
{
	const void *p = (const void *)(uintptr_t)e->address;

	switch (e->size) {
	case 1:
		return *(const volatile uint8_t *)p;
	case 2:
		return *(const volatile uint16_t *)p;
	case 4:
		return *(const volatile uint32_t *)p;
	case 8:
		return *(const volatile uint64_t *)p;
	default:
		return 0;
	}
}

/* Did the thread's last event change anything?  An atomic update that writes
 * what was there (a spin lock's exchange) did not. */
static bool has_effect(const struct vthread *self, const struct event *e)
{
	switch (e->kind) {
	case SNAG_EVENT_READ:
	case SNAG_EVENT_ATOMIC_LOAD:
	case SNAG_EVENT_TRYLOCK:
	case SNAG_EVENT_TRY_READ_LOCK:
	case SNAG_EVENT_YIELD:
	case SNAG_EVENT_SLEEP:
	case SNAG_EVENT_POINT:
		return false;
	case SNAG_EVENT_ATOMIC_UPDATE:
		return e->size > 8 || settle_value(e) != self->update_before;
	default:
		return true;
	}
}

/* Brent's search for a cycle, over what the thread looks at. */
static void look_for_spin(struct vthread *self, const struct event *e)
{
	uint64_t n = ++self->idle_events;
	uint64_t what = e->pc * 0x9e3779b97f4a7c15U ^ e->address;

	if (!(n & (n - 1)) || self->idle_changes != world.changes) {
		self->idle_mark = what;
		self->idle_changes = world.changes;
	} else if (n > SPIN_EVENTS && what == self->idle_mark) {
		world_set_waiting(self, V_SPINNING);
	}
}

void turn_settle(struct vthread *self)
{
	const struct event *e = &world_events[self->number];

	if (trace_is_on() && event_is_memory(e) && e->size && e->size <= 8 &&
	    e->kind != SNAG_EVENT_FREE)
		trace_settle(self->number, settle_value(e));
	if (target_is_on())
		target_settle(self->number, e);
	if (has_effect(self, e)) {
		self->idle_events = 0;
		world.changes++;
		if (world_waiting_count)
			settle_end_spins();
	} else {
		look_for_spin(self, e);
	}
}
