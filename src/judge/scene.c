#include "judge/scene.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "judge/own_frame.h"

const struct c_unit *scene_unit(struct scene *scene, const char *file)
{
	struct scene_unit *unit;
	const char *text;
	size_t len = 0;

	if (!file || !scene->sources)
		return NULL;
	for (size_t i = 0; i < scene->unit_count; i++)
		if (!strcmp(scene->units[i].file, file))
			return scene->units[i].has_text ? &scene->units[i].unit
							: NULL;
	if (scene->unit_count == SCENE_MAX_UNITS)
		return NULL;
	unit = &scene->units[scene->unit_count++];
	unit->file = file;
	text = source_text(scene->sources, file, &len);
	if (!text)
		return NULL;
	unit->has_text = true;
	c_unit_read(scene->arena, text, len, &unit->unit);
	return &unit->unit;
}

bool scene_level(struct scene *scene, const struct frame *frame, bool is_write,
		 struct level *out)
{
	const struct c_unit *unit = scene_unit(scene, frame->file);
	const struct c_function *function;
	int32_t at;

	*out = (struct level){.frame = frame};
	if (!unit)
		return false;
	function = frame->line ? c_function_at(unit, frame->line) : NULL;
	if (!function)
		return false;
	at = code_at(unit, function, frame->line, frame->column, is_write);
	if (at == C_NONE)
		return false;
	out->spot = (struct spot){unit, function, at};
	out->has_code = true;
	return true;
}

static void side_init(struct scene *scene, const struct access *access,
		      struct side *side)
{
	const struct stack *stack = &access->stack;
	bool is_main = !access->thread || !strcmp(access->thread, "main");

	side->access = access;
	side->thread = is_main ? "the main thread"
			       : arena_printf(scene->arena, "thread %s",
					      access->thread);
	side->callee = own_frame_callee(stack);
	side->is_write = access->op == OP_WRITE || access->is_free;
	for (size_t i = 0; i < stack->count; i++) {
		bool is_store =
			side->is_write && !side->level_count && !side->callee;

		if (own_frame_role(&stack->frames[i]) != FRAME_OWN)
			continue;
		if (side->level_count == SCENE_MAX_LEVELS)
			break;
		scene_level(scene, &stack->frames[i], is_store,
			    &side->levels[side->level_count]);
		side->level_count++;
	}
	if (side->level_count && side->levels[0].has_code && !side->callee)
		side->has_place =
			code_place(&side->levels[0].spot, &side->place);
	side->is_guessed = side->has_place && !side->levels[0].frame->column;
}

/* Without columns the place is one of the names on the line: the one that the
 * other side's line has too is likelier than any other. */
static void agree_on_name(struct side *side, const struct side *other)
{
	const struct c_unit *unit = side->levels[0].spot.unit;
	struct spot spot = side->levels[0].spot;
	uint32_t line = unit->tokens[spot.at].line;

	for (int32_t at = spot.function->open; at < spot.function->close;
	     at++) {
		struct place place;

		if (unit->tokens[at].line != line ||
		    !c_same(unit, at, other->levels[0].spot.unit,
			    other->place.name))
			continue;
		spot.at = at;
		if (!code_place(&spot, &place) ||
		    place.is_member != other->place.is_member)
			continue;
		side->levels[0].spot.at = at;
		side->place = place;
		return;
	}
}

/* Optimisers drop line numbers.  What is left is the function's name, and the
 * global's, of which the function mostly has one use of that kind. */
static void find_global(struct scene *scene, struct side *side)
{
	struct level *level = &side->levels[0];
	const struct c_unit *unit;
	const char *global = scene->location ? scene->location->name : NULL;
	char text[128];

	if (!side->level_count || level->has_code || side->callee || !global ||
	    scene->location->type != LOCATION_GLOBAL || !level->frame->function)
		return;
	unit = scene_unit(scene, level->frame->file);
	for (size_t i = 0; unit && i < unit->function_count; i++) {
		const struct c_function *f = &unit->functions[i];

		if (strcmp(c_copy(unit, f->name, text, sizeof(text)),
			   level->frame->function) != 0)
			continue;
		for (int32_t at = f->open; at < f->close; at++) {
			int32_t last = code_expression_end(unit, at) - 1;

			if (strcmp(c_copy(unit, at, text, sizeof(text)),
				   global) != 0 ||
			    c_is(unit, at - 1, "->") || c_is(unit, at - 1, "."))
				continue;
			while (c_is(unit, last, "]"))
				last = c_mate(unit, last) - 1;
			if (code_is_written(unit, last) != side->is_write)
				continue;
			level->spot = (struct spot){unit, f, last};
			level->has_code = true;
			side->has_place =
				code_place(&level->spot, &side->place);
			side->is_guessed = true;
			return;
		}
	}
}

void scene_init(struct scene *scene, const struct report *report,
		struct source_tree *sources, const struct witness *witness,
		struct arena *arena)
{
	static const struct witness nothing;

	*scene = (struct scene){.report = report,
				.witness = witness ? witness : &nothing,
				.sources = sources,
				.arena = arena};
	if (report->location_count)
		scene->location = &report->locations[0];
	if (!kind_is_race(report->kind))
		return;
	while (scene->side_count < 2 &&
	       scene->side_count < report->access_count) {
		side_init(scene, &report->accesses[scene->side_count],
			  &scene->sides[scene->side_count]);
		scene->side_count++;
	}
	for (size_t i = 0; i < scene->side_count; i++)
		find_global(scene, &scene->sides[i]);
	for (size_t i = 0; i < 2; i++)
		if (scene_has_places(scene) && !scene_same_name(scene) &&
		    scene->sides[i].is_guessed)
			agree_on_name(&scene->sides[i], &scene->sides[1 - i]);
}

void say(struct evidence *evidence, const char *fmt, ...)
{
	char text[1024];
	va_list args;

	if (evidence->count == EVIDENCE_MAX)
		return;
	va_start(args, fmt);
	vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	/* Clean once more: a cut may have split a character. */
	evidence->sentences[evidence->count++] =
		text_clean(evidence->scene->arena, text, strlen(text), false);
}

const char *scene_where(const struct scene *scene, const struct frame *frame)
{
	const char *name, *base;

	if (!frame)
		return "an unknown place";
	name = frame->function ? frame->function : "a function without a name";
	if (!frame->file)
		return arena_printf(scene->arena, "%.200s", name);
	base = strrchr(frame->file, '/');
	base = base ? base + 1 : frame->file;
	if (!frame->line)
		return arena_printf(scene->arena, "%.200s (%.100s)", name,
				    base);
	return arena_printf(scene->arena, "%.200s (%.100s:%u)", name, base,
			    frame->line);
}

const char *scene_quote(const struct scene *scene, const struct frame *frame)
{
	const char *text = NULL;
	size_t len = 0;

	if (scene->sources && frame && frame->file)
		text = source_line(scene->sources, frame->file, frame->line,
				   &len);
	while (len && (*text == ' ' || *text == '\t')) {
		text++;
		len--;
	}
	if (!len)
		return "";
	if (len > EVIDENCE_MAX_LINE)
		len = EVIDENCE_MAX_LINE;
	return arena_printf(scene->arena, " `%s`",
			    text_clean(scene->arena, text, len, false));
}

const char *scene_side(const struct scene *scene, const struct side *side)
{
	const struct frame *frame = own_frame_first(&side->access->stack);

	return arena_printf(scene->arena, "%s%s", scene_where(scene, frame),
			    scene_quote(scene, frame));
}

const char *scene_token(const struct scene *scene, const struct c_unit *unit,
			int32_t at)
{
	if (at < 0 || at >= unit->count)
		return "";
	return text_clean(scene->arena, unit->tokens[at].text,
			  unit->tokens[at].len < 64 ? unit->tokens[at].len : 64,
			  false);
}

const struct side *scene_other(const struct scene *scene,
			       const struct side *side)
{
	if (scene->side_count < 2)
		return NULL;
	return side == &scene->sides[0] ? &scene->sides[1] : &scene->sides[0];
}

bool scene_has_places(const struct scene *scene)
{
	return scene->side_count == 2 && scene->sides[0].has_place &&
	       scene->sides[1].has_place;
}

bool scene_same_name(const struct scene *scene)
{
	const struct side *a = &scene->sides[0], *b = &scene->sides[1];

	return scene_has_places(scene) &&
	       a->place.is_member == b->place.is_member &&
	       c_same(a->levels[0].spot.unit, a->place.name,
		      b->levels[0].spot.unit, b->place.name);
}

bool scene_has_lock(const struct side *side)
{
	return side->access->mutex_count > 0;
}

bool scene_share_lock(const struct scene *scene)
{
	const struct access *a = scene->sides[0].access;
	const struct access *b = scene->sides[1].access;

	for (size_t i = 0; i < a->mutex_count; i++)
		for (size_t j = 0; j < b->mutex_count; j++)
			if (a->mutexes[i].id && b->mutexes[j].id &&
			    !strcmp(a->mutexes[i].id, b->mutexes[j].id))
				return true;
	return false;
}
