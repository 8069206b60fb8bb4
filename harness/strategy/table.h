/*
 * table.h - numbers for keys, in the order in which they are first met.
 *
 * A key is two numbers (an address and a thread, two positions of code).  A
 * table forgets all at once and holds TABLE_MAX keys; what comes later gets
 * no number, whatever its key is.
 */
#ifndef SNAG_STRATEGY_TABLE_H
#define SNAG_STRATEGY_TABLE_H

#include <stdbool.h>
#include <stdint.h>

enum { TABLE_MAX = 4096, TABLE_SLOTS = 4 * TABLE_MAX };

struct table_slot {
	uint64_t a, b;
	uint32_t epoch, number;
};

/* Zeroed, it is empty. */
struct table {
	uint32_t epoch, count;
	struct table_slot slots[TABLE_SLOTS];
};

static inline void table_clear(struct table *table)
{
	table->epoch++;
	table->count = 0;
}

static inline struct table_slot *table_slot(struct table *table, uint64_t a,
					    uint64_t b)
{
	uint64_t hash = (a ^ b * 0xff51afd7ed558ccdU) * 0x9e3779b97f4a7c15U;
	uint32_t at = (uint32_t)(hash >> 40) % TABLE_SLOTS;

	for (;; at = (at + 1) % TABLE_SLOTS) {
		struct table_slot *slot = &table->slots[at];

		if (slot->epoch != table->epoch ||
		    (slot->a == a && slot->b == b))
			return slot;
	}
}

/* Its number, or -1. */
static inline int table_find(struct table *table, uint64_t a, uint64_t b)
{
	const struct table_slot *slot = table_slot(table, a, b);

	return slot->epoch == table->epoch ? (int)slot->number : -1;
}

/* Its number; if it is new, that is the count of those before.  -1: full. */
static inline int table_add(struct table *table, uint64_t a, uint64_t b)
{
	struct table_slot *slot = table_slot(table, a, b);

	if (slot->epoch == table->epoch)
		return (int)slot->number;
	if (table->count == TABLE_MAX)
		return -1;
	*slot = (struct table_slot){a, b, table->epoch, table->count++};
	return (int)slot->number;
}

#endif
