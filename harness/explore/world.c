#include "explore/world_part.h"

#include <string.h>

#include "explore/trace.h"
#include "oracle/oracle.h"
#include "virtual/thread.h"

struct world world;
struct event world_events[WORLD_MAX_NUMBERS];
uint16_t world_runnable[WORLD_MAX_ALIVE];
unsigned world_runnable_count, world_waiting_count;
uint64_t world_first_deadline = UINT64_MAX;

struct vthread *world_threads[WORLD_MAX_NUMBERS];

static struct vthread *needy;

struct vthread *world_thread(unsigned number)
{
	return number < world.thread_count ? world_threads[number] : NULL;
}

const struct event *world_pending(const struct vthread *thread)
{
	return &world_events[thread->number];
}

/* Where it stands among the runnable, or would. */
static unsigned place_of(unsigned number)
{
	unsigned low = 0, high = world_runnable_count;

	while (low < high) {
		unsigned middle = (low + high) / 2;

		if (world_runnable[middle] < number)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

void world_make_runnable(struct vthread *thread)
{
	unsigned at;

	if (thread->state == V_RUNNABLE)
		return;
	at = place_of(thread->number);
	memmove(&world_runnable[at + 1], &world_runnable[at],
		(world_runnable_count - at) * sizeof(world_runnable[0]));
	world_runnable[at] = thread->number;
	world_runnable_count++;
	thread->state = V_RUNNABLE;
	thread->waiting = V_EAGER;
}

void world_make_blocked(struct vthread *thread)
{
	unsigned at;

	if (thread->state != V_RUNNABLE)
		return;
	at = place_of(thread->number);
	world_set_waiting(thread, V_EAGER);
	world_runnable_count--;
	memmove(&world_runnable[at], &world_runnable[at + 1],
		(world_runnable_count - at) * sizeof(world_runnable[0]));
	thread->state = V_BLOCKED;
}

void world_set_waiting(struct vthread *thread, enum vwaiting waiting)
{
	world_waiting_count -= thread->waiting != V_EAGER;
	world_waiting_count += waiting != V_EAGER;
	thread->waiting = (uint8_t)waiting;
}

/* A lock, say, in memory that was freed. */
static void check_object(const void *object)
{
	oracle_check((uint64_t)(uintptr_t)object, 1, ORACLE_ATOMIC,
		     __builtin_frame_address(0));
}

void world_point_at(enum snag_event_kind kind, const void *object, void *pc)
{
	const struct event event = {.pc = (uint64_t)(uintptr_t)pc,
				    .address = (uint64_t)(uintptr_t)object,
				    .kind = (uint8_t)kind};

	world_point(&event);
	check_object(object);
}

static void enter_needy(struct vthread *self, world_needs *needs,
			const void *object, uint64_t deadline_ns)
{
	self->needs = needs;
	self->object = object;
	self->has_timed_out = false;
	self->deadline_ns = deadline_ns;
	if (deadline_ns && deadline_ns < world_first_deadline)
		world_first_deadline = deadline_ns;
	self->next_needy = needy;
	needy = self;
	world.needy_count++;
}

static void leave_needy(struct vthread *self)
{
	struct vthread **at = &needy;

	while (*at != self)
		at = &(*at)->next_needy;
	*at = self->next_needy;
	world.needy_count--;
	self->needs = NULL;
	self->deadline_ns = 0;
}

/* Is there something that its wait does not keep it from? */
static bool is_disturbed(const struct vthread *t)
{
	return t->alerts &
	       (ALERT_SIGNAL | (t->is_interruptible ? ALERT_CANCEL : 0U) |
		(t->is_spurious_ok ? ALERT_SPURIOUS : 0U));
}

/* False: disturbed. */
static bool wait_for(struct vthread *self)
{
	if (self->needs(self->object, self))
		turn_next(self);
	while (!self->needs(self->object, self) && !self->has_timed_out) {
		if (is_disturbed(self))
			return false;
		if (trace_is_on())
			trace_wait(self->number, world_pending(self));
		world_make_blocked(self);
		turn_give_away();
	}
	return true;
}

bool world_acquire(enum snag_event_kind kind, const void *object, void *pc,
		   world_needs *needs, uint64_t deadline_ns)
{
	struct vthread *self = world.current;
	const struct event event = {.pc = (uint64_t)(uintptr_t)pc,
				    .address = (uint64_t)(uintptr_t)object,
				    .kind = (uint8_t)kind};
	bool is_over = false;

	if (world.alive < 2 && needs(object, self)) {
		check_object(object);
		return true;
	}
	while (!is_over) {
		turn_publish(self, &event);
		enter_needy(self, needs, object, deadline_ns);
		is_over = wait_for(self);
		leave_needy(self);
		if (!is_over && virtual_alert(self))
			return false;
	}
	check_object(object);
	return !self->has_timed_out;
}

void world_changed(const void *object)
{
	for (struct vthread *t = needy; t; t = t->next_needy) {
		if (t->object != object || t == world.current ||
		    t->has_timed_out)
			continue;
		if (is_disturbed(t) || t->needs(object, t))
			world_make_runnable(t);
		else
			world_make_blocked(t);
	}
}

void world_interrupt(struct vthread *thread, enum alert why)
{
	thread->alerts |= (uint8_t)why;
	if (thread->state == V_BLOCKED && thread->needs && is_disturbed(thread))
		world_make_runnable(thread);
	if (thread->state == V_RUNNABLE &&
	    (thread->waiting == V_SLEEPING || thread->waiting == V_OUTSIDE) &&
	    (why == ALERT_SIGNAL || thread->is_interruptible)) {
		thread->deadline_ns = 0;
		world_set_waiting(thread, V_EAGER);
	}
}

struct vthread *world_spurious(unsigned which)
{
	unsigned n = 0;

	for (struct vthread *t = needy; t; t = t->next_needy)
		n += t->is_spurious_ok && t->state == V_BLOCKED;
	if (!n)
		return NULL;
	which %= n;
	for (struct vthread *t = needy; t; t = t->next_needy)
		if (t->is_spurious_ok && t->state == V_BLOCKED && !which--)
			return t;
	return NULL;
}

void world_expire(void)
{
	uint64_t first = UINT64_MAX;

	for (struct vthread *t = needy; t; t = t->next_needy) {
		if (!t->deadline_ns || t->state != V_BLOCKED)
			continue;
		if (t->deadline_ns <= world.now_ns) {
			t->has_timed_out = true;
			world_make_runnable(t);
		} else if (t->deadline_ns < first) {
			first = t->deadline_ns;
		}
	}
	world_first_deadline = first;
}

uint64_t world_next_deadline(void)
{
	uint64_t first = UINT64_MAX;

	for (struct vthread *t = needy; t; t = t->next_needy)
		if (t->deadline_ns && t->state == V_BLOCKED &&
		    t->deadline_ns < first)
			first = t->deadline_ns;
	for (unsigned i = 0; world_waiting_count && i < world_runnable_count;
	     i++) {
		const struct vthread *t = world_threads[world_runnable[i]];

		if (t->deadline_ns && !t->needs && t->deadline_ns < first)
			first = t->deadline_ns;
	}
	return first == UINT64_MAX ? 0 : first;
}

/* Of a new iteration: main alone. */
void world_reset(struct vthread *main, uint64_t iteration)
{
	needy = NULL;
	world_runnable_count = world_waiting_count = 0;
	world_first_deadline = UINT64_MAX;
	world_threads[0] = main;
	world_events[0] = (struct event){.kind = SNAG_EVENT_BEGIN};
	world = (struct world){.current = main,
			       .alive = 1,
			       .thread_count = 1,
			       .iteration = iteration};
	world_make_runnable(main);
}
