/*
 * Conditions.  A signal leaves a token that any thread may take that waited
 * already: which one, the strategy decides.
 */
#include <errno.h>
#include <pthread.h>
#include <string.h>

#include "virtual/call.h"
#include "virtual/clock.h"
#include "virtual/thread.h"

int virtual_pthread_cond_wait(pthread_cond_t *c, pthread_mutex_t *m);
int virtual_pthread_cond_timedwait(pthread_cond_t *c, pthread_mutex_t *m,
				   const struct timespec *until);
int virtual_pthread_cond_clockwait(pthread_cond_t *c, pthread_mutex_t *m,
				   clockid_t clock,
				   const struct timespec *until);
int virtual_pthread_cond_signal(pthread_cond_t *c);
int virtual_pthread_cond_broadcast(pthread_cond_t *c);
int virtual_pthread_cond_destroy(pthread_cond_t *c);
int __interceptor_pthread_cond_destroy(pthread_cond_t *c);

/* The oldest token for who waits with that ticket; -1: none. */
static int token_for(const struct object *o, uint64_t ticket)
{
	for (uint32_t i = 0; i < o->token_count; i++)
		if (o->tokens[i].ticket >= ticket)
			return (int)i;
	return -1;
}

static bool is_signalled(const void *c, const struct vthread *self)
{
	return token_for(object_at(c, OBJECT_COND), self->ticket) >= 0;
}

static void drop_signal(struct object *o, int at)
{
	o->signals--;
	if (--o->tokens[at].count)
		return;
	o->token_count--;
	memmove(&o->tokens[at], &o->tokens[at + 1],
		(o->token_count - (uint32_t)at) * sizeof(o->tokens[0]));
}

/* Who stops waiting takes a signal along, or leaves no more than there are
 * others to take them. */
static void stop_waiting(struct object *o, const struct vthread *self,
			 bool is_woken)
{
	int at = token_for(o, self->ticket);

	o->waiting--;
	if (at >= 0 && (is_woken || o->signals > o->waiting))
		drop_signal(o, at);
}

/* Cancelled, or woken for nothing: the mutex is held again in any case. */
static int wait(pthread_cond_t *c, pthread_mutex_t *m, void *pc,
		uint64_t deadline_ns)
{
	struct vthread *self = world_self();
	struct object *o;
	bool is_woken, has_timed_out;

	virtual_cancellation_point();
	world_point_at(SNAG_EVENT_WAIT, c, pc);
	o = object_at(c, OBJECT_COND);
	self->ticket = ++o->tickets;
	o->waiting++;
	mutex_give(m);
	self->is_spurious_ok = true;
	is_woken = virtual_acquire(SNAG_EVENT_WAIT, c, pc, is_signalled,
				   deadline_ns);
	has_timed_out = self->has_timed_out;
	self->is_spurious_ok = false;
	stop_waiting(object_at(c, OBJECT_COND), self, is_woken);
	world_changed(c);
	mutex_take(m, pc, 0);
	if (is_woken)
		return 0;
	virtual_cancellation_point();
	return has_timed_out ? ETIMEDOUT : 0;
}

int virtual_pthread_cond_wait(pthread_cond_t *c, pthread_mutex_t *m)
{
	int result;

	ENTER();
	result = wait(c, m, CALLER, 0);
	LEAVE();
	return result;
}

/* pthread_condattr_setclock's choice is in the object, as glibc puts it. */
static clockid_t clock_of(const pthread_cond_t *c)
{
	return c->__data.__wrefs & 2 ? CLOCK_MONOTONIC : CLOCK_REALTIME;
}

int virtual_pthread_cond_timedwait(pthread_cond_t *c, pthread_mutex_t *m,
				   const struct timespec *until)
{
	int result;

	ENTER();
	result = wait(c, m, CALLER, clock_deadline(clock_of(c), until));
	LEAVE();
	return result;
}

int virtual_pthread_cond_clockwait(pthread_cond_t *c, pthread_mutex_t *m,
				   clockid_t clock,
				   const struct timespec *until)
{
	int result;

	ENTER();
	result = wait(c, m, CALLER, clock_deadline(clock, until));
	LEAVE();
	return result;
}

static void signal_some(pthread_cond_t *c, uint32_t count)
{
	struct object *o = object_at(c, OBJECT_COND);
	struct token *last = &o->tokens[o->token_count - 1];

	if (count > o->waiting - o->signals)
		count = o->waiting - o->signals;
	if (!count)
		return;
	/* Too many kinds: the youngest may go to later waiters too. */
	if (o->token_count &&
	    (last->ticket == o->tickets || o->token_count == OBJECT_TOKENS)) {
		last->ticket = o->tickets;
		last->count += count;
	} else {
		o->tokens[o->token_count++] = (struct token){o->tickets, count};
	}
	o->signals += count;
	world_changed(c);
}

int virtual_pthread_cond_signal(pthread_cond_t *c)
{
	ENTER();
	world_point_at(SNAG_EVENT_SIGNAL, c, CALLER);
	signal_some(c, 1);
	LEAVE();
	return 0;
}

int virtual_pthread_cond_broadcast(pthread_cond_t *c)
{
	ENTER();
	world_point_at(SNAG_EVENT_BROADCAST, c, CALLER);
	signal_some(c, UINT32_MAX);
	LEAVE();
	return 0;
}

static bool is_not_waited_on(const void *c, const struct vthread *self)
{
	const struct object *o = object_find(c);

	(void)self;
	return !o || o->type != OBJECT_COND || !o->waiting;
}

/* Who was woken may still be on its way out. */
int virtual_pthread_cond_destroy(pthread_cond_t *c)
{
	int result;

	ENTER();
	if (!is_not_waited_on(c, world_self()))
		world_acquire(SNAG_EVENT_OTHER, c, CALLER, is_not_waited_on, 0);
	object_forget(c);
	result = __interceptor_pthread_cond_destroy(c);
	LEAVE();
	return result;
}
