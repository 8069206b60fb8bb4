/*
 * world.h - the virtual threads of an iteration, and who runs.
 *
 * All virtual threads run on one thread of the kernel, each on its own stack
 * and as a fiber of ThreadSanitizer's.  Control passes from one to another
 * only inside world_point(), world_block() and at a thread's end.  Nothing here
 * is instrumented, and no edge is stated but those that harness/virtual states
 * for the program's own calls.
 */
#ifndef SNAG_EXPLORE_WORLD_H
#define SNAG_EXPLORE_WORLD_H

#include <stddef.h>

#include "explore/strategy.h"

enum {
	WORLD_MAX_NUMBERS = 65000, /* threads made in one iteration */
	WORLD_MAX_ALIVE = 4000,    /* ThreadSanitizer's limit is 8,128 */
};

enum vstate {
	V_FREE = 0,
	V_RUNNABLE,
	V_BLOCKED, /* until world_wake(), or its deadline */
	V_ENDED,
};

/* Why a runnable thread is passed over while others can do something. */
enum vwaiting {
	V_EAGER = 0,
	V_YIELDED,  /* until another thread has performed an event */
	V_SPINNING, /* until another thread has written, or woken one */
	V_SLEEPING, /* until its deadline, or when it is picked all the same */
};

struct vthread {
	void *sp; /* of its stack while it does not run */
	void *fiber;
	struct stack *stack; /* NULL: main, on the process's own */
	uint16_t number;
	uint8_t state, waiting;
	bool is_detached, is_joined, has_timed_out, is_role, is_cancelled;
	bool cancel_disabled;
	int saved_errno;
	uint64_t deadline_ns;    /* of a wait or a sleep; 0: none */
	uint64_t blocked_on;     /* address of the object; 0: none */
	struct vthread *holder;  /* who holds that, if anybody does */
	struct vthread *next_waiting; /* for the object's own list */
	void *(*start)(void *);
	void *argument, *result;
	char end; /* its address carries "it has ended" */
	char name[16];
	/* Spin detection. */
	uint32_t idle_events; /* since it last changed anything */
	uint64_t idle_mark;
	/* What harness/virtual keeps for it. */
	void *cleanup;    /* pthread_cleanup_push's list */
	void **specifics; /* values of its keys */
	void *emutls;     /* its __thread variables */
};

struct world {
	struct vthread *current;
	unsigned alive, runnable_count, thread_count;
	uint64_t step;   /* events since the iteration's second thread */
	uint64_t now_ns; /* virtual time */
	uint64_t writes; /* events that may have changed what others see */
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

/* A schedule point: the calling thread is about to do this.  Returns when it
 * is its turn; what it does next happens at once. */
void world_point(const struct event *event);
/* The usual case of it, for an object. */
void world_point_at(enum snag_event_kind kind, const void *object, void *pc);

/*
 * The calling thread cannot go on: blocks until world_wake(), or (deadline_ns
 * not 0) until virtual time has reached the deadline; false then.  Its pending
 * event stays what it was.  Where nobody can run and no deadline is left, that
 * is a deadlock: the iteration ends and this does not return.
 */
bool world_block(const void *object, struct vthread *holder,
		 uint64_t deadline_ns);
/* It may run again, and is asked to look whether it can go on. */
void world_wake(struct vthread *thread);

/* The calling thread lets others run: sched_yield. */
void world_yield(void *pc);
/* ... and sleeps for that long of virtual time. */
void world_sleep(uint64_t ns, void *pc);

/* Makes a thread that will run start(argument); NULL: too many. */
struct vthread *world_spawn(void *(*start)(void *), void *argument,
			    const char *name);
/* The calling thread has ended; never returns.  Its joiners are woken. */
_Noreturn void world_end_thread(void *result);

/* Ends the iteration for good with one of the harness's outcomes; the batch
 * ends with it. */
_Noreturn void world_stop(const char *outcome);

/* Counted, and named in the result. */
void world_uncontrolled(enum snag_uncontrolled what);

#endif
