#include "model/place.h"

#include <string.h>

/* Sources of the sanitizer, the C library, the compiler's headers and our
 * harness around a scenario. */
static const char *const foreign[] = {
	"snag-harness/",    "compiler-rt",   "libsanitizer",
	"sanitizer_common", "/usr/include/", "/usr/lib/",
	"sysdeps/",         "/csu/",         "nptl/",
};

static bool is_own_file(const char *file)
{
	if (!file || !*file || *file == '<')
		return false;
	for (size_t i = 0; i < sizeof(foreign) / sizeof(foreign[0]); i++)
		if (strstr(file, foreign[i]))
			return false;
	return strncmp(file, "../../../", 9) != 0;
}

bool place_is_own(const struct frame *frame)
{
	return frame && frame->function && is_own_file(frame->file);
}

const struct frame *place_of_stack(const struct stack *stack)
{
	for (size_t i = 0; i < stack->count; i++)
		if (place_is_own(&stack->frames[i]))
			return &stack->frames[i];
	for (size_t i = 0; i < stack->count; i++)
		if (stack->frames[i].function)
			return &stack->frames[i];
	return stack->count ? &stack->frames[0] : NULL;
}

const struct frame *place_of_side(const struct finding *finding, size_t side)
{
	const struct excerpt *excerpt =
		finding->excerpts ? &finding->excerpts[side] : NULL;
	const struct stack *stack = &finding->report->accesses[side].stack;

	for (size_t i = 0; excerpt && excerpt->file && i < stack->count; i++) {
		const struct frame *frame = &stack->frames[i];

		if (frame->line == excerpt->line && frame->file &&
		    !strcmp(frame->file, excerpt->file))
			return frame;
	}
	return place_of_stack(stack);
}

char *place_function(struct arena *arena, const char *function)
{
	size_t len;

	if (!function)
		return NULL;
	/* "operator()" and "(anonymous namespace)::f" keep their brackets. */
	len = strcspn(function, ".");
	if (*function != '(' && !strstr(function, "operator"))
		len = strcspn(function, "(.");
	return arena_dup_n(arena, function, len ? len : strlen(function));
}

const char *place_text(struct arena *arena, const struct frame *frame)
{
	const char *name, *file;

	if (!frame)
		return "an unknown place";
	name = frame->function ? place_function(arena, frame->function)
			       : "an unnamed function";
	if (!is_own_file(frame->file))
		return name;
	file = strrchr(frame->file, '/');
	file = file ? file + 1 : frame->file;
	if (!frame->line)
		return arena_printf(arena, "%s (%s)", name, file);
	return arena_printf(arena, "%s (%s:%u)", name, file, frame->line);
}

/* The first two sides that tell something: of a deadlock, which lists every
 * thread, those that wait in the program's own code. */
static size_t telling_sides(struct arena *arena, const struct finding *finding,
			    const char *sides[2])
{
	const struct report *report = finding->report;
	size_t count = 0;

	for (size_t i = 0; i < report->access_count && count < 2; i++) {
		const struct frame *frame = place_of_side(finding, i);

		if (report->accesses[i].op != OP_WAIT || place_is_own(frame))
			sides[count++] = place_text(arena, frame);
	}
	return count;
}

const char *place_finding(struct arena *arena, const struct finding *finding)
{
	const struct report *report = finding->report;
	const char *kind, *sides[2] = {NULL, NULL};
	size_t count;

	if (!report)
		return "finding";
	kind = kind_name(report->kind);
	if (report->kind == KIND_WRONG_OUTCOME && finding->outcome)
		kind = arena_printf(arena, "outcome \"%s\"", finding->outcome);
	else if (report->kind == KIND_UNKNOWN && report->kind_text)
		kind = report->kind_text;
	count = telling_sides(arena, finding, sides);
	if (!count)
		return kind;
	if (count == 1)
		return arena_printf(arena, "%s in %s", kind, sides[0]);
	if (report->access_count == 2 && !strcmp(sides[0], sides[1]))
		return arena_printf(arena, "%s of %s with itself", kind,
				    sides[0]);
	return arena_printf(arena, "%s between %s and %s", kind, sides[0],
			    sides[1]);
}
