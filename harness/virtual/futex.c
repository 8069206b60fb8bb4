/*
 * Locks below pthread's: the futexes that a program waits on by itself, and
 * the locks of its streams.
 */
#include <errno.h>
#include <linux/futex.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <time.h>

#include "virtual/call.h"
#include "virtual/clock.h"
#include "virtual/thread.h"

long virtual_syscall(long number, long a, long b, long c, long d, long e,
		     long f);
void virtual_flockfile(FILE *stream);
int virtual_ftrylockfile(FILE *stream);
void virtual_funlockfile(FILE *stream);

extern long (*snag_real_syscall)(long, ...);

/* As many were woken since it began to wait. */
static bool is_woken(const void *word, const struct vthread *self)
{
	(void)word;
	return !self->ticket;
}

static uint64_t deadline_of(int operation, const struct timespec *time)
{
	clockid_t clock = operation & FUTEX_CLOCK_REALTIME ? CLOCK_REALTIME
							   : CLOCK_MONOTONIC;

	if (!time)
		return 0;
	if ((operation & FUTEX_CMD_MASK) == FUTEX_WAIT_BITSET)
		return clock_deadline(clock, time);
	return world.now_ns + (uint64_t)time->tv_sec * 1000000000 +
	       (uint64_t)time->tv_nsec + 1;
}

static long futex_wait_on(const uint32_t *word, int operation, uint32_t value,
			  const struct timespec *time, void *pc)
{
	struct vthread *self = world_self();
	bool is_had;

	world_point_at(SNAG_EVENT_OTHER, word, pc);
	if (__atomic_load_n(word, __ATOMIC_SEQ_CST) != value) {
		errno = EAGAIN;
		return -1;
	}
	virtual_self()->was_signalled = false;
	self->ticket = UINT64_MAX;
	is_had = world_acquire(SNAG_EVENT_OTHER, word, pc, is_woken,
			       deadline_of(operation, time));
	if (!is_had)
		errno = ETIMEDOUT;
	return is_had ? 0 : -1;
}

static long futex_wake(const void *word, long count, void *pc)
{
	long woken = 0;

	world_point_at(SNAG_EVENT_OTHER, word, pc);
	for (unsigned i = 0; i < world.thread_count && woken < count; i++) {
		struct vthread *t = world_thread(i);

		if (t->needs == is_woken && t->object == word && t->ticket) {
			t->ticket = 0;
			woken++;
		}
	}
	world_changed(word);
	return woken;
}

long virtual_syscall(long number, long a, long b, long c, long d, long e,
		     long f)
{
	int operation = (int)b;
	const void *word = (const void *)a;

	if (number == SYS_sched_yield) {
		world_yield(SNAG_EVENT_YIELD, CALLER);
		return 0;
	}
	if (number != SYS_futex)
		return snag_real_syscall(number, a, b, c, d, e, f);
	world_uncontrolled(SNAG_RAW_FUTEX);
	switch (operation & FUTEX_CMD_MASK) {
	case FUTEX_WAIT:
	case FUTEX_WAIT_BITSET:
		return futex_wait_on(word, operation, (uint32_t)c,
				     (const struct timespec *)d, CALLER);
	case FUTEX_WAKE:
	case FUTEX_WAKE_BITSET:
		return futex_wake(word, c, CALLER);
	default:
		return snag_real_syscall(number, a, b, c, d, e, f);
	}
}

/* Streams: a recursive lock of ours.  What libc does inside a call on the
 * stream is one step here, and needs no lock. */
static bool is_free(const void *stream, const struct vthread *self)
{
	const struct object *o = object_at(stream, OBJECT_STREAM);

	return !o->owner || o->owner == self;
}

static void hold(const void *stream)
{
	struct object *o = object_at(stream, OBJECT_STREAM);

	o->owner = world_self();
	o->depth++;
	world_changed(stream);
}

void virtual_flockfile(FILE *stream)
{
	world_acquire(SNAG_EVENT_LOCK, stream, CALLER, is_free, 0);
	hold(stream);
}

int virtual_ftrylockfile(FILE *stream)
{
	world_point_at(SNAG_EVENT_TRYLOCK, stream, CALLER);
	if (!is_free(stream, world_self()))
		return EBUSY;
	hold(stream);
	return 0;
}

void virtual_funlockfile(FILE *stream)
{
	struct object *o;

	world_point_at(SNAG_EVENT_UNLOCK, stream, CALLER);
	o = object_at(stream, OBJECT_STREAM);
	if (o->depth)
		o->depth--;
	if (!o->depth)
		o->owner = NULL;
	world_changed(stream);
}
