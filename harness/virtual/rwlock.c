/*
 * Reader-writer locks and spin locks.
 */
#include <errno.h>
#include <pthread.h>

#include "virtual/call.h"
#include "virtual/clock.h"

int virtual_pthread_rwlock_rdlock(pthread_rwlock_t *l);
int virtual_pthread_rwlock_wrlock(pthread_rwlock_t *l);
int virtual_pthread_rwlock_tryrdlock(pthread_rwlock_t *l);
int virtual_pthread_rwlock_trywrlock(pthread_rwlock_t *l);
int virtual_pthread_rwlock_timedrdlock(pthread_rwlock_t *l,
				       const struct timespec *until);
int virtual_pthread_rwlock_timedwrlock(pthread_rwlock_t *l,
				       const struct timespec *until);
int virtual_pthread_rwlock_clockrdlock(pthread_rwlock_t *l, clockid_t clock,
				       const struct timespec *until);
int virtual_pthread_rwlock_clockwrlock(pthread_rwlock_t *l, clockid_t clock,
				       const struct timespec *until);
int virtual_pthread_rwlock_unlock(pthread_rwlock_t *l);
int virtual_pthread_spin_lock(pthread_spinlock_t *l);
int virtual_pthread_spin_trylock(pthread_spinlock_t *l);
int virtual_pthread_spin_unlock(pthread_spinlock_t *l);

static bool is_readable(const void *l, const struct vthread *self)
{
	(void)self;
	return !object_at(l, OBJECT_RWLOCK)->owner;
}

static bool is_writable(const void *l, const struct vthread *self)
{
	const struct object *o = object_at(l, OBJECT_RWLOCK);

	(void)self;
	return !o->owner && !o->readers;
}

static void take(const void *l, bool is_read)
{
	struct object *o = object_at(l, OBJECT_RWLOCK);

	if (is_read)
		o->readers++;
	else
		o->owner = world_self();
	world_changed(l);
}

static int lock(pthread_rwlock_t *l, bool is_read, void *pc,
		uint64_t deadline_ns)
{
	unsigned flags = (is_read ? TSAN_READ_LOCK : 0U) |
			 (deadline_ns ? TSAN_TRY_LOCK : 0U);

	if (object_at(l, OBJECT_RWLOCK)->owner == world_self())
		return EDEADLK;
	__tsan_mutex_pre_lock(l, flags);
	if (!world_acquire(is_read ? SNAG_EVENT_READ_LOCK : SNAG_EVENT_LOCK, l,
			   pc, is_read ? is_readable : is_writable,
			   deadline_ns)) {
		__tsan_mutex_post_lock(l, flags | TSAN_TRY_LOCK_FAILED, 0);
		return ETIMEDOUT;
	}
	take(l, is_read);
	__tsan_mutex_post_lock(l, flags, 0);
	return 0;
}

static int try_lock(pthread_rwlock_t *l, bool is_read, void *pc)
{
	unsigned flags = TSAN_TRY_LOCK | (is_read ? TSAN_READ_LOCK : 0U);
	bool is_taken;

	world_point_at(is_read ? SNAG_EVENT_TRY_READ_LOCK : SNAG_EVENT_TRYLOCK,
		       l, pc);
	is_taken = (is_read ? is_readable : is_writable)(l, world_self());
	__tsan_mutex_pre_lock(l, flags);
	if (is_taken)
		take(l, is_read);
	__tsan_mutex_post_lock(
		l, flags | (is_taken ? 0U : (unsigned)TSAN_TRY_LOCK_FAILED), 0);
	if (is_taken)
		world.changes++;
	return is_taken ? 0 : EBUSY;
}

int virtual_pthread_rwlock_rdlock(pthread_rwlock_t *l)
{
	int result;

	ENTER();
	result = lock(l, true, CALLER, 0);
	LEAVE();
	return result;
}

int virtual_pthread_rwlock_wrlock(pthread_rwlock_t *l)
{
	int result;

	ENTER();
	result = lock(l, false, CALLER, 0);
	LEAVE();
	return result;
}

int virtual_pthread_rwlock_timedrdlock(pthread_rwlock_t *l,
				       const struct timespec *until)
{
	int result;

	ENTER();
	result = lock(l, true, CALLER, clock_deadline(CLOCK_REALTIME, until));
	LEAVE();
	return result;
}

int virtual_pthread_rwlock_timedwrlock(pthread_rwlock_t *l,
				       const struct timespec *until)
{
	int result;

	ENTER();
	result = lock(l, false, CALLER, clock_deadline(CLOCK_REALTIME, until));
	LEAVE();
	return result;
}

int virtual_pthread_rwlock_clockrdlock(pthread_rwlock_t *l, clockid_t clock,
				       const struct timespec *until)
{
	int result;

	ENTER();
	result = lock(l, true, CALLER, clock_deadline(clock, until));
	LEAVE();
	return result;
}

int virtual_pthread_rwlock_clockwrlock(pthread_rwlock_t *l, clockid_t clock,
				       const struct timespec *until)
{
	int result;

	ENTER();
	result = lock(l, false, CALLER, clock_deadline(clock, until));
	LEAVE();
	return result;
}

int virtual_pthread_rwlock_tryrdlock(pthread_rwlock_t *l)
{
	int result;

	ENTER();
	result = try_lock(l, true, CALLER);
	LEAVE();
	return result;
}

int virtual_pthread_rwlock_trywrlock(pthread_rwlock_t *l)
{
	int result;

	ENTER();
	result = try_lock(l, false, CALLER);
	LEAVE();
	return result;
}

int virtual_pthread_rwlock_unlock(pthread_rwlock_t *l)
{
	struct object *o;
	bool is_read;

	ENTER();
	world_point_at(SNAG_EVENT_UNLOCK, l, CALLER);
	o = object_at(l, OBJECT_RWLOCK);
	is_read = !o->owner;
	__tsan_mutex_pre_unlock(l, is_read ? TSAN_READ_LOCK : 0U);
	__tsan_mutex_post_unlock(l, is_read ? TSAN_READ_LOCK : 0U);
	if (!is_read)
		o->owner = NULL;
	else if (o->readers)
		o->readers--;
	world_changed(l);
	LEAVE();
	return 0;
}

static bool is_free(const void *l, const struct vthread *self)
{
	(void)self;
	return !object_at(l, OBJECT_SPIN)->owner;
}

static void hold(const void *l)
{
	object_at(l, OBJECT_SPIN)->owner = world_self();
	world_changed(l);
}

/* ThreadSanitizer and users may see it as volatile; it is only an address. */
static void *plain(pthread_spinlock_t *l)
{
	return (void *)(uintptr_t)l;
}

int virtual_pthread_spin_lock(pthread_spinlock_t *l)
{
	ENTER();
	__tsan_mutex_pre_lock(plain(l), 0);
	world_acquire(SNAG_EVENT_LOCK, plain(l), CALLER, is_free, 0);
	hold(plain(l));
	__tsan_mutex_post_lock(plain(l), 0, 0);
	LEAVE();
	return 0;
}

int virtual_pthread_spin_trylock(pthread_spinlock_t *l)
{
	bool is_taken;

	ENTER();
	world_point_at(SNAG_EVENT_TRYLOCK, plain(l), CALLER);
	is_taken = is_free(plain(l), world_self());
	__tsan_mutex_pre_lock(plain(l), TSAN_TRY_LOCK);
	if (is_taken)
		hold(plain(l));
	__tsan_mutex_post_lock(
		plain(l),
		TSAN_TRY_LOCK |
			(is_taken ? 0U : (unsigned)TSAN_TRY_LOCK_FAILED),
		0);
	if (is_taken)
		world.changes++;
	LEAVE();
	return is_taken ? 0 : EBUSY;
}

int virtual_pthread_spin_unlock(pthread_spinlock_t *l)
{
	ENTER();
	world_point_at(SNAG_EVENT_UNLOCK, plain(l), CALLER);
	__tsan_mutex_pre_unlock(plain(l), 0);
	__tsan_mutex_post_unlock(plain(l), 0);
	object_at(plain(l), OBJECT_SPIN)->owner = NULL;
	world_changed(plain(l));
	LEAVE();
	return 0;
}
