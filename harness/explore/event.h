/*
 * event.h - what a virtual thread is about to do.
 *
 * A thread publishes its next event at a schedule point and then waits for its
 * turn; whoever is picked performs its event at once, and nobody else runs
 * until that thread's next point.
 */
#ifndef SNAG_EXPLORE_EVENT_H
#define SNAG_EXPLORE_EVENT_H

#include <stdbool.h>
#include <stdint.h>

/* Numbers are on the wire (snag/wire_explore.h names them for the tool). */
#include <snag/wire_explore.h>

struct event {
	uint64_t pc;      /* of the program's code; 0: not known */
	uint64_t address; /* of the memory or the object; 0: none */
	uint32_t size;    /* bytes of memory; 0 for objects */
	uint8_t kind;     /* enum snag_event_kind */
};

/* Does it change what another thread may see at its address? */
static inline bool event_is_write(const struct event *e)
{
	return e->kind >= SNAG_EVENT_FIRST_WRITE &&
	       e->kind <= SNAG_EVENT_LAST_WRITE;
}

static inline bool event_is_memory(const struct event *e)
{
	return e->kind <= SNAG_EVENT_LAST_MEMORY && e->kind;
}

/* Must their order be decided?  Two accesses of the same bytes of which one
 * writes, or two operations on one object. */
static inline bool event_conflicts(const struct event *a, const struct event *b)
{
	if (!a->address || !b->address)
		return false;
	if (!event_is_memory(a) || !event_is_memory(b))
		return a->address == b->address;
	return (event_is_write(a) || event_is_write(b)) &&
	       a->address < b->address + b->size &&
	       b->address < a->address + a->size;
}

#endif
