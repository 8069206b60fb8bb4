/*
 * How a thread ends: pthread_exit and deferred cancellation, with the cleanup
 * handlers and C++ destructors of all frames up to the thread's first, and then
 * the destructors of what is the thread's own.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "virtual/call.h"
#include "virtual/thread.h"

void virtual_pthread_exit(void *result);
int virtual_pthread_cancel(pthread_t thread);
void virtual_pthread_testcancel(void);
int virtual_pthread_setcancelstate(int state, int *old);
int virtual_pthread_setcanceltype(int type, int *old);
void virtual___pthread_register_cancel(__pthread_unwind_buf_t *buf);
void virtual___pthread_unregister_cancel(__pthread_unwind_buf_t *buf);
void virtual___pthread_unwind_next(__pthread_unwind_buf_t *buf);

/* libc's, below ThreadSanitizer's: libc calls it so, too. */
static void (*real_longjmp)(void *, int);

static void (*longjmp_below(void))(void *, int)
{
	union {
		void *address;
		void (*call)(void *, int);
	} found = {.address = snag_libc("longjmp")};

	return found.call;
}

_Noreturn void virtual_end_thread(void *result)
{
	struct virtual_thread *m;

	/* A child that the program forked. */
	if (!world.is_active)
		_exit(0);
	m = virtual_self();
	if (!m->is_ending) {
		m->is_ending = m->cancel_disabled = true;
		m->exit_value = result;
		virtual_run_destructors();
	}
	world_end_thread(m->exit_value);
}

/* In C, without exceptions, a handler waits in a jump buffer in the frame that
 * pushed it: its turn comes when the frames inside that one are gone. */
static void run_handlers_inside(struct virtual_thread *m, uintptr_t frame,
				bool is_last)
{
	__pthread_unwind_buf_t *buf = m->cleanup;

	if (buf && (is_last || frame > (uintptr_t)buf))
		real_longjmp(buf->__cancel_jmp_buf, 1);
}

static _Unwind_Reason_Code each_frame(int version, _Unwind_Action actions,
				      _Unwind_Exception_Class class,
				      struct _Unwind_Exception *exception,
				      struct _Unwind_Context *context,
				      void *argument)
{
	struct virtual_thread *m = argument;
	bool is_last = actions & _UA_END_OF_STACK;

	(void)version;
	(void)class;
	(void)exception;
	run_handlers_inside(m, (uintptr_t)_Unwind_GetCFA(context), is_last);
	if (is_last)
		virtual_end_thread(m->exit_value);
	return _URC_NO_REASON;
}

static void not_rethrown(_Unwind_Reason_Code reason,
			 struct _Unwind_Exception *exception)
{
	static const char text[] = "FATAL: exception not rethrown\n";

	(void)reason;
	(void)exception;
	syscall(SYS_write, STDERR_FILENO, text, sizeof(text) - 1);
	abort();
}

static _Noreturn void unwind(struct virtual_thread *m)
{
	m->exception.exception_class = 0;
	m->exception.exception_cleanup = not_rethrown;
	_Unwind_ForcedUnwind(&m->exception, each_frame, m);
	/* It could not: a frame without tables. */
	run_handlers_inside(m, 0, true);
	virtual_end_thread(m->exit_value);
}

_Noreturn void virtual_leave_thread(void *result)
{
	struct virtual_thread *m = virtual_self();

	if (!real_longjmp)
		real_longjmp = longjmp_below();
	/* From a destructor of the thread's: it has nothing left to leave. */
	if (m->is_ending)
		virtual_end_thread(m->exit_value);
	m->is_exiting = m->cancel_disabled = true;
	m->exit_value = result;
	world_self()->is_spoilt = true;
	unwind(m);
}

void virtual_pthread_exit(void *result)
{
	virtual_leave_thread(result);
}

void virtual___pthread_register_cancel(__pthread_unwind_buf_t *buf)
{
	struct virtual_thread *m = virtual_self();

	buf->__pad[0] = m->cleanup;
	m->cleanup = buf;
}

void virtual___pthread_unregister_cancel(__pthread_unwind_buf_t *buf)
{
	virtual_self()->cleanup = buf->__pad[0];
}

void virtual___pthread_unwind_next(__pthread_unwind_buf_t *buf)
{
	struct virtual_thread *m = virtual_self();

	m->cleanup = buf->__pad[0];
	unwind(m);
}

static bool is_to_leave(const struct virtual_thread *m)
{
	return m->is_cancelled && !m->cancel_disabled && !m->is_exiting;
}

void virtual_cancellation_point(void)
{
	const struct virtual_thread *m = world_self()->more;

	if (m && is_to_leave(m))
		virtual_leave_thread(PTHREAD_CANCELED);
}

bool virtual_acquire(enum snag_event_kind kind, const void *object, void *pc,
		     world_needs *needs, uint64_t deadline_ns)
{
	struct vthread *self = world_self();
	bool is_had;

	self->is_interruptible = true;
	is_had = world_acquire(kind, object, pc, needs, deadline_ns);
	self->is_interruptible = false;
	return is_had;
}

/* A loop that asks this waits for another to cancel it, and lets it. */
void virtual_pthread_testcancel(void)
{
	world_yield(SNAG_EVENT_YIELD, CALLER);
	virtual_cancellation_point();
}

int virtual_pthread_cancel(pthread_t thread)
{
	struct vthread *t = virtual_by_handle(thread);
	struct virtual_thread *m;

	if (!t)
		return ESRCH;
	world_point_at(SNAG_EVENT_CANCEL, t, CALLER);
	if (t->state == V_ENDED)
		return 0;
	m = virtual_of(t);
	m->is_cancelled = true;
	if (is_to_leave(m) && t != world_self())
		world_interrupt(t, ALERT_CANCEL);
	if (t == world_self() && m->cancel_async)
		virtual_cancellation_point();
	return 0;
}

/* Cancelled before it was allowed: from now it counts. */
static void look_again(struct vthread *self, const struct virtual_thread *m)
{
	if (!is_to_leave(m))
		return;
	self->alerts |= ALERT_CANCEL;
	if (m->cancel_async)
		virtual_cancellation_point();
}

int virtual_pthread_setcancelstate(int state, int *old)
{
	struct virtual_thread *m = virtual_self();

	if (state != PTHREAD_CANCEL_ENABLE && state != PTHREAD_CANCEL_DISABLE)
		return EINVAL;
	if (old)
		*old = m->cancel_disabled ? PTHREAD_CANCEL_DISABLE
					  : PTHREAD_CANCEL_ENABLE;
	m->cancel_disabled = state == PTHREAD_CANCEL_DISABLE;
	look_again(world_self(), m);
	return 0;
}

int virtual_pthread_setcanceltype(int type, int *old)
{
	struct virtual_thread *m = virtual_self();

	if (type != PTHREAD_CANCEL_DEFERRED &&
	    type != PTHREAD_CANCEL_ASYNCHRONOUS)
		return EINVAL;
	if (old)
		*old = m->cancel_async ? PTHREAD_CANCEL_ASYNCHRONOUS
				       : PTHREAD_CANCEL_DEFERRED;
	m->cancel_async = type == PTHREAD_CANCEL_ASYNCHRONOUS;
	look_again(world_self(), m);
	return 0;
}
