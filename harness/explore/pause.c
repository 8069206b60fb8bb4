/*
 * Threads that let others go on: they yield, sleep, or wait for what is not in
 * our hands.
 */
#include "explore/world_part.h"
#include "virtual/thread.h"

void world_yield(enum snag_event_kind kind, void *pc)
{
	const struct event event = {.pc = (uint64_t)(uintptr_t)pc,
				    .kind = (uint8_t)kind};

	turn_publish(world.current, &event);
	if (world.alive < 2)
		return;
	world_set_waiting(world.current, V_YIELDED);
	turn_give_away();
	if (world.current->alerts)
		virtual_alert(world.current);
}

/* A sleep guarantees nothing about others: they may be done, or not have moved
 * at all.  A quarter of all sleeps are overtaken by nobody, a quarter by a few
 * events, by many, by all. */
static uint64_t draw_wake_step(void)
{
	uint64_t r = strategy_random(&turn_random);

	if (turn_is_systematic())
		return world.step + 1;
	switch (r & 3) {
	case 0:
		return world.step + 1;
	case 1:
		return world.step + 1 + (r >> 8) % 16;
	case 2:
		return world.step + 1 + (r >> 8) % 256;
	default:
		return UINT64_MAX;
	}
}

void world_sleep(uint64_t ns, void *pc)
{
	struct vthread *self = world.current;
	const struct event event = {.pc = (uint64_t)(uintptr_t)pc,
				    .kind = SNAG_EVENT_SLEEP};

	turn_publish(self, &event);
	if (world.alive < 2) {
		world.now_ns += ns;
		return;
	}
	self->deadline_ns = world.now_ns + ns + 1;
	self->wake_step = draw_wake_step();
	world_set_waiting(self, V_SLEEPING);
	turn_give_away();
	if (self->alerts)
		virtual_alert(self);
}

void world_wait_outside(uint64_t deadline_ns, void *pc)
{
	struct vthread *self = world.current;
	const struct event event = {.pc = (uint64_t)(uintptr_t)pc,
				    .kind = SNAG_EVENT_YIELD};

	turn_publish(self, &event);
	if (world.alive < 2) {
		if (deadline_ns > world.now_ns)
			world.now_ns = deadline_ns;
		return;
	}
	self->deadline_ns = deadline_ns;
	world_set_waiting(self, V_OUTSIDE);
	turn_give_away();
	if (self->alerts)
		virtual_alert(self);
}

bool world_is_idle(void)
{
	for (unsigned i = 0; i < world_runnable_count; i++)
		if (!world_thread(world_runnable[i])->is_outside)
			return false;
	return !world_next_deadline();
}
