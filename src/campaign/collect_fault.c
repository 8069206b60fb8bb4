/* Memory that was used though it was freed, or never the program's. */
#include <string.h>

#include "campaign/collect_part.h"

static void add_thread(const struct addresses *a, struct report *report,
		       const struct snag_fault_stack *from, const char *id)
{
	struct thread_info *thread;

	if (!from->thread || report_thread(report, id))
		return;
	thread = arena_push(a->arena, &report->threads, &report->thread_count,
			    sizeof(*thread));
	thread->id = id;
	thread->name = collect_name(a->arena, from->name, sizeof(from->name));
}

static void add_stack(const struct addresses *a, struct report *report,
		      const struct snag_fault_stack *from, const char **id,
		      struct stack *stack)
{
	size_t n = from->frame_count < SNAG_FAULT_FRAMES ? from->frame_count
							 : SNAG_FAULT_FRAMES;

	*id = collect_thread_id(a->arena, from->thread);
	collect_frames(a, from->frames, n, stack);
	add_thread(a, report, from, *id);
}

static struct access *add_access(const struct addresses *a,
				 struct report *report,
				 const struct snag_fault_stack *from)
{
	struct access *access =
		arena_push(a->arena, &report->accesses, &report->access_count,
			   sizeof(*access));
	struct stack stack = {0};
	const char *id;

	add_stack(a, report, from, &id, &stack);
	access->thread = id;
	access->stack = stack;
	access->op = OP_WRITE;
	return access;
}

static void add_block(const struct snag_fault *fault, const struct addresses *a,
		      struct report *report)
{
	struct location *l = arena_push(a->arena, &report->locations,
					&report->location_count, sizeof(*l));

	l->type = LOCATION_HEAP;
	l->address = fault->block;
	l->size_bytes = fault->block_size;
	add_stack(a, report, &fault->stacks[SNAG_FAULT_MADE], &l->thread,
		  &l->stack);
}

bool collect_fault(const struct snag_fault *fault, const struct addresses *a,
		   struct report *report)
{
	struct access *use, *freed;

	if (!fault->kind || fault->kind >= SNAG_FAULT_KINDS)
		return false;
	use = add_access(a, report, &fault->stacks[SNAG_FAULT_USE]);
	use->op = fault->is_write || !fault->size ? OP_WRITE : OP_READ;
	use->is_free = !fault->size;
	use->is_atomic = fault->is_atomic;
	use->size_bytes = fault->size ? fault->size : fault->block_size;
	use->address = fault->address;
	if (fault->is_freed) {
		freed = add_access(a, report, &fault->stacks[SNAG_FAULT_FREED]);
		freed->is_free = freed->is_previous = true;
		freed->size_bytes = fault->block_size;
		freed->address = fault->block;
	}
	if (fault->block)
		add_block(fault, a, report);
	return true;
}
