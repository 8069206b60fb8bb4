/*
 * Mutexes: normal, adaptive, recursive, errorcheck; robust ones as if their
 * owner never dies.  The kind is read where pthread_mutex_init and the static
 * initialisers put it.
 */
#include <errno.h>
#include <pthread.h>

#include "virtual/call.h"
#include "virtual/clock.h"

enum {
	KIND_MASK = 3,
	KIND_NONE = 12,
	KIND_INHERIT = 32,
	KIND_PROTECT = 64,
	KIND_SHARED = 128,
};

int virtual_pthread_mutex_lock(pthread_mutex_t *m);
int virtual_pthread_mutex_trylock(pthread_mutex_t *m);
int virtual_pthread_mutex_timedlock(pthread_mutex_t *m,
				    const struct timespec *until);
int virtual_pthread_mutex_clocklock(pthread_mutex_t *m, clockid_t clock,
				    const struct timespec *until);
int virtual_pthread_mutex_unlock(pthread_mutex_t *m);
int virtual_pthread_mutex_destroy(pthread_mutex_t *m);
int __interceptor_pthread_mutex_destroy(pthread_mutex_t *m);
int __interceptor_pthread_mutex_lock(pthread_mutex_t *m);
int __interceptor_pthread_mutex_trylock(pthread_mutex_t *m);
int __interceptor_pthread_mutex_unlock(pthread_mutex_t *m);

static int kind_of(const pthread_mutex_t *m)
{
	return m->__data.__kind & KIND_MASK;
}

static unsigned flags_of(const pthread_mutex_t *m)
{
	return kind_of(m) == PTHREAD_MUTEX_RECURSIVE ? TSAN_WRITE_REENTRANT : 0;
}

/* Memory that was never made a mutex: libc finds that its kind is none, and
 * ThreadSanitizer has a report for what libc says then. */
static bool is_none(const pthread_mutex_t *m)
{
	int kind = m->__data.__kind;

	return kind & KIND_NONE || (kind & (KIND_INHERIT | KIND_PROTECT)) ==
					   (KIND_INHERIT | KIND_PROTECT);
}

static struct object *object_of(const pthread_mutex_t *m)
{
	if (m->__data.__kind & KIND_SHARED)
		world_uncontrolled(SNAG_PROCESS_SHARED);
	return object_at(m, OBJECT_MUTEX);
}

static bool is_free(const void *m, const struct vthread *self)
{
	(void)self;
	return !object_at(m, OBJECT_MUTEX)->owner;
}

static void hold(const pthread_mutex_t *m)
{
	struct object *o = object_at(m, OBJECT_MUTEX);

	o->owner = world_self();
	o->depth = 1;
	world_changed(m);
}

/* The whole of a lock, but for the frame of the call. */
static int lock(pthread_mutex_t *m, void *pc, uint64_t deadline_ns)
{
	struct object *o = object_of(m);
	unsigned flags = flags_of(m);
	bool is_relock = o->owner == world_self();

	if (deadline_ns)
		flags |= TSAN_TRY_LOCK;
	__tsan_mutex_pre_lock(m, flags);
	if (is_relock && kind_of(m) == PTHREAD_MUTEX_ERRORCHECK) {
		__tsan_mutex_post_lock(m, flags | TSAN_TRY_LOCK_FAILED, 0);
		return EDEADLK;
	}
	if (is_relock && kind_of(m) == PTHREAD_MUTEX_RECURSIVE) {
		world_point_at(SNAG_EVENT_LOCK, m, pc);
		object_at(m, OBJECT_MUTEX)->depth++;
		__tsan_mutex_post_lock(m, flags, 0);
		return 0;
	}
	if (!world_acquire(SNAG_EVENT_LOCK, m, pc, is_free, deadline_ns)) {
		__tsan_mutex_post_lock(m, flags | TSAN_TRY_LOCK_FAILED, 0);
		return ETIMEDOUT;
	}
	hold(m);
	__tsan_mutex_post_lock(m, flags, 0);
	return 0;
}

void mutex_take(void *mutex, void *pc, uint64_t deadline_ns)
{
	lock(mutex, pc, deadline_ns);
}

void mutex_give(void *mutex)
{
	pthread_mutex_t *m = mutex;
	struct object *o = object_at(m, OBJECT_MUTEX);

	__tsan_mutex_pre_unlock(m, 0);
	__tsan_mutex_post_unlock(m, 0);
	if (o->depth > 1) {
		o->depth--;
		return;
	}
	o->owner = NULL;
	o->depth = 0;
	world_changed(m);
}

int virtual_pthread_mutex_lock(pthread_mutex_t *m)
{
	int result;

	ENTER();
	result = is_none(m) ? __interceptor_pthread_mutex_lock(m)
			    : lock(m, CALLER, 0);
	LEAVE();
	return result;
}

int virtual_pthread_mutex_trylock(pthread_mutex_t *m)
{
	struct object *o;
	bool is_taken;
	int result;

	ENTER();
	if (is_none(m)) {
		result = __interceptor_pthread_mutex_trylock(m);
		LEAVE();
		return result;
	}
	world_point_at(SNAG_EVENT_TRYLOCK, m, CALLER);
	o = object_of(m);
	is_taken = !o->owner || (o->owner == world_self() &&
				 kind_of(m) == PTHREAD_MUTEX_RECURSIVE);
	__tsan_mutex_pre_lock(m, flags_of(m) | TSAN_TRY_LOCK);
	if (is_taken && o->owner)
		o->depth++;
	else if (is_taken)
		hold(m);
	__tsan_mutex_post_lock(
		m,
		flags_of(m) | TSAN_TRY_LOCK |
			(is_taken ? 0 : (unsigned)TSAN_TRY_LOCK_FAILED),
		0);
	if (is_taken)
		world.changes++;
	LEAVE();
	return is_taken ? 0 : EBUSY;
}

int virtual_pthread_mutex_clocklock(pthread_mutex_t *m, clockid_t clock,
				    const struct timespec *until)
{
	int result;

	ENTER();
	result = lock(m, CALLER, clock_deadline(clock, until));
	LEAVE();
	return result;
}

int virtual_pthread_mutex_timedlock(pthread_mutex_t *m,
				    const struct timespec *until)
{
	int result;

	ENTER();
	result = lock(m, CALLER, clock_deadline(CLOCK_REALTIME, until));
	LEAVE();
	return result;
}

int virtual_pthread_mutex_unlock(pthread_mutex_t *m)
{
	bool is_checked;
	int result;

	ENTER();
	if (is_none(m)) {
		result = __interceptor_pthread_mutex_unlock(m);
		LEAVE();
		return result;
	}
	world_point_at(SNAG_EVENT_UNLOCK, m, CALLER);
	is_checked = object_of(m)->owner != world_self() &&
		     kind_of(m) != PTHREAD_MUTEX_NORMAL &&
		     kind_of(m) != PTHREAD_MUTEX_ADAPTIVE_NP;
	if (is_checked) {
		/* ThreadSanitizer has its own word to say. */
		__tsan_mutex_pre_unlock(m, 0);
		__tsan_mutex_post_unlock(m, 0);
	} else {
		mutex_give(m);
	}
	LEAVE();
	return is_checked ? EPERM : 0;
}

int virtual_pthread_mutex_destroy(pthread_mutex_t *m)
{
	const struct object *o;
	bool is_held;
	int result;

	ENTER();
	world_point_at(SNAG_EVENT_OTHER, m, CALLER);
	o = object_find(m);
	is_held = o && o->type == OBJECT_MUTEX && o->owner;
	result = __interceptor_pthread_mutex_destroy(m);
	if (is_held)
		result = EBUSY;
	else
		object_forget(m);
	LEAVE();
	return result;
}
