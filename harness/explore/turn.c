/*
 * Whose turn it is.  Threads that only wait (they yield, sleep, or spin) are
 * passed over while another can do something: the fairness without which a
 * schedule of a spin loop never ends (Musuvathi, Qadeer: Fair stateless model
 * checking, PLDI 2008).  A replayed schedule picks among all of them.
 */
#include <errno.h>

#include "explore/pairs.h"
#include "explore/stack.h"
#include "explore/target.h"
#include "explore/trace.h"
#include "explore/world_part.h"
#include "virtual/thread.h"

enum {
	FRUITLESS = 16, /* yields of all; then others are looked at */
	STEP_NS = 20,
	SPURIOUS_ONE_OF = 16, /* picks */
};

uint64_t turn_random;

static const struct strategy *strategy;
static void *strategy_state;
static uint64_t max_steps;
static bool is_replay, is_systematic, is_spurious;
/* Yields that let nobody change anything, and since which change. */
static uint64_t relaxed, relaxed_changes;
static uint16_t eager[WORLD_MAX_ALIVE];
static unsigned last;
static struct strategy_view view;

void turn_set_replay(bool replays)
{
	is_replay = replays;
}

void turn_init(const struct strategy *s, void *state, uint64_t steps)
{
	strategy = s;
	strategy_state = state;
	max_steps = steps;
	is_systematic = s && s->is_exhausted;
}

void turn_set_spurious(bool ends_waits)
{
	is_spurious = ends_waits;
}

bool turn_is_systematic(void)
{
	return is_systematic;
}

void turn_begin(uint64_t seed)
{
	relaxed = relaxed_changes = 0;
	turn_random = seed;
	settle_begin();
	last = 0;
	if (strategy && !is_replay)
		strategy->begin(strategy_state, seed);
}

void turn_publish(struct vthread *self, const struct event *event)
{
	turn_settle(self);
	world_events[self->number] = *event;
}

static bool may_run(struct vthread *t)
{
	if (t->waiting == V_SLEEPING && world.step >= t->wake_step)
		world_set_waiting(t, V_EAGER);
	return t->waiting == V_EAGER;
}

static unsigned find_eager(void)
{
	unsigned n = 0;

	for (unsigned i = 0; i < world_runnable_count; i++)
		if (may_run(world_thread(world_runnable[i])))
			eager[n++] = world_runnable[i];
	return n;
}

static bool end_waiting(enum vwaiting which)
{
	bool is_any = false;

	for (unsigned i = 0; i < world_runnable_count; i++) {
		struct vthread *t = world_thread(world_runnable[i]);

		if (t->waiting != which)
			continue;
		world_set_waiting(t, V_EAGER);
		t->idle_events = 0;
		is_any = true;
	}
	return is_any;
}

static bool pass_time(void)
{
	uint64_t deadline = world_next_deadline();

	if (!deadline)
		return false;
	if (deadline > world.now_ns)
		world.now_ns = deadline;
	world_expire();
	for (unsigned i = 0; i < world_runnable_count; i++) {
		struct vthread *t = world_thread(world_runnable[i]);

		if (t->deadline_ns && !t->needs &&
		    t->deadline_ns <= world.now_ns)
			world_set_waiting(t, V_EAGER);
	}
	return true;
}

/* Nobody is eager: somebody is made so, or it is a deadlock. */
static void relax(void)
{
	bool is_any;

	if (relaxed_changes != world.changes)
		relaxed = 0;
	relaxed_changes = world.changes;
	/* Who yields again and again waits for those too that are passed over:
	 * a sleeper, or what was taken for a spin. */
	is_any = end_waiting(V_YIELDED);
	if (is_any && ++relaxed < FRUITLESS)
		return;
	relaxed = 0;
	if (pass_time())
		return;
	is_any |= end_waiting(V_SPINNING);
	if (end_waiting(V_OUTSIDE) || is_any)
		return;
	world_stop("@deadlock");
}

static void set_view(void)
{
	view.runnable = world_runnable;
	view.runnable_count = world_runnable_count;
	if (!world_waiting_count && world_runnable_count)
		return;
	view.runnable = eager;
	while (!(view.runnable_count = find_eager()))
		relax();
}

/* A schedule that does not fit is followed as far as it does. */
static struct vthread *pick_default(void)
{
	set_view();
	for (unsigned i = 0; i < view.runnable_count; i++)
		if (view.runnable[i] == last)
			return world_thread(last);
	return world_thread(view.runnable[0]);
}

static struct vthread *pick_replayed(void)
{
	int number = schedule_replay();
	struct vthread *t = number < 0 ? NULL : world_thread((unsigned)number);

	if (t && t->state == V_BLOCKED && t->needs && t->deadline_ns) {
		if (t->deadline_ns > world.now_ns)
			world.now_ns = t->deadline_ns;
		world_expire();
	}
	if (t && t->state == V_BLOCKED && is_spurious && t->is_spurious_ok)
		world_interrupt(t, ALERT_SPURIOUS);
	if (t && t->state == V_RUNNABLE) {
		world_set_waiting(t, V_EAGER);
		return t;
	}
	if (number >= 0 && !explore_shared->left_at)
		explore_shared->left_at = world.step + 1;
	return pick_default();
}

/* Now and then a wait on a condition ends for nothing. */
static void offer_spurious(void)
{
	uint64_t r = strategy_random(&turn_random);
	struct vthread *t;

	if (r % SPURIOUS_ONE_OF)
		return;
	t = world_spurious((unsigned)(r >> 32));
	if (t)
		world_interrupt(t, ALERT_SPURIOUS);
}

static struct vthread *pick(void)
{
	const struct vthread *before = world_thread(last);
	unsigned at = 0;

	view.last = last;
	view.is_last_runnable = before->state == V_RUNNABLE;
	view.is_last_waiting = before->waiting != V_EAGER;
	if (is_replay)
		return pick_replayed();
	if (is_spurious && world.needy_count)
		offer_spurious();
	set_view();
	view.pending = world_events;
	view.thread_count = world.thread_count;
	view.step = world.step;
	if (view.runnable_count > 1)
		at = strategy->next(strategy_state, &view);
	return world_thread(view.runnable[at]);
}

static void end_yields(const struct vthread *but)
{
	for (unsigned i = 0; i < world_runnable_count; i++) {
		struct vthread *t = world_thread(world_runnable[i]);

		if (t->waiting == V_YIELDED && t != but)
			world_set_waiting(t, V_EAGER);
	}
}

/* The thread's pending event happens now. */
static void write_down(struct vthread *t)
{
	struct event *e = &world_events[t->number];

	schedule_note(t->number, e);
	if (pairs_are_on() && event_is_memory(e))
		pairs_note(e);
	if (trace_is_on())
		trace_event(t->number, e, view.runnable_count > 1);
	if (target_is_on())
		target_perform(t->number, e);
	world.step++;
	world.now_ns += STEP_NS;
	if (world.step > max_steps)
		world_stop("@livelock");
	if (e->kind == SNAG_EVENT_ATOMIC_UPDATE)
		t->update_before = settle_value(e);
}

static void perform(struct vthread *t)
{
	if (t->deadline_ns && !t->needs) { /* it slept */
		if (t->deadline_ns > world.now_ns && !t->is_outside)
			world.now_ns = t->deadline_ns;
		t->deadline_ns = 0;
	}
	write_down(t);
	if (t->number != last) {
		explore_shared->switches++;
		explore_shared->live_preemptions +=
			view.is_last_runnable && !view.is_last_waiting;
		last = t->number;
	}
	if (world_waiting_count)
		end_yields(t);
	if (strategy->event && !is_replay)
		strategy->event(strategy_state, &view, t->number);
	if (world_first_deadline <= world.now_ns)
		world_expire();
}

static void switch_to(struct vthread *next)
{
	struct vthread *from = world.current;

	if (next == from)
		return;
	from->saved_errno = errno;
	world.current = next;
	__tsan_switch_to_fiber(next->fiber, 1);
	snag_switch(&from->sp, next->sp);
	errno = from->saved_errno;
}

void turn_give_away(void)
{
	struct vthread *next = pick();

	perform(next);
	switch_to(next);
}

void turn_next(struct vthread *self)
{
	(void)self;
	turn_give_away();
}

void world_point(const struct event *event)
{
	struct vthread *self = world.current;

	for (;;) {
		turn_publish(self, event);
		if (world.alive > 1)
			turn_give_away();
		else
			world_set_waiting(self, V_EAGER);
		if (!self->alerts || !virtual_alert_at_point(self))
			return;
	}
}

void turn_keep(const struct event *event)
{
	struct vthread *self = world.current;

	if (is_replay || world.alive < 2 || self->alerts ||
	    self->number != last) {
		world_point(event);
		return;
	}
	turn_publish(self, event);
	if (self->waiting == V_EAGER) {
		write_down(self);
		if (world_waiting_count)
			end_yields(self);
		return;
	}
	turn_give_away(); /* it spins */
	if (self->alerts && virtual_alert_at_point(self))
		world_point(event);
}

void world_note_change(void)
{
	world.changes++;
	if (world_waiting_count)
		settle_end_spins();
}
