/*
 * object.h - the virtual state of the program's locks, conditions and so on,
 * found by address.  What is in the program's memory stays as its own init
 * calls left it.
 *
 * State is of one iteration: an object that was not touched since is as new
 * (unlocked, nobody waits), but for what its init call said of it.
 */
#ifndef SNAG_VIRTUAL_OBJECT_H
#define SNAG_VIRTUAL_OBJECT_H

#include "explore/world.h"

enum object_type {
	OBJECT_NONE = 0,
	OBJECT_MUTEX,
	OBJECT_COND,
	OBJECT_RWLOCK,
	OBJECT_SPIN,
	OBJECT_BARRIER,
	OBJECT_SEM,
	OBJECT_ONCE,
	OBJECT_STREAM,
};

enum { OBJECT_TOKENS = 16 };

struct object {
	const void *address; /* NULL: the slot is free */
	uint64_t iteration;  /* that its state belongs to, plus one */
	uint8_t type;
	/* Said by its init call; kept over iterations. */
	uint32_t limit; /* of a barrier: threads; of a semaphore: its value */
	/* Mutex, rwlock, spin: */
	struct vthread *owner; /* who holds it for writing */
	uint32_t depth;        /* of a recursive mutex */
	uint32_t readers;      /* of a rwlock */
	/* Condition: */
	uint32_t waiting;
	uint64_t tickets; /* given to waiters so far */
	uint32_t signals; /* not yet taken: the sum of the tokens' */
	uint32_t token_count;
	struct token {
		uint64_t ticket; /* for waiters with no later one */
		uint32_t count;
	} tokens[OBJECT_TOKENS];
	/* Barrier and once: */
	uint32_t arrived, round;
	/* Semaphore: */
	uint32_t value;
};

/* Of this iteration; made when it is not there.  An object of another type at
 * the address is forgotten. */
struct object *object_at(const void *address, enum object_type type);
/* NULL: none. */
struct object *object_find(const void *address);
void object_forget(const void *address);
/* Every object in freed memory. */
void object_forget_range(const void *address, size_t bytes);
/* Number of the thread that holds it; -1: nobody, or not known. */
int16_t object_holder(const void *address);

#endif
