#include "read/range_index.h"

#include <stdlib.h>

#include "base/arena.h"

void range_index_add(struct range_index *index, uint64_t low, uint64_t high,
		     uint64_t value)
{
	if (low >= high || index->count >= index->max)
		return;
	if (index->count == index->room) {
		index->room = index->room ? index->room * 2 : 64;
		index->ranges = must_realloc(
			index->ranges, index->room * sizeof(struct range));
	}
	index->ranges[index->count++] =
		(struct range){.low = low, .high = high, .value = value};
}

static int compare(const void *left, const void *right)
{
	const struct range *a = left, *b = right;

	if (a->low != b->low)
		return a->low < b->low ? -1 : 1;
	if (a->high != b->high) /* the shorter one last: it is found first */
		return a->high > b->high ? -1 : 1;
	return a->value < b->value ? -1 : a->value > b->value;
}

void range_index_sort(struct range_index *index)
{
	uint64_t reach = 0;

	if (index->count > 1)
		qsort(index->ranges, index->count, sizeof(struct range),
		      compare);
	for (size_t i = 0; i < index->count; i++) {
		if (index->ranges[i].high > reach)
			reach = index->ranges[i].high;
		index->ranges[i].reach = reach;
	}
}

/* How many begin at or before the address. */
static size_t count_before(const struct range_index *index, uint64_t address)
{
	size_t low = 0, high = index->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (index->ranges[middle].low <= address)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

const struct range *range_index_find(const struct range_index *index,
				     uint64_t address)
{
	for (size_t i = count_before(index, address);
	     i > 0 && index->ranges[i - 1].reach > address; i--)
		if (index->ranges[i - 1].high > address)
			return &index->ranges[i - 1];
	return NULL;
}

const struct range *range_index_before(const struct range_index *index,
				       uint64_t address)
{
	size_t count = count_before(index, address);

	return count ? &index->ranges[count - 1] : NULL;
}

void range_index_release(struct range_index *index)
{
	free(index->ranges);
	*index = (struct range_index){.max = index->max};
}
