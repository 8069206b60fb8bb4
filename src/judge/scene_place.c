#include "judge/scene_place.h"

#include <string.h>

/* The call of the function within, when the line holds one. */
void scene_find_call(struct level *level, const struct frame *within)
{
	const struct spot *spot = &level->spot;
	const struct c_unit *unit = spot->unit;
	char name[128];

	if (!level->has_code || !within->function)
		return;
	for (int32_t at = spot->function->open; at < spot->function->close;
	     at++)
		if (unit->tokens[at].line == level->frame->line &&
		    (!level->frame->column ||
		     unit->tokens[at].column >= level->frame->column) &&
		    c_is_call(unit, at) &&
		    !strcmp(c_copy(unit, at, name, sizeof(name)),
			    within->function)) {
			level->spot.at = at;
			return;
		}
}

/* Takes another name near the spot's line for the place, the nearest one that
 * is accessed in the side's way; of them `name` of the unit `of`, if given. */
static void move_place(struct side *side, unsigned distance,
		       const struct c_unit *of, int32_t name)
{
	const struct c_unit *unit = side->levels[0].spot.unit;
	struct spot spot = side->levels[0].spot;
	uint32_t line = unit->tokens[spot.at].line, best = distance + 1;

	for (int32_t at = spot.function->open; at < spot.function->close;
	     at++) {
		uint32_t here = unit->tokens[at].line;
		uint32_t away = here > line ? here - line : line - here;
		struct place place;

		if (away >= best || !c_is_name(unit, at) ||
		    (of && !c_same(unit, at, of, name)) ||
		    (distance && code_is_written(unit, at) != side->is_write))
			continue;
		spot.at = at;
		if (!code_place(&spot, &place) ||
		    (!place.is_member && !place.is_deref && !place.is_element &&
		     code_is_local(&spot, at)) ||
		    (of && place.is_member != (c_is(of, name - 1, "->") ||
					       c_is(of, name - 1, "."))))
			continue;
		best = away;
		side->levels[0].spot.at = at;
		while (c_is(unit, place.end, ")"))
			place.end++;
		side->place = place;
		side->is_guessed = true;
	}
}

/* The one mention of the name in the function that is accessed in the side's
 * way; else of the functions of this file that it calls. */
static bool find_name(const struct side *side, struct spot *spot,
		      const struct c_unit *of, int32_t name, unsigned depth)
{
	const struct c_unit *unit = spot->unit;
	const struct c_function *f = spot->function;
	int32_t at = f->open;

	while ((at = code_mention(unit, at + 1, f->close, of, name)) !=
	       C_NONE) {
		if (code_is_written(unit, at) != side->is_write)
			continue;
		spot->at = at;
		return true;
	}
	for (at = f->open; at < f->close && depth; at++) {
		const struct c_function *callee =
			c_is_call(unit, at) ? c_function_named(unit, at) : NULL;

		spot->function = callee;
		if (callee && callee != f &&
		    find_name(side, spot, of, name, depth - 1))
			return true;
	}
	return false;
}

/* Without columns the place is one of the names on the line: the one that the
 * other side's line has too is likelier than any other.  Where nothing on the
 * line fits, optimisers have moved the access or merged several. */
void scene_agree_on_name(struct side *side, const struct side *other)
{
	const struct c_unit *of = other->levels[0].spot.unit;
	struct level *level = &side->levels[0];
	struct spot spot = level->spot;

	if (side->has_place) {
		move_place(side, side->is_moved ? 3 : 0, of, other->place.name);
		if (c_same(spot.unit, side->place.name, of, other->place.name))
			return;
	}
	if (level->frame->column ||
	    !find_name(side, &spot, of, other->place.name, 2))
		return;
	level->spot = spot;
	side->has_place = code_place(&spot, &side->place);
	side->is_guessed = true;
}

/* Optimisers make one store of those of several branches and give it the place
 * of the condition, which is not written. */
void scene_find_place(struct side *side)
{
	const struct spot *spot = &side->levels[0].spot;

	side->has_place = code_place(spot, &side->place);
	side->is_guessed =
		side->has_place && (!side->levels[0].frame->column ||
				    code_is_expanded(spot->unit, spot->at));
	if (!side->has_place || !side->is_write ||
	    !c_is_name(spot->unit, spot->at) ||
	    code_is_written(spot->unit, side->place.name) ||
	    c_is(spot->unit, side->place.end, "="))
		return;
	side->is_moved = true;
	move_place(side, 3, NULL, C_NONE);
}

/* Optimisers drop line numbers.  What is left is the function's name, and the
 * global's, of which the function mostly has one use of that kind. */
void scene_find_global(struct scene *scene, struct side *side)
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
