/*
 * range_index.h - which of many address ranges holds an address?
 *
 * Ranges are added, sorted once, then looked up in O(log n) where they do not
 * overlap much.  The number of ranges has a maximum given at birth; what is
 * beyond it is dropped.  Owns its memory: range_index_release.
 */
#ifndef SNAG_READ_RANGE_INDEX_H
#define SNAG_READ_RANGE_INDEX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct range {
	uint64_t low, high; /* [low, high) */
	uint64_t reach;     /* the greatest high up to this one, when sorted */
	uint64_t value;     /* the caller's */
};

struct range_index {
	struct range *ranges;
	size_t count, room, max;
};

/* Empty and reversed ranges are dropped. */
void range_index_add(struct range_index *index, uint64_t low, uint64_t high,
		     uint64_t value);
void range_index_sort(struct range_index *index);
/* Of those that hold the address the one that begins last, and is shortest of
 * these; NULL when none does. */
const struct range *range_index_find(const struct range_index *index,
				     uint64_t address);
/* The one that begins last at or before the address, whether it holds it or
 * not; NULL when there is none. */
const struct range *range_index_before(const struct range_index *index,
				       uint64_t address);
void range_index_release(struct range_index *index);

#endif
