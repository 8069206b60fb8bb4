#include "oracle/oracle.h"

#include <string.h>

#include "explore/world.h"
#include "internal.h"
#include "oracle/fault.h"
#include "oracle/heap.h"

enum { OFF_ONE_IN = 4 };

struct oracle_view oracle_view;

static bool is_open, is_always;

void oracle_give_up(void)
{
	is_open = false;
	oracle_view.span = 0;
}

void __tsan_read_range_pc(void *address, unsigned long size, void *pc);
void __tsan_write_range_pc(void *address, unsigned long size, void *pc);

void oracle_open(const struct snag_batch_order *order, bool always)
{
	is_open = heap_open(!(order->flags & SNAG_EXPLORE_NO_ORACLE));
	is_always = always || (order->flags & SNAG_EXPLORE_ALL_ORACLE);
	oracle_view.low = blocks_low();
	oracle_view.shadow = blocks_shadow();
}

/* What is kept apart is not used again, which hides the faults that need it
 * to be. */
void oracle_begin(uint64_t seed)
{
	bool is_on = is_open &&
		     (is_always || random_mix(seed, 0x0ac1e) % OFF_ONE_IN);

	oracle_view.span = is_on ? blocks_span() : 0;
	heap_keep(is_on);
}

void oracle_end(void)
{
	if (is_open)
		heap_release();
}

/* The first byte that may not be used; 0: there is none. */
static uint64_t first_bad(uint64_t address, uint64_t size)
{
	uint64_t low = oracle_view.low, end = address + size;

	if (end - low > oracle_view.span)
		end = low + oracle_view.span;
	for (uint64_t at = address & ~UINT64_C(7); at < end; at += 8) {
		uint8_t s = oracle_view.shadow[(at - low) >> 3];
		uint64_t bad = s < 8 ? at + s : at;

		if (!s)
			continue;
		if (bad < address)
			bad = address;
		if (bad < end)
			return bad;
	}
	return 0;
}

void oracle_look(uint64_t address, uint64_t size, unsigned how,
		 const uint64_t *frame)
{
	uint64_t bad = size ? first_bad(address, size) : 0;
	void *at = (void *)address, *pc = (void *)frame[1];
	const struct block *block;
	bool is_freed;

	if (!bad)
		return;
	block = block_near(bad);
	is_freed = block && block->state == BLOCK_KEPT;
	/* It has its own view of the two, and knows which locks were held. */
	if (is_freed && how == ORACLE_READ)
		__tsan_read_range_pc(at, size, pc);
	else if (is_freed && how == ORACLE_WRITE)
		__tsan_write_range_pc(at, size, pc);
	fault_stop(is_freed ? SNAG_FAULT_USE_AFTER_FREE
			    : SNAG_FAULT_OUT_OF_BOUNDS,
		   address, size, how, frame, block);
}
