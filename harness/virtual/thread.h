/*
 * thread.h - what harness/virtual keeps for each virtual thread: its keys,
 * cleanup handlers, thread_local destructors, signals to come.
 */
#ifndef SNAG_VIRTUAL_THREAD_H
#define SNAG_VIRTUAL_THREAD_H

#include <pthread.h>
#include <unwind.h>

#include "explore/world.h"

enum {
	VIRTUAL_KEYS = 1024, /* glibc's PTHREAD_KEYS_MAX */
	VIRTUAL_TLS_BYTES = 4096,
	VIRTUAL_TLS_VARIABLES = 1024, /* in a program */
	VIRTUAL_SIGNALS = 64,
};

struct thread_destructor {
	struct thread_destructor *next;
	void (*call)(void *);
	void *object;
};

/* Variables of `__thread`, by offset and number: tls.c. */
struct thread_variables {
	_Alignas(64) char bytes[VIRTUAL_TLS_BYTES]; /* of those that are made */
	uint64_t is_made[VIRTUAL_TLS_VARIABLES / 64];
	struct big_variable *big; /* those that do not fit */
};

struct virtual_thread {
	struct thread_variables variables;
	struct _Unwind_Exception exception;
	struct virtual_thread *next_free;
	void *exit_value;
	__pthread_unwind_buf_t *cleanup; /* the innermost handler of C's */
	struct thread_destructor *destructors;
	uint64_t signals; /* pthread_kill by others, not yet taken */
	/* std::call_once leaves here what is to be called. */
	void *once_callable;
	void (*once_call)(void);
	void *exceptions[2]; /* C++'s, caught */
	unsigned keys_used;  /* values at and above are NULL */
	bool is_exiting, is_ending;
	bool cancel_disabled, is_cancelled, cancel_async;
	/* A handler ran that ends a wait; the wait is one that it ends. */
	bool was_signalled, is_signal_wait;
	void *values[VIRTUAL_KEYS];
};

/* Of that thread, made when it has none. */
struct virtual_thread *virtual_of(struct vthread *thread);
static inline struct virtual_thread *virtual_self(void)
{
	return virtual_of(world_self());
}

/* tls.c: those variables are gone. */
void variables_over(struct thread_variables *variables);
/* ... and what std::call_once left is where libstdc++ looks for it. */
void once_arguments_back(void);

/* libc's, by calls.S. */
extern int (*snag_real_pthread_key_create)(pthread_key_t *, void (*)(void *));
extern int (*snag_real_pthread_key_delete)(pthread_key_t);
extern int (*snag_real_pthread_setspecific)(pthread_key_t, const void *);
extern void *(*snag_real_pthread_getspecific)(pthread_key_t);
extern void *(*snag_real___cxa_get_globals)(void);
extern int (*snag_real___cxa_thread_atexit)(void (*)(void *), void *, void *);

/* The iteration is over, and with it what is kept for the thread. */
void virtual_thread_over(struct vthread *thread);
/* The calling thread's start function has returned: destructors, and the end.
 */
_Noreturn void virtual_end_thread(void *result);
/* leaked.c: the thread was made by the call that the frame returns to. */
void virtual_note_maker(struct vthread *thread, const uint64_t *frame);
/* The iteration is over: has ThreadSanitizer report, when the process ends,
 * threads that have ended and were not joined or detached.  True: there are. */
bool virtual_report_leaked(void);
/* What a real thread in the place of such a one does. */
void *virtual_stand_in(void *tid);
int virtual_pthread_create(pthread_t *thread, const pthread_attr_t *attr,
			   void *(*start)(void *), void *argument);

/* pthread_exit, or a cancellation. */
_Noreturn void virtual_leave_thread(void *result);
/* keys.c: once the start function has returned or was left. */
void virtual_run_destructors(void);

/* The calling thread has alerts, and was in a wait: signal handlers run here.
 * True: the wait is over. */
bool virtual_alert(struct vthread *self);
/* ... and was at a point: true, it has to wait for its turn again. */
bool virtual_alert_at_point(struct vthread *self);

/* A cancellation point: never returns when the thread is cancelled. */
void virtual_cancellation_point(void);
/* world_acquire() as a cancellation point: false may also mean that the thread
 * was cancelled: the caller puts its things in order and then is one. */
bool virtual_acquire(enum snag_event_kind kind, const void *object, void *pc,
		     world_needs *needs, uint64_t deadline_ns);

pthread_t virtual_handle(const struct vthread *thread);
/* NULL: a handle of none of ours. */
struct vthread *virtual_by_handle(pthread_t handle);

#endif
