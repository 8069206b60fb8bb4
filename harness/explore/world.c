#include "explore/world_part.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "explore/stack.h"
#include "explore/trace.h"

enum { A_CHUNK = 64, WORLD_MAX_WARM = 16 }; /* threads made at once */

struct world world;
struct event world_events[WORLD_MAX_NUMBERS];
uint16_t world_runnable[WORLD_MAX_ALIVE];
unsigned world_runnable_count, world_waiting_count;
uint64_t world_first_deadline = UINT64_MAX;

static struct vthread *threads[WORLD_MAX_NUMBERS];
static struct vthread main_thread;
static struct vthread *free_threads, *needy;
static struct vthread *roles[WORLD_MAX_ALIVE];
static unsigned role_count;

struct vthread *world_thread(unsigned number)
{
	return number < world.thread_count ? threads[number] : NULL;
}

const struct event *world_pending(const struct vthread *thread)
{
	return &world_events[thread->number];
}

static unsigned place_of(unsigned number)
{
	unsigned at = world_runnable_count;

	while (at && world_runnable[at - 1] >= number)
		at--;
	return at;
}

void world_make_runnable(struct vthread *thread)
{
	unsigned at = place_of(thread->number);

	if (thread->state == V_RUNNABLE)
		return;
	memmove(&world_runnable[at + 1], &world_runnable[at],
		(world_runnable_count - at) * sizeof(world_runnable[0]));
	world_runnable[at] = thread->number;
	world_runnable_count++;
	thread->state = V_RUNNABLE;
	thread->waiting = V_EAGER;
}

void world_make_blocked(struct vthread *thread)
{
	unsigned at = place_of(thread->number);

	if (thread->state != V_RUNNABLE)
		return;
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

void world_point_at(enum snag_event_kind kind, const void *object, void *pc)
{
	const struct event event = {.pc = (uint64_t)(uintptr_t)pc,
				    .address = (uint64_t)(uintptr_t)object,
				    .kind = (uint8_t)kind};

	world_point(&event);
}

static void leave_needy(struct vthread *self)
{
	struct vthread **at = &needy;

	while (*at != self)
		at = &(*at)->next_needy;
	*at = self->next_needy;
	world.needy_count--;
	self->needs = NULL;
}

static void set_deadline(struct vthread *self, uint64_t deadline_ns)
{
	self->deadline_ns = deadline_ns;
	if (deadline_ns && deadline_ns < world_first_deadline)
		world_first_deadline = deadline_ns;
}

bool world_acquire(enum snag_event_kind kind, const void *object, void *pc,
		   world_needs *needs, uint64_t deadline_ns)
{
	struct vthread *self = world.current;
	const struct event event = {.pc = (uint64_t)(uintptr_t)pc,
				    .address = (uint64_t)(uintptr_t)object,
				    .kind = (uint8_t)kind};

	if (world.alive < 2 && needs(object, self))
		return true;
	turn_publish(self, &event);
	self->needs = needs;
	self->object = object;
	self->next_needy = needy;
	self->has_timed_out = false;
	set_deadline(self, deadline_ns);
	needy = self;
	world.needy_count++;
	if (needs(object, self))
		turn_next(self);
	while (!needs(object, self) && !self->has_timed_out) {
		if (trace_is_on())
			trace_wait(self->number, &event);
		world_make_blocked(self);
		turn_give_away();
	}
	leave_needy(self);
	self->deadline_ns = 0;
	return !self->has_timed_out;
}

void world_changed(const void *object)
{
	for (struct vthread *t = needy; t; t = t->next_needy) {
		if (t->object != object || t == world.current ||
		    t->has_timed_out)
			continue;
		if (t->needs(object, t))
			world_make_runnable(t);
		else
			world_make_blocked(t);
	}
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
		const struct vthread *t = threads[world_runnable[i]];

		if (t->waiting == V_SLEEPING && t->deadline_ns < first)
			first = t->deadline_ns;
	}
	return first == UINT64_MAX ? 0 : first;
}

/* Memory of the harness's own, which ThreadSanitizer need not look at. */
static void *map(size_t bytes)
{
	long at = syscall(SYS_mmap, NULL, bytes, PROT_READ | PROT_WRITE,
			  MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	return at == -1 ? NULL : (void *)at;
}

static struct vthread *take_thread(void)
{
	struct vthread *t;

	if (!free_threads) {
		struct vthread *chunk = map(A_CHUNK * sizeof(*chunk));

		if (!chunk)
			return NULL;
		for (int i = A_CHUNK - 1; i >= 0; i--) {
			chunk[i].next_free = free_threads;
			free_threads = &chunk[i];
		}
	}
	t = free_threads;
	free_threads = t->next_free;
	memset(t, 0, sizeof(*t));
	t->stack = stack_take();
	if (t->stack)
		return t;
	t->next_free = free_threads;
	free_threads = t;
	return NULL;
}

static void thread_first(void *argument)
{
	struct vthread *self = argument;

	errno = 0;
	world_end_thread(self->start(self->argument));
}

/* Gives the thread its number; it will begin when it is picked. */
static void enter(struct vthread *t, void *(*start)(void *), void *argument)
{
	t->number = (uint16_t)world.thread_count++;
	t->state = V_BLOCKED;
	t->waiting = V_EAGER;
	t->start = start;
	t->argument = argument;
	t->idle_events = t->points = 0;
	t->sp = stack_prepare(t->stack, thread_first, t);
	threads[t->number] = t;
	world_events[t->number] = (struct event){
		.kind = SNAG_EVENT_BEGIN,
		.pc = (uint64_t)(uintptr_t)start,
	};
	world.alive++;
	explore_shared->live_threads = world.thread_count;
	world_make_runnable(t);
}

static void set_name(struct vthread *t, const char *name)
{
	for (size_t i = 0; i + 1 < sizeof(t->name) && name[i]; i++)
		t->name[i] = name[i];
	__tsan_set_fiber_name(t->fiber, t->name);
}

struct vthread *world_spawn(void *(*start)(void *), void *argument,
			    const char *name)
{
	struct vthread *t;

	if (world.alive >= WORLD_MAX_ALIVE ||
	    world.thread_count >= WORLD_MAX_NUMBERS)
		return NULL;
	t = take_thread();
	if (!t)
		return NULL;
	t->fiber = __tsan_create_fiber(0);
	if (name)
		set_name(t, name);
	enter(t, start, argument);
	return t;
}

struct vthread *world_role(unsigned index, const char *name,
			   void *(*start)(void *), void *argument)
{
	struct vthread *t = index < role_count ? roles[index] : NULL;

	if (!t) {
		t = take_thread();
		if (!t)
			return NULL;
		t->is_role = true;
		roles[role_count++] = t;
	}
	if (!t->fiber) {
		t->fiber = __tsan_create_fiber(0);
		set_name(t, name);
	}
	t->is_cancelled = t->cancel_disabled = false;
	enter(t, start, argument);
	return t;
}

void world_renew_roles(void)
{
	for (unsigned i = 0; i < role_count; i++) {
		if (roles[i]->fiber)
			__tsan_destroy_fiber(roles[i]->fiber);
		roles[i]->fiber = NULL;
	}
}

void world_warm_up(unsigned count)
{
	struct vthread *made[WORLD_MAX_WARM];

	for (unsigned i = 0; i < count && i < WORLD_MAX_WARM; i++) {
		made[i] = take_thread();
		if (!made[i])
			return;
		made[i]->fiber = __tsan_create_fiber(0);
		/* The first page of its stack. */
		stack_prepare(made[i]->stack, thread_first, made[i]);
	}
	for (unsigned i = 0; i < count && i < WORLD_MAX_WARM; i++) {
		__tsan_destroy_fiber(made[i]->fiber);
		stack_give_back(made[i]->stack);
		made[i]->next_free = free_threads;
		free_threads = made[i];
	}
}

_Noreturn void world_end_thread(void *result)
{
	struct vthread *self = world.current;

	self->result = result;
	turn_settle(self);
	world_make_blocked(self);
	self->state = V_ENDED;
	world.alive--;
	world.changes++;
	__tsan_release(&self->end);
	world_changed(self);
	world_changed(&world);
	turn_give_away();
	__builtin_unreachable();
}

bool world_all_ended(void)
{
	return world.alive <= 1;
}

void world_begin(uint64_t iteration)
{
	struct vthread *m = &main_thread;

	m->fiber = __tsan_get_current_fiber();
	m->number = 0;
	m->state = V_BLOCKED;
	m->waiting = V_EAGER;
	m->needs = NULL;
	m->idle_events = 0;
	needy = NULL;
	world_runnable_count = world_waiting_count = 0;
	world_first_deadline = UINT64_MAX;
	threads[0] = m;
	world_events[0] = (struct event){.kind = SNAG_EVENT_BEGIN};
	world = (struct world){.current = m,
			       .alive = 1,
			       .thread_count = 1,
			       .iteration = iteration};
	world_make_runnable(m);
}

void world_settle(void)
{
	for (unsigned i = 1; i < world.thread_count; i++) {
		struct vthread *t = threads[i];

		__tsan_acquire(&t->end);
		if (t->is_role)
			continue;
		__tsan_destroy_fiber(t->fiber);
		stack_give_back(t->stack);
		t->next_free = free_threads;
		free_threads = t;
	}
	world.is_active = false;
}
