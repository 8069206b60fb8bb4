/*
 * What is done once: pthread_once (C++'s std::call_once with it) and the guards
 * of C++'s static variables.  Who comes while it is being done waits; the same
 * thread waits for itself, and that is a deadlock as any other.
 */
#include <dlfcn.h>
#include <pthread.h>

#include "virtual/call.h"
#include "virtual/thread.h"

int virtual_pthread_once(pthread_once_t *once, void (*routine)(void));
int virtual___cxa_guard_acquire(char *guard);
void virtual___cxa_guard_release(char *guard);
void virtual___cxa_guard_abort(char *guard);

/* 0: not yet, 1: done, in the program's memory as ThreadSanitizer has it. */
enum { ONCE_DONE = 1 };

static bool is_not_being_done(const void *once, const struct vthread *self)
{
	(void)self;
	return !object_at(once, OBJECT_ONCE)->owner;
}

static void begin(const void *once)
{
	object_at(once, OBJECT_ONCE)->owner = world_self();
	world_changed(once);
}

static void end(const void *once)
{
	object_at(once, OBJECT_ONCE)->owner = NULL;
	world_changed(once);
}

/* Its routine did not return: an exception, pthread_exit, a cancellation. */
static void end_unless_done(pthread_once_t **once)
{
	if (*once)
		end(*once);
}

static void do_once(pthread_once_t *once, void (*routine)(void))
{
	__attribute__((cleanup(end_unless_done))) pthread_once_t *guarded =
		once;

	begin(once);
	once_arguments_back();
	routine();
	*once = ONCE_DONE;
	__tsan_release(once);
	end(once);
	guarded = NULL;
}

int virtual_pthread_once(pthread_once_t *once, void (*routine)(void))
{
	ENTER();
	world_acquire(SNAG_EVENT_ONCE, once, CALLER, is_not_being_done, 0);
	if (*once != ONCE_DONE)
		do_once(once, routine);
	else
		__tsan_acquire(once);
	LEAVE();
	return 0;
}

int virtual___cxa_guard_acquire(char *guard)
{
	bool is_ours;

	ENTER();
	world_acquire(SNAG_EVENT_ONCE, guard, CALLER, is_not_being_done, 0);
	is_ours = !*guard;
	if (is_ours)
		begin(guard);
	else
		__tsan_acquire(guard);
	LEAVE();
	return is_ours;
}

void virtual___cxa_guard_release(char *guard)
{
	ENTER();
	world_point_at(SNAG_EVENT_ONCE, guard, CALLER);
	__tsan_release(guard);
	*guard = 1;
	end(guard);
	LEAVE();
}

void virtual___cxa_guard_abort(char *guard)
{
	ENTER();
	world_point_at(SNAG_EVENT_ONCE, guard, CALLER);
	end(guard);
	LEAVE();
}
