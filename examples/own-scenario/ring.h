/*
 * ring.h - a queue of numbers between two threads, without a lock.
 *
 * One thread pushes and one thread pops; a second one at either end is an
 * error.  All zero is an empty ring.
 */
#ifndef RING_H
#define RING_H

#include <stdatomic.h>
#include <stdbool.h>

enum { RING_SLOTS = 16 };

struct ring {
	atomic_uint pushed, popped; /* how many, ever; they may wrap */
	int slots[RING_SLOTS];
};

/* False when the ring is full. */
bool ring_push(struct ring *ring, int value);
/* False when the ring is empty. */
bool ring_pop(struct ring *ring, int *value);

#endif
