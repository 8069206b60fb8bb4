/*
 * world.h - the virtual threads of an iteration, and who runs.
 *
 * All virtual threads run on one thread of the kernel, each on its own stack
 * and as a fiber of ThreadSanitizer's.  Control passes from one to another
 * only inside the functions below that say so.  Nothing here is instrumented,
 * and no edge is stated but those that harness/virtual states for the
 * program's own calls.
 *
 * What a thread does at a point has two halves.  It publishes its event; then,
 * when it is picked, it performs it, and nobody else runs before its next
 * point.  A thread whose event is impossible now (a lock that is held) is not
 * runnable: world_acquire() takes a predicate, and world_changed() has it
 * looked at again.
 */
#ifndef SNAG_EXPLORE_WORLD_H
#define SNAG_EXPLORE_WORLD_H

#include <stddef.h>

#include "explore/strategy.h"

enum {
	WORLD_MAX_NUMBERS = 65000, /* threads made in one iteration */
	WORLD_MAX_ALIVE = 4000,    /* ThreadSanitizer's limit is 8,128 */
	WORLD_MADE_FRAMES = 12,
};

enum vstate {
	V_RUNNABLE = 1,
	V_BLOCKED, /* until world_changed(), or its deadline */
	V_ENDED,
};

/* Why a runnable thread is passed over while others can do something. */
enum vwaiting {
	V_EAGER = 0,
	V_YIELDED,  /* until another thread has performed an event */
	V_SPINNING, /* until another thread has changed something */
	V_SLEEPING, /* until wake_step, or when nobody else can run */
	V_OUTSIDE,  /* as V_SPINNING, or until its deadline */
};

/* What a thread looks at when it next runs. */
enum alert {
	ALERT_SIGNAL = 1,   /* pthread_kill */
	ALERT_CANCEL = 2,   /* pthread_cancel, and it may be cancelled */
	ALERT_SPURIOUS = 4, /* its wait ends for nothing */
};

struct vthread;
/* Can the thread have now what it asks of the object? */
typedef bool world_needs(const void *object, const struct vthread *self);

struct vthread {
	void *sp; /* of its stack while it does not run */
	void *fiber;
	struct stack *stack; /* NULL: main, on the process's own */
	uint16_t number;
	uint8_t state, waiting;
	bool is_role, has_timed_out;
	bool is_detached, is_joined;
	/* In a wait: may it be cancelled, may it end for nothing? */
	bool is_interruptible, is_spurious_ok;
	uint8_t alerts;  /* enum alert */
	bool is_outside; /* it waits for what is not in our hands */
	int saved_errno;
	uint64_t deadline_ns; /* of a wait or a sleep; 0: none */
	uint64_t wake_step;   /* of a sleep that others overtake */
	world_needs *needs;   /* in world_acquire(); else NULL */
	const void *object;   /* ... of which */
	struct vthread *next_needy, *next_free;
	void *(*start)(void *);
	void *argument, *result;
	bool is_spoilt; /* it left frames in ThreadSanitizer's eyes */
	char end;       /* its address carries "it has ended" */
	char name[SNAG_THREAD_NAME];
	/* Spin detection: world_turn.c. */
	uint64_t idle_events, idle_mark, idle_changes, update_before;
	/* What harness/virtual keeps for it. */
	struct virtual_thread *more;
	uint32_t points; /* accesses and calls in this iteration */
	uint64_t ticket; /* of a wait on a condition */
	/* The calls that made it, innermost first; none of a role. */
	uint64_t made_at[WORLD_MADE_FRAMES];
	uint8_t made_at_count;
};

struct world {
	struct vthread *current;
	unsigned alive, thread_count, needy_count;
	uint64_t step;    /* events since the second thread was made */
	uint64_t now_ns;  /* virtual time, of this iteration */
	uint64_t changes; /* events that may have changed what others see */
	uint64_t iteration;
	bool is_active; /* an iteration runs, in this process */
};

extern struct world world;

static inline struct vthread *world_self(void)
{
	return world.current;
}

/* The thread of that number; NULL: there is none. */
struct vthread *world_thread(unsigned number);
const struct event *world_pending(const struct vthread *thread);

/* The calling thread is about to do this.  Returns when it is its turn. */
void world_point(const struct event *event);
void world_point_at(enum snag_event_kind kind, const void *object, void *pc);

/*
 * As world_point(), but the turn comes only when needs(object, self) holds; or
 * (deadline_ns not 0) when virtual time has reached the deadline: false then,
 * as when virtual_alert() says that something else ends the wait.
 * Where nobody can run and no deadline is left, that is a deadlock: the
 * iteration ends and this does not return.
 */
bool world_acquire(enum snag_event_kind kind, const void *object, void *pc,
		   world_needs *needs, uint64_t deadline_ns);
/* Something about the object has changed: whoever needs it is runnable, or no
 * longer.  Passes no control. */
void world_changed(const void *object);

/* The thread has something to look at. */
void world_interrupt(struct vthread *thread, enum alert why);
/* The thread was joined, or will not be: it needs its fiber no longer. */
void world_release_ended(struct vthread *thread);

/* The calling thread lets others run: sched_yield. */
void world_yield(enum snag_event_kind kind, void *pc);
/* ... and sleeps for that long of virtual time. */
void world_sleep(uint64_t ns, void *pc);

/* ... and waits for the world outside, until something has changed or virtual
 * time is there (0: none). */
void world_wait_outside(uint64_t deadline_ns, void *pc);
/* Does everyone wait for the world outside, who could run? */
bool world_is_idle(void);
/* What the last event did may let others go on that look again and again. */
void world_note_change(void);

/* Makes a thread that will run start(argument), runnable from now; NULL: too
 * many.  Passes no control. */
struct vthread *world_spawn(void *(*start)(void *), void *argument,
			    const char *name);
/* The calling thread has ended; never returns.  Who needs it is looked at. */
_Noreturn void world_end_thread(void *result);

/* Ends the iteration for good with one of the harness's outcomes; the batch
 * ends with it. */
_Noreturn void world_stop(const char *outcome);

/* Counted, and named in the result. */
void world_uncontrolled(enum snag_uncontrolled what);

/* ThreadSanitizer's. */
void __tsan_acquire(void *address);
void __tsan_release(void *address);
void __tsan_func_entry(void *pc);
void __tsan_func_exit(void);

#endif
