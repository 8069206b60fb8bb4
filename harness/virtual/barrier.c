/*
 * Barriers, and semaphores without a name.
 */
#include <errno.h>
#include <pthread.h>
#include <semaphore.h>

#include "virtual/call.h"
#include "virtual/clock.h"
#include "virtual/thread.h"

int virtual_pthread_barrier_init(pthread_barrier_t *b,
				 const pthread_barrierattr_t *attr,
				 unsigned count);
int virtual_pthread_barrier_destroy(pthread_barrier_t *b);
int virtual_pthread_barrier_wait(pthread_barrier_t *b);
int virtual_sem_init(sem_t *s, int is_shared, unsigned value);
int virtual_sem_destroy(sem_t *s);
int virtual_sem_wait(sem_t *s);
int virtual_sem_trywait(sem_t *s);
int virtual_sem_timedwait(sem_t *s, const struct timespec *until);
int virtual_sem_clockwait(sem_t *s, clockid_t clock,
			  const struct timespec *until);
int virtual_sem_post(sem_t *s);
int virtual_sem_getvalue(sem_t *s, int *value);

int virtual_pthread_barrier_init(pthread_barrier_t *b,
				 const pthread_barrierattr_t *attr,
				 unsigned count)
{
	struct object *o;
	int shared = PTHREAD_PROCESS_PRIVATE;

	if (!count)
		return EINVAL;
	if (attr)
		pthread_barrierattr_getpshared(attr, &shared);
	if (shared != PTHREAD_PROCESS_PRIVATE)
		world_uncontrolled(SNAG_PROCESS_SHARED);
	object_forget(b);
	o = object_at(b, OBJECT_BARRIER);
	o->limit = count;
	return 0;
}

int virtual_pthread_barrier_destroy(pthread_barrier_t *b)
{
	object_forget(b);
	return 0;
}

/* The round that the waiter came in is its ticket. */
static bool is_over(const void *b, const struct vthread *self)
{
	return object_at(b, OBJECT_BARRIER)->round != self->ticket;
}

int virtual_pthread_barrier_wait(pthread_barrier_t *b)
{
	struct object *o;
	bool is_last;

	ENTER();
	world_point_at(SNAG_EVENT_BARRIER, b, CALLER);
	__tsan_release(b);
	o = object_at(b, OBJECT_BARRIER);
	world_self()->ticket = o->round;
	is_last = ++o->arrived >= o->limit;
	if (is_last) {
		o->arrived = 0;
		o->round++;
		world_changed(b);
	} else {
		world_acquire(SNAG_EVENT_BARRIER, b, CALLER, is_over, 0);
	}
	__tsan_acquire(b);
	LEAVE();
	return is_last ? PTHREAD_BARRIER_SERIAL_THREAD : 0;
}

int virtual_sem_init(sem_t *s, int is_shared, unsigned value)
{
	struct object *o;

	if (is_shared)
		world_uncontrolled(SNAG_PROCESS_SHARED);
	if (value > INT32_MAX) {
		errno = EINVAL;
		return -1;
	}
	object_forget(s);
	o = object_at(s, OBJECT_SEM);
	o->limit = o->value = value;
	return 0;
}

int virtual_sem_destroy(sem_t *s)
{
	object_forget(s);
	return 0;
}

static bool is_positive(const void *s, const struct vthread *self)
{
	(void)self;
	return object_at(s, OBJECT_SEM)->value > 0;
}

static int down(sem_t *s, void *pc, uint64_t deadline_ns)
{
	struct virtual_thread *m = virtual_self();
	bool is_had;

	virtual_cancellation_point();
	m->was_signalled = false;
	m->is_signal_wait = true;
	is_had = virtual_acquire(SNAG_EVENT_SEM_WAIT, s, pc, is_positive,
				 deadline_ns);
	m->is_signal_wait = false;
	if (!is_had) {
		virtual_cancellation_point();
		errno = world_self()->has_timed_out ? ETIMEDOUT : EINTR;
		return -1;
	}
	object_at(s, OBJECT_SEM)->value--;
	world_changed(s);
	__tsan_acquire(s);
	return 0;
}

int virtual_sem_wait(sem_t *s)
{
	int result;

	ENTER();
	result = down(s, CALLER, 0);
	LEAVE();
	return result;
}

int virtual_sem_timedwait(sem_t *s, const struct timespec *until)
{
	int result;

	ENTER();
	result = down(s, CALLER, clock_deadline(CLOCK_REALTIME, until));
	LEAVE();
	return result;
}

int virtual_sem_clockwait(sem_t *s, clockid_t clock,
			  const struct timespec *until)
{
	int result;

	ENTER();
	result = down(s, CALLER, clock_deadline(clock, until));
	LEAVE();
	return result;
}

int virtual_sem_trywait(sem_t *s)
{
	bool is_taken;

	ENTER();
	world_point_at(SNAG_EVENT_TRYLOCK, s, CALLER);
	is_taken = is_positive(s, world_self());
	if (is_taken) {
		object_at(s, OBJECT_SEM)->value--;
		world_changed(s);
		world.changes++;
		__tsan_acquire(s);
	} else {
		errno = EAGAIN;
	}
	LEAVE();
	return is_taken ? 0 : -1;
}

int virtual_sem_post(sem_t *s)
{
	ENTER();
	world_point_at(SNAG_EVENT_SEM_POST, s, CALLER);
	__tsan_release(s);
	object_at(s, OBJECT_SEM)->value++;
	world_changed(s);
	LEAVE();
	return 0;
}

int virtual_sem_getvalue(sem_t *s, int *value)
{
	*value = (int)object_at(s, OBJECT_SEM)->value;
	return 0;
}
