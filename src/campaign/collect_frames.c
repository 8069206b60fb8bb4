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

/* The innermost frames before the project's own, ours and what we called among
 * them: the index past the last of ours. */
static size_t end_of_ours(const struct stack *stack)
{
	size_t end = 0;

	for (size_t i = 0; i < stack->count; i++) {
		enum frame_role role = own_frame_role(&stack->frames[i]);

		if (role == FRAME_OWN)
			break;
		if (role == FRAME_HARNESS)
			end = i + 1;
	}
	return end;
}

void collect_show_call(struct stack *stack)
{
	static const char prefix[] = "virtual_";
	const size_t len = sizeof(prefix) - 1;
	const struct frame *call = NULL;
	size_t n = end_of_ours(stack);

	if (n == stack->count)
		return;
	for (size_t i = 0; i < n; i++)
		if (stack->frames[i].function &&
		    !strncmp(stack->frames[i].function, prefix, len))
			call = &stack->frames[i];
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
	collect_show_call(stack);
}
