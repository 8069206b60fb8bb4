#include "model/report.h"

#include <string.h>

#include "base/arena.h"

static void *copy_array(struct arena *arena, const void *from, size_t count,
			size_t element_bytes)
{
	void *to;

	if (!count)
		return NULL;
	to = arena_alloc(arena, count * element_bytes);
	return memcpy(to, from, count * element_bytes);
}

static void copy_text(struct arena *arena, const char **text)
{
	*text = arena_dup(arena, *text);
}

static void copy_stack(struct arena *arena, struct stack *stack)
{
	const char *module = NULL, *module_copy = NULL;

	stack->frames = copy_array(arena, stack->frames, stack->count,
				   sizeof(*stack->frames));
	for (size_t i = 0; i < stack->count; i++) {
		struct frame *frame = &stack->frames[i];

		copy_text(arena, &frame->function);
		copy_text(arena, &frame->file);
		/* Neighbours share it; so do their copies. */
		if (frame->module != module) {
			module = frame->module;
			module_copy = arena_dup(arena, module);
		}
		frame->module = module_copy;
	}
}

static void copy_access(struct arena *arena, struct access *access)
{
	copy_text(arena, &access->object);
	copy_text(arena, &access->thread);
	copy_text(arena, &access->acquired);
	copy_text(arena, &access->holding);
	copy_text(arena, &access->waits_for);
	access->mutexes =
		copy_array(arena, access->mutexes, access->mutex_count,
			   sizeof(*access->mutexes));
	for (size_t i = 0; i < access->mutex_count; i++)
		copy_text(arena, &access->mutexes[i].id);
	copy_stack(arena, &access->stack);
	copy_stack(arena, &access->held_stack);
}

static void copy_location(struct arena *arena, struct location *location)
{
	copy_text(arena, &location->name);
	copy_text(arena, &location->module);
	copy_text(arena, &location->file);
	copy_text(arena, &location->thread);
	copy_stack(arena, &location->stack);
}

static void copy_thread(struct arena *arena, struct thread_info *thread)
{
	copy_text(arena, &thread->id);
	copy_text(arena, &thread->name);
	copy_text(arena, &thread->parent);
	copy_stack(arena, &thread->created);
}

struct report *report_copy(struct arena *arena, const struct report *report)
{
	struct report *copy = copy_array(arena, report, 1, sizeof(*report));

	copy_text(arena, &copy->kind_text);
	copy_text(arena, &copy->summary);
	copy_text(arena, &copy->missing);
	copy->accesses = copy_array(arena, copy->accesses, copy->access_count,
				    sizeof(*copy->accesses));
	for (size_t i = 0; i < copy->access_count; i++)
		copy_access(arena, &copy->accesses[i]);
	copy->locations =
		copy_array(arena, copy->locations, copy->location_count,
			   sizeof(*copy->locations));
	for (size_t i = 0; i < copy->location_count; i++)
		copy_location(arena, &copy->locations[i]);
	copy->mutexes = copy_array(arena, copy->mutexes, copy->mutex_count,
				   sizeof(*copy->mutexes));
	for (size_t i = 0; i < copy->mutex_count; i++) {
		copy_text(arena, &copy->mutexes[i].id);
		copy_stack(arena, &copy->mutexes[i].created);
	}
	copy->threads = copy_array(arena, copy->threads, copy->thread_count,
				   sizeof(*copy->threads));
	for (size_t i = 0; i < copy->thread_count; i++)
		copy_thread(arena, &copy->threads[i]);
	copy_stack(arena, &copy->sleep);
	return copy;
}
