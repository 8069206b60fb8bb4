/*
 * Signals to a virtual thread, and what else a thread must look at before it
 * goes on.  A handler runs on the thread that the signal is for, when that has
 * its turn; which signals are blocked is the whole process's matter here.
 */
#include <errno.h>
#include <pthread.h>
#include <signal.h>

#include "virtual/call.h"
#include "virtual/thread.h"

int virtual_pthread_kill(pthread_t thread, int signal);
int virtual_pthread_sigqueue(pthread_t thread, int signal,
			     const union sigval value);
int __interceptor_raise(int signal);

/* ThreadSanitizer calls a handler at once when the thread itself raises. */
static void take_signals(struct virtual_thread *m)
{
	while (m->signals) {
		int n = __builtin_ctzll(m->signals);

		m->signals &= m->signals - 1;
		__interceptor_raise(n + 1);
	}
	m->was_signalled = true;
}

bool virtual_alert(struct vthread *self)
{
	uint8_t alerts = self->alerts;

	self->alerts &= ALERT_CANCEL;
	if (alerts & ALERT_SIGNAL)
		take_signals(virtual_of(self));
	if (alerts & ALERT_CANCEL && virtual_of(self)->cancel_async)
		virtual_cancellation_point();
	if (alerts & ALERT_SPURIOUS && self->is_spurious_ok)
		return true;
	return alerts & ALERT_CANCEL && self->is_interruptible;
}

bool virtual_alert_at_point(struct vthread *self)
{
	uint8_t alerts = self->alerts;

	virtual_alert(self);
	return alerts & ALERT_SIGNAL;
}

static int send(pthread_t thread, int signal, void *pc)
{
	struct vthread *t = virtual_by_handle(thread);

	if (!t)
		return ESRCH;
	if (signal < 0 || signal > VIRTUAL_SIGNALS)
		return EINVAL;
	world_point_at(SNAG_EVENT_OTHER, t, pc);
	if (!signal || t->state == V_ENDED)
		return t->state == V_ENDED && t->is_joined ? ESRCH : 0;
	world_uncontrolled(SNAG_SIGNALS);
	if (t == world_self()) {
		__interceptor_raise(signal);
		return 0;
	}
	virtual_of(t)->signals |= UINT64_C(1) << (signal - 1);
	world_interrupt(t, ALERT_SIGNAL);
	return 0;
}

int virtual_pthread_kill(pthread_t thread, int signal)
{
	int result;

	ENTER();
	result = send(thread, signal, CALLER);
	LEAVE();
	return result;
}

/* The value does not get there. */
int virtual_pthread_sigqueue(pthread_t thread, int signal,
			     const union sigval value)
{
	int result;

	(void)value;
	ENTER();
	result = send(thread, signal, CALLER);
	LEAVE();
	return result;
}
