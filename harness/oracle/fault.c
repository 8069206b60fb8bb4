#include "oracle/fault.h"

#include <string.h>

#include "explore/walk.h"
#include "explore/world_part.h"
#include "oracle/oracle.h"

_Static_assert((int)TRACE_FRAMES <= (int)SNAG_FAULT_FRAMES,
	       "a block's trace fits");

static void put_name(struct snag_fault_stack *out)
{
	const struct vthread *t = world_thread(out->thread);

	if (t)
		memcpy(out->name, t->name, sizeof(out->name));
}

static void put_trace(struct snag_fault_stack *out, const struct trace *trace)
{
	out->thread = trace->thread;
	out->frame_count = trace->count;
	for (unsigned i = 0; i < trace->count; i++)
		out->frames[i] = trace->frames[i];
	put_name(out);
}

static void put_use(struct snag_fault_stack *out, const uint64_t *frame)
{
	out->thread = world.current->number;
	out->frame_count = (uint16_t)walk_frames(
		world.current, frame, out->frames, SNAG_FAULT_FRAMES);
	put_name(out);
}

_Noreturn void fault_stop(enum snag_fault_kind kind, uint64_t address,
			  uint64_t size, unsigned how, const uint64_t *frame,
			  const struct block *block)
{
	static const char *const outcomes[] = {
		[SNAG_FAULT_USE_AFTER_FREE] = "@use-after-free",
		[SNAG_FAULT_DOUBLE_FREE] = "@double-free",
		[SNAG_FAULT_INVALID_FREE] = "@invalid-free",
		[SNAG_FAULT_OUT_OF_BOUNDS] = "@out-of-bounds",
	};
	struct snag_fault *f = &explore_shared->fault;

	memset(f, 0, sizeof(*f));
	f->address = address;
	f->size = size;
	f->is_write = how & ORACLE_WRITE;
	f->is_atomic = (how & ORACLE_ATOMIC) != 0;
	put_use(&f->stacks[SNAG_FAULT_USE], frame);
	if (block) {
		f->block = block->begin;
		f->block_size = block->size;
		f->is_freed = block->state != BLOCK_LIVE;
		put_trace(&f->stacks[SNAG_FAULT_MADE], &block->made);
		if (f->is_freed)
			put_trace(&f->stacks[SNAG_FAULT_FREED], &block->freed);
	}
	f->kind = kind;
	world_stop(outcomes[kind]);
}
