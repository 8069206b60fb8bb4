#include "judge/scene.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "judge/own_frame.h"
#include "judge/scene_place.h"

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
		struct level *level = &side->levels[side->level_count];
		bool is_store =
			side->is_write && !side->level_count && !side->callee;

		if (own_frame_role(&stack->frames[i]) != FRAME_OWN)
			continue;
		if (side->level_count == SCENE_MAX_LEVELS)
			break;
		scene_level(scene, &stack->frames[i], is_store, level);
		if (side->level_count)
			scene_find_call(level, level[-1].frame);
		side->level_count++;
	}
	if (side->level_count && side->levels[0].has_code && !side->callee)
		scene_find_place(side);
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
		scene_find_global(scene, &scene->sides[i]);
	for (size_t i = 0; i < scene->side_count; i++) {
		struct side *side = &scene->sides[i];
		const struct side *other = scene_other(scene, side);

		if (other && other->has_place && side->level_count &&
		    side->levels[0].has_code && !side->callee &&
		    (!side->has_place || side->is_guessed) &&
		    !scene_same_name(scene))
			scene_agree_on_name(side, other);
	}
}

void say(struct evidence *evidence, const char *fmt, ...)
{
	char text[1024];
	const char *sentence;
	va_list args;

	if (evidence->count == EVIDENCE_MAX)
		return;
	va_start(args, fmt);
	vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	/* Clean once more: a cut may have split a character. */
	sentence =
		text_clean(evidence->scene->arena, text, strlen(text), false);
	for (size_t i = 0; i < evidence->count; i++)
		if (!strcmp(evidence->sentences[i], sentence))
			return;
	evidence->sentences[evidence->count++] = sentence;
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

const struct level *scene_use(const struct side *side, int32_t *at)
{
	size_t i = 0;

	if (!side->has_place)
		return NULL;
	*at = side->place.name;
	for (; i < 2 && i + 1 < side->level_count; i++) {
		struct spot spot = side->levels[i].spot;

		spot.at = *at;
		if (!side->levels[i + 1].has_code || !code_is_returned(&spot))
			break;
		*at = side->levels[i + 1].spot.at;
	}
	return &side->levels[i];
}

bool scene_has_source(const struct scene *scene)
{
	for (size_t i = 0; i < scene->unit_count; i++)
		if (scene->units[i].has_text)
			return true;
	return false;
}

bool scene_same_line(const struct scene *scene)
{
	const struct frame *a, *b;

	if (scene->side_count < 2 || !scene->sides[0].level_count ||
	    !scene->sides[1].level_count)
		return false;
	a = scene->sides[0].levels[0].frame;
	b = scene->sides[1].levels[0].frame;
	return a->line && a->line == b->line && a->function && b->function &&
	       !strcmp(a->function, b->function) && a->file && b->file &&
	       !strcmp(a->file, b->file);
}

bool scene_read_then_locked(const struct scene *scene,
			    const struct side **reader,
			    const struct side **writer)
{
	for (size_t i = 0; i < 2 && scene->side_count == 2; i++) {
		const struct side *r = &scene->sides[i];
		const struct side *w = &scene->sides[1 - i];
		const struct frame *a, *b;

		if (r->is_write || !w->is_write || scene_has_lock(r) ||
		    !scene_has_lock(w) || r->callee || w->callee ||
		    !r->level_count || !w->level_count)
			continue;
		a = r->levels[0].frame;
		b = w->levels[0].frame;
		if (!a->function || !b->function ||
		    strcmp(a->function, b->function) != 0 || !a->line ||
		    a->line >= b->line)
			continue;
		*reader = r;
		*writer = w;
		return true;
	}
	return false;
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
