/*
 * What the memory and the locks of a trace are called: globals by their
 * symbol, everything else by what the source says where it is first accessed.
 * Memory that a value points to is a block with a letter.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "campaign/retrace_part.h"
#include "judge/expression.h"

enum {
	BLOCK_BYTES = 128, /* after where a value points to */
	SMALLEST_POINTER = 1 << 16,
	SMALL_VALUE = 1 << 16,
};

struct retrace_object *retrace_object(struct retrace *t,
				      struct retrace_object *table,
				      uint64_t address)
{
	size_t i = (size_t)(address * 0x9e3779b97f4a7c15U >> 20) & t->mask;

	while (table[i].address && table[i].address != address + 1)
		i = (i + 1) & t->mask;
	table[i].address = address + 1;
	return &table[i];
}

/* The block that the address is in; -1: none. */
static int label_of(const struct retrace *t, uint64_t address)
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

	for (size_t i = 0; i < t->count && t->label_count < RETRACE_LABELS;
	     i++) {
		const struct snag_trace_event *e = &t->events[i];
		const char *module;
		uint64_t offset;

		if (!e->has_value || e->size != 8 || e->value == last ||
		    e->value < SMALLEST_POINTER || is_labelled(t, e->value) ||
		    process_map_find(&t->map, e->value, &module, &offset))
			continue;
		last = e->value;
		if (is_accessed(t, e->value))
			t->labels[t->label_count++] = e->value;
	}
}

/* The destination of a copy is its first argument, the source its second. */
static unsigned argument_of(const struct snag_trace_event *e,
			    const struct retrace_place *p)
{
	static const char *const copies[] = {"memcpy", "memmove", "strcpy",
					     "strncpy", "strcat"};
	const char *at = p->source + p->column - 1;

	if (e->kind != SNAG_EVENT_READ || p->column > p->source_len)
		return 0;
	for (size_t i = 0; i < sizeof(copies) / sizeof(copies[0]); i++)
		if (p->source_len - p->column + 1 > strlen(copies[i]) &&
		    !strncmp(at, copies[i], strlen(copies[i])))
			return 1;
	return 0;
}

/* Both the pointer to an array and what it points to are accessed in the same
 * column: the pointer first. */
static bool is_whole(const struct retrace *t, const struct snag_trace_event *e,
		     const struct retrace_place *p)
{
	for (size_t i = 0; i <= t->mask; i++) {
		const struct retrace_place *other = &t->places[i];

		if (other->pc > e->pc && other->line == p->line &&
		    other->column == p->column && other->file && p->file &&
		    !strcmp(other->file, p->file))
			return false;
	}
	return true;
}

static const char *by_source(struct retrace *t,
			     const struct snag_trace_event *e)
{
	const struct retrace_place *p = retrace_place(t, e);

	if (!p->source || !p->column)
		return NULL;
	return expression_at(t->arena, p->source, p->source_len, p->column,
			     argument_of(e, p),
			     !retrace_is_memory(e) || is_whole(t, e, p));
}

static const char *by_symbol(struct retrace *t, uint64_t address)
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

/* "node->next" in block A is "A->next". */
static const char *in_block(struct retrace *t, const char *name, int label)
{
	const char *member = NULL;

	for (const char *at = name; (at = strstr(at, "->")); at += 2)
		member = at;
	if (member)
		return arena_printf(t->arena, "%c%s", 'A' + label, member);
	return *name == '*' ? arena_printf(t->arena, "*%c", 'A' + label) : name;
}

static const char *new_name(struct retrace *t, const struct snag_trace_event *e)
{
	const char *symbol = by_symbol(t, e->address);
	const char *source = by_source(t, e);
	int label = label_of(t, e->address);

	if (symbol)
		return source && strstr(source, symbol) ? source : symbol;
	if (label >= 0 && source)
		return in_block(t, source, label);
	if (source)
		return source;
	if (label >= 0)
		return arena_printf(t->arena, "%c+0x%" PRIx64, 'A' + label,
				    e->address - t->labels[label]);
	return arena_printf(t->arena, "0x..%04" PRIx64, e->address & 0xffff);
}

/* One name an address, in the words of who came first. */
const char *retrace_name(struct retrace *t, const struct snag_trace_event *e)
{
	struct retrace_object *o;

	if (!e->address)
		return NULL;
	o = retrace_object(t, retrace_is_memory(e) ? t->objects : t->locks,
			   e->address);
	if (!o->name)
		o->name = new_name(t, e);
	return o->name;
}

const char *retrace_value(struct retrace *t, const struct snag_trace_event *e)
{
	uint64_t v = e->value;
	unsigned bits = e->size * 8;
	const char *symbol;
	int label;

	if (!e->has_value || !e->size || e->size > 8)
		return NULL;
	label = e->size == 8 ? label_of(t, v) : -1;
	if (label >= 0 && v == t->labels[label])
		return arena_printf(t->arena, "%c", 'A' + label);
	if (v < SMALL_VALUE)
		return arena_printf(t->arena, "%" PRIu64, v);
	if (bits < 64)
		v |= v >> (bits - 1) & 1 ? ~0ULL << bits : 0;
	if ((int64_t)v < 0 && (int64_t)v > -SMALL_VALUE)
		return arena_printf(t->arena, "%" PRId64, (int64_t)v);
	symbol = e->size == 8 ? by_symbol(t, v) : NULL;
	if (symbol)
		return arena_printf(t->arena, "&%s", symbol);
	return arena_printf(t->arena, "0x%" PRIx64, e->value);
}
