/*
 * What the memory and the locks of a trace are called: globals by their symbol,
 * memory in a block by its letter, everything else as the source has it.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "campaign/retrace_part.h"
#include "judge/expression.h"

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
static bool is_whole(const struct retrace *t, const struct retrace_place *p)
{
	for (size_t i = 0; i < t->met_count; i++) {
		const struct retrace_place *other = t->met[i];

		if (other->pc > p->pc && other->line == p->line &&
		    other->column == p->column && other->file && p->file &&
		    !strcmp(other->file, p->file))
			return false;
	}
	return true;
}

static const char *by_source(struct retrace *t,
			     const struct snag_trace_event *e)
{
	struct retrace_place *p = retrace_place(t, e);
	bool is_read = e->kind == SNAG_EVENT_READ;

	if (!p->source || !p->column)
		return NULL;
	if (!p->is_named[is_read])
		p->accessed[is_read] =
			expression_at(t->arena, p->source, p->source_len,
				      p->column, argument_of(e, p),
				      !retrace_is_memory(e) || is_whole(t, p));
	p->is_named[is_read] = true;
	return p->accessed[is_read];
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

/* Of "a[i]->lock" the "lock". */
static const char *member_of(const char *name)
{
	const char *member = name;

	for (const char *c = name; *c; c++)
		if (*c == '.' || (*c == '-' && c[1] == '>'))
			member = c + (*c == '.' ? 1 : 2);
	return *member ? member : name;
}

static const char *by_itself(struct retrace *t, const struct retrace_object *o)
{
	uint64_t address = o->address - 1;
	const char *symbol = retrace_symbol(t, address);
	int label = retrace_label(t, address);

	if (symbol)
		return o->source && strstr(o->source, symbol) ? o->source
							      : symbol;
	if (label >= 0 && o->source)
		return in_block(t, o->source, label);
	if (label >= 0)
		return arena_printf(t->arena, "%c+0x%" PRIx64, 'A' + label,
				    address - t->labels[label]);
	return o->source ? NULL
			 : arena_printf(t->arena, "0x..%04" PRIx64,
					address & 0xffff);
}

/* By member and then by address. */
static int by_member(const void *a, const void *b)
{
	const struct retrace_object *x = *(struct retrace_object *const *)a;
	const struct retrace_object *y = *(struct retrace_object *const *)b;
	int order = strcmp(member_of(x->source), member_of(y->source));

	return order ? order
		     : (x->address > y->address) - (x->address < y->address);
}

/* Are these told apart by what the source calls them? */
static bool are_distinct(struct retrace_object *const *objects, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (objects[i]->is_many)
			return false;
		for (size_t j = 0; j < i; j++)
			if (!strcmp(objects[i]->source, objects[j]->source))
				return false;
	}
	return true;
}

/* The same member at several addresses, under names that do not tell which:
 * numbered. */
static void name_group(struct retrace *t, struct retrace_object **objects,
		       size_t count)
{
	enum { COMPARED = 64 };
	bool is_distinct = count <= COMPARED && are_distinct(objects, count);

	for (size_t i = 0; i < count; i++)
		objects[i]->name =
			is_distinct || (count == 1)
				? objects[i]->source
				: arena_printf(t->arena, "%s#%zu",
					       member_of(objects[i]->source),
					       i + 1);
}

static void name_rest(struct retrace *t, struct retrace_object **objects,
		      size_t count)
{
	size_t from = 0;

	qsort(objects, count, sizeof(*objects), by_member);
	for (size_t i = 1; i <= count; i++) {
		if (i < count && !strcmp(member_of(objects[i]->source),
					 member_of(objects[from]->source)))
			continue;
		name_group(t, objects + from, i - from);
		from = i;
	}
}

void retrace_names(struct retrace *t)
{
	struct retrace_object **rest = NULL;
	size_t count = 0;

	for (size_t i = 0; i < t->count; i++) {
		const struct snag_trace_event *e = &t->events[i];
		struct retrace_object *o;
		const char *source;

		if (!retrace_has_object(e))
			continue;
		o = retrace_object(t, t->objects, e->address);
		source = by_source(t, e);
		if (!o->source)
			o->source = source;
		else if (source && strcmp(source, o->source) != 0)
			o->is_many = true;
	}
	for (size_t i = 0; i <= t->mask; i++) {
		struct retrace_object *o = &t->objects[i];

		if (!o->address)
			continue;
		o->name = by_itself(t, o);
		if (!o->name)
			*(struct retrace_object **)arena_push(
				t->arena, &rest, &count, sizeof(*rest)) = o;
	}
	if (count)
		name_rest(t, rest, count);
}

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
