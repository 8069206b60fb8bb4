/*
 * Signals to a virtual thread, and what else a thread must look at before it
 * goes on.  A handler runs on the thread that the signal is for, when that has
 * its turn; which signals the program blocks is the whole process's matter
 * here.
 */
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "virtual/call.h"
#include "virtual/thread.h"

int virtual_pthread_kill(pthread_t thread, int signal);
int virtual_pthread_sigqueue(pthread_t thread, int signal,
			     const union sigval value);
int virtual_raise(int signal);
int virtual_kill(pid_t process, int signal);
int __interceptor_raise(int signal);
int __interceptor_kill(pid_t process, int signal);
int __interceptor_nanosleep(const struct timespec *time, struct timespec *left);

enum { SET_BYTES = 8 /* of the kernel's sigset_t */ };

/*
 * While a handler runs, the kernel or ThreadSanitizer blocks its signal, or
 * all, for the one real thread; but other virtual threads have masks of their
 * own.
 */
static struct {
	unsigned count;     /* of handlers that run ... */
	uint64_t iteration; /* ... in this one, plus one */
	uint64_t mask;      /* the program's, when none ran */
} handlers;

static void begin_handler(int signal)
{
	uint64_t one = UINT64_C(1) << (signal - 1);

	/* Some may have been left by a jump. */
	if (handlers.iteration != world.iteration + 1)
		handlers.count = 0;
	handlers.iteration = world.iteration + 1;
	if (!handlers.count++)
		syscall(SYS_rt_sigprocmask, SIG_BLOCK, NULL, &handlers.mask,
			SET_BYTES);
	else if (!(handlers.mask & one))
		syscall(SYS_rt_sigprocmask, SIG_UNBLOCK, &one, NULL, SET_BYTES);
}

static void end_handler(void)
{
	if (handlers.count)
		handlers.count--;
	if (!handlers.count)
		syscall(SYS_rt_sigprocmask, SIG_SETMASK, &handlers.mask, NULL,
			SET_BYTES);
}

/* Is a wait to end when its handler has run? */
static bool is_interrupting(int signal)
{
	struct {
		uint64_t handler, flags, restorer, mask;
	} action = {0};

	syscall(SYS_rt_sigaction, signal, NULL, &action, SET_BYTES);
	return !(action.flags & SA_RESTART);
}

/* Sent by another thread: ThreadSanitizer runs the handler when the next call
 * that it intercepts is over. */
static void take_signals(struct virtual_thread *m)
{
	static const struct timespec none = {0, -1};

	while (m->signals) {
		int n = __builtin_ctzll(m->signals) + 1;

		m->signals &= m->signals - 1;
		m->was_signalled |= is_interrupting(n);
		begin_handler(n);
		syscall(SYS_tgkill, getpid(), syscall(SYS_gettid), n);
		__interceptor_nanosleep(&none, NULL);
		end_handler();
	}
}

/* By the thread itself: the handler runs within the call. */
static int take_now(int signal)
{
	int result;

	begin_handler(signal);
	result = __interceptor_raise(signal);
	end_handler();
	return result;
}

bool virtual_alert(struct vthread *self)
{
	uint8_t alerts = self->alerts;
	int saved = errno;

	self->alerts &= ALERT_CANCEL;
	if (alerts & ALERT_SIGNAL)
		take_signals(virtual_of(self));
	errno = saved;
	if (alerts & ALERT_CANCEL && virtual_of(self)->cancel_async)
		virtual_cancellation_point();
	if (alerts & ALERT_SPURIOUS && self->is_spurious_ok)
		return true;
	if (alerts & ALERT_SIGNAL && virtual_of(self)->is_signal_wait &&
	    virtual_of(self)->was_signalled)
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
		take_now(signal);
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

static bool is_signal(int signal)
{
	return signal > 0 && signal <= VIRTUAL_SIGNALS;
}

int virtual_raise(int signal)
{
	int result;

	ENTER();
	world_uncontrolled(SNAG_SIGNALS);
	result = is_signal(signal) ? take_now(signal)
				   : __interceptor_raise(signal);
	LEAVE();
	return result;
}

/* To the process: the calling thread takes it. */
int virtual_kill(pid_t process, int signal)
{
	bool is_ours = process == getpid() && is_signal(signal);
	int result;

	ENTER();
	if (is_ours) {
		world_uncontrolled(SNAG_SIGNALS);
		begin_handler(signal);
	}
	result = __interceptor_kill(process, signal);
	if (is_ours)
		end_handler();
	LEAVE();
	return result;
}
