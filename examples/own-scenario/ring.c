#include "ring.h"

/* The number that the other side reads is written with release after the slot,
 * and read with acquire before it: that hands the slot over. */

bool ring_push(struct ring *ring, int value)
{
	unsigned at = atomic_load_explicit(&ring->pushed, memory_order_relaxed);

	if (at - atomic_load_explicit(&ring->popped, memory_order_acquire) ==
	    RING_SLOTS)
		return false;
	ring->slots[at % RING_SLOTS] = value;
	atomic_store_explicit(&ring->pushed, at + 1, memory_order_release);
	return true;
}

bool ring_pop(struct ring *ring, int *value)
{
	unsigned at = atomic_load_explicit(&ring->popped, memory_order_relaxed);

	if (atomic_load_explicit(&ring->pushed, memory_order_acquire) == at)
		return false;
	*value = ring->slots[at % RING_SLOTS];
	atomic_store_explicit(&ring->popped, at + 1, memory_order_release);
	return true;
}
