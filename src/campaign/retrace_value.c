/* What values say: numbers, and the blocks of memory that they point to. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "campaign/retrace_part.h"

enum {
	BLOCK_BYTES = 128, /* after where a value points to */
	SMALLEST_POINTER = 1 << 16,
	SMALL_VALUE = 1 << 16,
	MAX_LOOKS = 4096, /* for memory that a value may point to */
};

int retrace_label(const struct retrace *t, uint64_t address)
{
	int best = -1;

	for (size_t i = 0; i < t->label_count; i++)
		if (address >= t->labels[i] &&
		    address - t->labels[i] < BLOCK_BYTES &&
		    (best < 0 || t->labels[i] > t->labels[best]))
			best = (int)i;
	return best;
}

static bool is_accessed(const struct retrace *t, uint64_t address)
{
	for (size_t i = 0; i < t->count; i++)
		if (retrace_is_memory(&t->events[i]) &&
		    t->events[i].address >= address &&
		    t->events[i].address - address < BLOCK_BYTES)
			return true;
	return false;
}

static bool is_labelled(const struct retrace *t, uint64_t address)
{
	for (size_t i = 0; i < t->label_count; i++)
		if (t->labels[i] == address)
			return true;
	return false;
}

/* Values that point to memory which the trace has accesses of. */
void retrace_find_labels(struct retrace *t)
{
	uint64_t last = 0;
	unsigned looks = 0;

	for (size_t i = 0; i < t->count && t->label_count < RETRACE_LABELS &&
			   looks < MAX_LOOKS;
	     i++) {
		const struct snag_trace_event *e = &t->events[i];
		const char *module;
		uint64_t offset;

		if (!e->has_value || e->size != 8 || e->value == last ||
		    e->value < SMALLEST_POINTER || is_labelled(t, e->value) ||
		    process_map_find(&t->map, e->value, &module, &offset))
			continue;
		last = e->value;
		looks++;
		if (is_accessed(t, e->value))
			t->labels[t->label_count++] = e->value;
	}
}

const char *retrace_symbol(struct retrace *t, uint64_t address)
{
	struct symbols_global global;
	const char *module;
	uint64_t offset;

	if (!process_map_find(&t->map, address, &module, &offset) ||
	    !symbols_global(t->rerun->campaign.symbols, t->arena, module,
			    offset, &global) ||
	    !global.name)
		return NULL;
	if (offset == global.offset)
		return global.name;
	return arena_printf(t->arena, "%s+0x%" PRIx64, global.name,
			    offset - global.offset);
}

const char *retrace_value(struct retrace *t, const struct snag_trace_event *e)
{
	uint64_t v = e->value;
	unsigned bits = e->size * 8;
	const char *symbol;
	int label;

	if (!e->has_value || !e->size || e->size > 8)
		return NULL;
	label = e->size == 8 ? retrace_label(t, v) : -1;
	if (label >= 0 && v == t->labels[label])
		return arena_printf(t->arena, "%c", 'A' + label);
	if (v < SMALL_VALUE)
		return arena_printf(t->arena, "%" PRIu64, v);
	if (bits < 64)
		v |= v >> (bits - 1) & 1 ? ~0ULL << bits : 0;
	if ((int64_t)v < 0 && (int64_t)v > -SMALL_VALUE)
		return arena_printf(t->arena, "%" PRId64, (int64_t)v);
	symbol = e->size == 8 ? retrace_symbol(t, v) : NULL;
	if (symbol)
		return arena_printf(t->arena, "&%s", symbol);
	return arena_printf(t->arena, "0x%" PRIx64, e->value);
}
