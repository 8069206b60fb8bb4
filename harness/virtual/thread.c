/*
 * Threads that the program makes: virtual ones, each with a fiber of its own,
 * so that a report says where it was created.
 */
#include <errno.h>

#include "virtual/call.h"
#include "virtual/clock.h"
#include "virtual/thread.h"

enum { HANDLE_SHIFT = 12 };
/* Handles look like addresses, and are none. */
#define HANDLE_BASE UINT64_C(0x7a0000000000)

int __interceptor_pthread_create(pthread_t *, const pthread_attr_t *,
				 void *(*)(void *), void *);
int virtual_pthread_join(pthread_t thread, void **result);
int virtual_pthread_tryjoin_np(pthread_t thread, void **result);
int virtual_pthread_timedjoin_np(pthread_t thread, void **result,
				 const struct timespec *until);
int virtual_pthread_clockjoin_np(pthread_t thread, void **result,
				 clockid_t clock, const struct timespec *until);
int virtual_pthread_detach(pthread_t thread);
pthread_t virtual_pthread_self(void);

pthread_t virtual_handle(const struct vthread *t)
{
	return (pthread_t)(HANDLE_BASE + ((uint64_t)t->number << HANDLE_SHIFT));
}

struct vthread *virtual_by_handle(pthread_t handle)
{
	uint64_t at = (uint64_t)handle - HANDLE_BASE;

	if (at >> HANDLE_SHIFT >= WORLD_MAX_NUMBERS)
		return NULL;
	return world_thread((unsigned)(at >> HANDLE_SHIFT));
}

pthread_t virtual_pthread_self(void)
{
	return virtual_handle(world_self());
}

int virtual_pthread_create(pthread_t *thread, const pthread_attr_t *attr,
			   void *(*start)(void *), void *argument)
{
	int state = PTHREAD_CREATE_JOINABLE;
	struct vthread *t;

	/* From here, so that the report's first frame is this function. */
	if (start == virtual_stand_in) {
		state = __interceptor_pthread_create(thread, attr, start,
						     argument);
		__asm__ volatile(""); /* no tail call */
		return state;
	}
	ENTER();
	world_point_at(SNAG_EVENT_CREATE, NULL, CALLER);
	t = world_spawn(start, argument, NULL);
	if (t) {
		if (attr)
			pthread_attr_getdetachstate(attr, &state);
		t->is_detached = state == PTHREAD_CREATE_DETACHED;
		if (!t->is_detached)
			virtual_note_maker(t, __builtin_frame_address(0));
		*thread = virtual_handle(t);
	}
	LEAVE();
	return t ? 0 : EAGAIN;
}

static bool has_ended(const void *object, const struct vthread *self)
{
	const struct vthread *t = object;

	(void)self;
	return t->state == V_ENDED;
}

static int why_not_join(const struct vthread *t)
{
	if (!t)
		return ESRCH;
	if (t == world_self())
		return EDEADLK;
	return t->is_detached || t->is_joined ? EINVAL : 0;
}

static void take_result(struct vthread *t, void **result)
{
	t->is_joined = true;
	__tsan_acquire(&t->end);
	if (result)
		*result = t->result;
	world_release_ended(t);
}

static int join(pthread_t thread, void **result, void *pc, uint64_t deadline_ns)
{
	struct vthread *t = virtual_by_handle(thread);
	int problem = why_not_join(t);

	if (problem)
		return problem;
	virtual_cancellation_point();
	if (!virtual_acquire(SNAG_EVENT_JOIN, t, pc, has_ended, deadline_ns)) {
		virtual_cancellation_point();
		return ETIMEDOUT;
	}
	take_result(t, result);
	return 0;
}

int virtual_pthread_join(pthread_t thread, void **result)
{
	int problem;

	ENTER();
	problem = join(thread, result, CALLER, 0);
	LEAVE();
	return problem;
}

int virtual_pthread_timedjoin_np(pthread_t thread, void **result,
				 const struct timespec *until)
{
	int problem;

	ENTER();
	problem = join(thread, result, CALLER,
		       until ? clock_deadline(CLOCK_REALTIME, until) : 0);
	LEAVE();
	return problem;
}

int virtual_pthread_clockjoin_np(pthread_t thread, void **result,
				 clockid_t clock, const struct timespec *until)
{
	int problem;

	ENTER();
	problem = join(thread, result, CALLER,
		       until ? clock_deadline(clock, until) : 0);
	LEAVE();
	return problem;
}

int virtual_pthread_tryjoin_np(pthread_t thread, void **result)
{
	struct vthread *t = virtual_by_handle(thread);
	int problem = why_not_join(t);

	if (problem)
		return problem;
	ENTER();
	world_point_at(SNAG_EVENT_TRYLOCK, t, CALLER);
	if (t->state == V_ENDED)
		take_result(t, result);
	else
		problem = EBUSY;
	LEAVE();
	return problem;
}

int virtual_pthread_detach(pthread_t thread)
{
	struct vthread *t = virtual_by_handle(thread);

	if (!t)
		return ESRCH;
	if (t->is_detached || t->is_joined)
		return EINVAL;
	t->is_detached = true;
	return 0;
}
