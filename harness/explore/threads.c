/*
 * Virtual threads come and go: their fibers, stacks and numbers.
 */
#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "explore/stack.h"
#include "explore/world_part.h"
#include "virtual/thread.h"

enum {
	A_CHUNK = 64, /* threads made at once */
	MAX_WARM = 16,
	/* Fibers that were made and not destroyed. */
	MAX_FIBERS = 7000,
	/* So many stay until the iteration is over, which is cheaper. */
	MANY_FIBERS = 1000,
};

static struct vthread main_thread;
static struct vthread *free_threads;
static struct vthread *roles[WORLD_MAX_ALIVE];
static unsigned role_count;
static unsigned fiber_count; /* of threads that the program made */
void *__interceptor_mmap(void *at, size_t bytes, int protection, int flags,
			 int fd, long offset);

static struct stack *used_stacks; /* of joined threads of this iteration */

/* Memory of the harness's own, which ThreadSanitizer need not look at. */
static void *map(size_t bytes)
{
	long at = syscall(SYS_mmap, NULL, bytes, PROT_READ | PROT_WRITE,
			  MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	return at == -1 ? NULL : (void *)at;
}

/* Past so many threads one has a stack that another of this iteration had:
 * mapped anew, so that ThreadSanitizer forgets what happened on it. */
static struct stack *take_stack(void)
{
	struct stack *stack = used_stacks;

	if (!stack)
		return stack_take();
	used_stacks = stack->next;
	__interceptor_mmap(
		stack->low, (size_t)(stack->high - stack->low),
		PROT_READ | PROT_WRITE,
		MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED, -1, 0);
	return stack;
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
	t->stack = take_stack();
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
	virtual_end_thread(self->start(self->argument));
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
	world_threads[t->number] = t;
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

void world_release_ended(struct vthread *t)
{
	if (fiber_count < MANY_FIBERS || t->is_role || !t->fiber)
		return;
	__tsan_destroy_fiber(t->fiber);
	t->fiber = NULL;
	fiber_count--;
	t->stack->next = used_stacks;
	used_stacks = t->stack;
	t->stack = NULL;
}

static void release_detached(void)
{
	for (unsigned i = 1; i < world.thread_count; i++) {
		struct vthread *t = world_threads[i];

		if (t->state == V_ENDED && t->is_detached && t != world.current)
			world_release_ended(t);
	}
}

struct vthread *world_spawn(void *(*start)(void *), void *argument,
			    const char *name)
{
	struct vthread *t;

	if (fiber_count >= MANY_FIBERS)
		release_detached();
	if (world.alive >= WORLD_MAX_ALIVE || fiber_count >= MAX_FIBERS ||
	    world.thread_count >= WORLD_MAX_NUMBERS)
		return NULL;
	t = take_thread();
	if (!t)
		return NULL;
	fiber_count++;
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
	m->alerts = 0;
	world_reset(m, iteration);
}

/* A thread that pthread_exit ended is still, for ThreadSanitizer, in the calls
 * that it was in. */
static void settle_role(struct vthread *t)
{
	if (!t->is_spoilt)
		return;
	__tsan_destroy_fiber(t->fiber);
	t->fiber = NULL;
}

void world_settle(void)
{
	for (unsigned i = 0; i < world.thread_count; i++) {
		struct vthread *t = world_threads[i];

		virtual_thread_over(t);
		if (!i)
			continue;
		__tsan_acquire(&t->end);
		if (t->is_role) {
			settle_role(t);
			continue;
		}
		if (t->fiber)
			__tsan_destroy_fiber(t->fiber);
		if (t->stack)
			stack_give_back(t->stack);
		t->next_free = free_threads;
		free_threads = t;
	}
	while (used_stacks) {
		struct stack *stack = used_stacks;

		used_stacks = stack->next;
		stack_give_back(stack);
	}
	fiber_count = 0;
	world.is_active = false;
}

void world_warm_up(unsigned count)
{
	struct vthread *made[MAX_WARM];

	for (unsigned i = 0; i < count && i < MAX_WARM; i++) {
		made[i] = take_thread();
		if (!made[i])
			return;
		made[i]->fiber = __tsan_create_fiber(0);
		/* The first page of its stack. */
		stack_prepare(made[i]->stack, thread_first, made[i]);
	}
	for (unsigned i = 0; i < count && i < MAX_WARM; i++) {
		__tsan_destroy_fiber(made[i]->fiber);
		stack_give_back(made[i]->stack);
		made[i]->next_free = free_threads;
		free_threads = made[i];
	}
}
