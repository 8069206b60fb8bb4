/*
 * profile.h - which objects the threads of an iteration met, and how often.
 *
 * An object is memory or what threads synchronise with.  By its address it is
 * known only within one iteration; what holds for the next is where a thread
 * met it first: the n-th time that this thread was at that code.
 */
#ifndef SNAG_STRATEGY_PROFILE_H
#define SNAG_STRATEGY_PROFILE_H

#include "strategy/members.h"
#include "strategy/table.h"

/* One thread's dealings with one object. */
struct profile_touch {
	uint64_t pc; /* of the first */
	uint32_t nth;
	uint32_t count;
	uint32_t next; /* touch of the same object, plus 1; 0: none */
	uint16_t thread;
};

struct profile_object {
	uint64_t pc; /* where it was met first */
	uint32_t touches;
	bool is_shared, is_ordered; /* by two threads; their order matters */
	uint32_t next;              /* candidate of the same class, plus 1 */
};

/* Candidates whose first code is the same: the elements of an array. */
struct profile_class {
	uint32_t first, count;
};

/* Zeroed, it is empty. */
struct profile {
	struct table by_address, by_touch, by_pc, by_class;
	uint32_t touched[TABLE_MAX]; /* by by_pc: how often was it there */
	struct profile_touch touches[TABLE_MAX];
	struct profile_object objects[TABLE_MAX];
	struct profile_class classes[TABLE_MAX];
	unsigned threads;
	uint16_t parents[STRATEGY_THREADS];
};

/* Must threads compete for it at this event, and for which object? */
static inline bool profile_is_touch(const struct event *e)
{
	if (event_is_memory(e))
		return e->address != 0;
	return e->address && e->kind < SNAG_EVENT_CREATE &&
	       e->kind != SNAG_EVENT_UNLOCK;
}

void profile_begin(struct profile *profile);
void profile_event(struct profile *profile, const struct strategy_view *view,
		   unsigned thread);
/* Finds the candidates: objects of two threads whose order matters. */
void profile_end(struct profile *profile);

/* A candidate, each class as likely as any other; NULL: there is none. */
const struct profile_object *profile_draw(const struct profile *profile,
					  uint64_t *random);

#endif
