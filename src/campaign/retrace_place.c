/* Where in the source an event happened. */
#include <string.h>

#include "base/text.h"
#include "campaign/retrace_part.h"
#include "judge/own_frame.h"
#include "judge/paths.h"

static struct retrace_place *slot_of(struct retrace *t, uint64_t pc)
{
	size_t i = (size_t)(pc * 0x9e3779b97f4a7c15U >> 20) & t->mask;

	while (t->places[i].pc && t->places[i].pc != pc)
		i = (i + 1) & t->mask;
	return &t->places[i];
}

static void read_source(struct retrace *t, struct retrace_place *p)
{
	struct source_tree *tree = t->rerun->campaign.sources;

	if (p->file && p->line)
		p->source = source_line(tree, p->file, p->line, &p->source_len);
}

/* The innermost frame of the project's own: what stands in a header of the
 * library's is not what a reader looks for. */
static void resolve(struct retrace *t, struct retrace_place *p, bool is_call)
{
	const char *root = t->rerun->result.root;
	struct stack stack = {0};
	const struct frame *frame;
	const char *module;
	uint64_t offset;

	if (!process_map_find(&t->map, p->pc - is_call, &module, &offset))
		return;
	symbols_resolve(t->rerun->campaign.symbols, t->arena, module, offset,
			&stack);
	if (!own_frame_exists(&stack))
		return;
	frame = own_frame_first(&stack);
	p->function = frame->function;
	p->line = frame->line;
	p->column = frame->column;
	if (frame->file)
		p->file =
			root ? paths_relative(root, frame->file) : frame->file;
	read_source(t, p);
}

struct retrace_place *retrace_place(struct retrace *t,
				    const struct snag_trace_event *e)
{
	static struct retrace_place nowhere;
	struct retrace_place *p;

	if (!e->pc)
		return &nowhere;
	p = slot_of(t, e->pc);
	if (p->pc)
		return p;
	p->pc = e->pc;
	*(struct retrace_place **)arena_push(t->arena, &t->met, &t->met_count,
					     sizeof(*t->met)) = p;
	resolve(t, p, e->kind != SNAG_EVENT_BEGIN);
	return p;
}
