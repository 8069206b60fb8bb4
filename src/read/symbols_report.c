/* Symbols for a whole report: the other half of symbols.h. */
#include <string.h>

#include "read/symbols.h"

/* More than this no stack of a report has: inlined frames multiply. */
enum { FRAMES_MAX = 4096, PAGE = 4096, MODULES_MAX = 64 };

static bool is_unnamed(const struct frame *frame)
{
	return !frame->function && frame->has_offset && frame->module;
}

static void resolve_stack(struct symbols *symbols, struct arena *arena,
			  struct stack *stack)
{
	struct stack resolved = {.is_lost = stack->is_lost};
	size_t unnamed = 0;

	for (size_t i = 0; i < stack->count; i++)
		unnamed += is_unnamed(&stack->frames[i]);
	if (!unnamed)
		return;
	for (size_t i = 0; i < stack->count; i++) {
		const struct frame *frame = &stack->frames[i];

		if (is_unnamed(frame) && resolved.count < FRAMES_MAX) {
			size_t count =
				symbols_resolve(symbols, arena, frame->module,
						frame->offset, &resolved);

			for (size_t k = 1; k <= count; k++)
				resolved.frames[resolved.count - k].pc =
					frame->pc;
		} else {
			*(struct frame *)arena_push(arena, &resolved.frames,
						    &resolved.count,
						    sizeof(*frame)) = *frame;
		}
	}
	*stack = resolved;
}

/* A module of the report and where it was loaded. */
struct loaded {
	const char *path;
	uint64_t base;
};

struct loaded_list {
	struct loaded modules[MODULES_MAX];
	size_t count;
};

static void add_loaded(struct loaded_list *list, const struct frame *frame)
{
	uint64_t difference = frame->pc - frame->offset;

	/* The pc is that of the return, the offset that of the call before:
	 * one apart, four on arm64.  Modules begin at a page. */
	if (!frame->pc || !frame->has_offset || !frame->module ||
	    frame->offset > frame->pc || difference % PAGE > 4)
		return;
	for (size_t i = 0; i < list->count; i++)
		if (strcmp(list->modules[i].path, frame->module) == 0)
			return;
	if (list->count < MODULES_MAX)
		list->modules[list->count++] = (struct loaded){
			frame->module, difference / PAGE * PAGE};
}

static void add_loaded_stack(struct loaded_list *list,
			     const struct stack *stack)
{
	for (size_t i = 0; i < stack->count; i++)
		add_loaded(list, &stack->frames[i]);
}

static struct loaded_list loaded_modules(const struct report *report)
{
	struct loaded_list list = {0};

	for (size_t i = 0; i < report->access_count; i++)
		add_loaded_stack(&list, &report->accesses[i].stack);
	for (size_t i = 0; i < report->thread_count; i++)
		add_loaded_stack(&list, &report->threads[i].created);
	return list;
}

/* ThreadSanitizer without a symbolizer prints "<null>" and no address for a
 * global, or no location at all. */
static bool is_nameless(const struct location *location)
{
	return location->type == LOCATION_GLOBAL &&
	       (!location->name || strcmp(location->name, "<null>") == 0 ||
		strcmp(location->name, "??") == 0);
}

static bool wants_global(const struct report *report)
{
	return kind_is_race(report->kind) && report->access_count > 0 &&
	       report->accesses[0].address != 0 &&
	       (report->location_count == 0 ||
		(report->location_count == 1 &&
		 is_nameless(&report->locations[0])));
}

static void set_global(struct arena *arena, struct report *report,
		       const struct loaded *loaded,
		       const struct symbols_global *global)
{
	struct location *location =
		report->location_count == 1
			? &report->locations[0]
			: arena_push(arena, &report->locations,
				     &report->location_count,
				     sizeof(*location));

	*location = (struct location){
		.type = LOCATION_GLOBAL,
		.name = global->name,
		.module = loaded->path,
		.file = global->file,
		.line = global->line,
		.size_bytes = global->size_bytes,
		.address = loaded->base + global->offset,
	};
}

static void find_global(struct symbols *symbols, struct arena *arena,
			struct report *report)
{
	uint64_t address = report->accesses[0].address;
	struct loaded_list list = loaded_modules(report);

	for (size_t i = 0; i < list.count; i++) {
		const struct loaded *loaded = &list.modules[i];
		struct symbols_global global;

		if (address >= loaded->base &&
		    symbols_global(symbols, arena, loaded->path,
				   address - loaded->base, &global)) {
			set_global(arena, report, loaded, &global);
			return;
		}
	}
}

void symbols_report(struct symbols *symbols, struct arena *arena,
		    struct report *report)
{
	if (wants_global(report))
		find_global(symbols, arena, report);
	for (size_t i = 0; i < report->access_count; i++) {
		resolve_stack(symbols, arena, &report->accesses[i].stack);
		resolve_stack(symbols, arena, &report->accesses[i].held_stack);
	}
	for (size_t i = 0; i < report->location_count; i++)
		resolve_stack(symbols, arena, &report->locations[i].stack);
	for (size_t i = 0; i < report->mutex_count; i++)
		resolve_stack(symbols, arena, &report->mutexes[i].created);
	for (size_t i = 0; i < report->thread_count; i++)
		resolve_stack(symbols, arena, &report->threads[i].created);
	resolve_stack(symbols, arena, &report->sleep);
}
