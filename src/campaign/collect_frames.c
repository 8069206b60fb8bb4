#include <string.h>

#include "base/text.h"
#include "campaign/collect_part.h"
#include "judge/own_frame.h"

const char *collect_thread_id(struct arena *arena, unsigned thread)
{
	return thread ? arena_printf(arena, "T%u", thread) : "main";
}

const char *collect_name(struct arena *arena, const char *name, size_t room)
{
	return *name ? text_clean(arena, name, strnlen(name, room), false)
		     : NULL;
}

/* What stands within a call of the program's is ours: the call's name alone is
 * left of it, as if libc had answered. */
static void strip_ours(struct stack *stack)
{
	static const char prefix[] = "virtual_";
	const size_t len = sizeof(prefix) - 1;
	struct frame *call = NULL;
	size_t n = 0;

	while (n < stack->count &&
	       own_frame_role(&stack->frames[n]) == FRAME_HARNESS) {
		struct frame *frame = &stack->frames[n++];

		if (frame->function && !strncmp(frame->function, prefix, len))
			call = frame;
	}
	if (n == stack->count)
		return;
	if (call) {
		const struct frame as_called = {.function =
							call->function + len,
						.module = call->module,
						.offset = call->offset,
						.has_offset = call->has_offset};

		stack->frames[--n] = as_called;
	}
	stack->frames += n;
	stack->count -= n;
}

void collect_frames(const struct addresses *a, const uint64_t *frames,
		    size_t count, struct stack *stack)
{
	for (size_t i = 0; i < count; i++) {
		const char *module;
		uint64_t offset;
		struct frame *frame;

		if (process_map_find(&a->map, frames[i], &module, &offset)) {
			symbols_resolve(a->symbols, a->arena, module, offset,
					stack);
			continue;
		}
		frame = arena_push(a->arena, &stack->frames, &stack->count,
				   sizeof(*frame));
		frame->pc = frames[i];
	}
	stack->is_lost = !count;
	strip_ours(stack);
}
