#include <string.h>

#include "judge/rule.h"

/* How many members beside the raced one are read (or written) through the same
 * root in the function. */
static unsigned fellow_members(const struct side *side, bool is_written)
{
	const struct spot *spot = &side->levels[0].spot;
	const struct c_unit *unit = spot->unit;
	unsigned count = 0;

	for (int32_t at = spot->function->open; at < spot->function->close;
	     at++) {
		if (!c_is_name(unit, at) || c_is(unit, at + 1, "(") ||
		    (!c_is(unit, at - 1, "->") && !c_is(unit, at - 1, ".")) ||
		    c_same(unit, at, unit, side->place.name) ||
		    code_is_written(unit, at) != is_written)
			continue;
		if (c_same(unit, code_expression_begin(unit, at), unit,
			   side->place.root))
			count++;
	}
	return count;
}

/* Is the object given to a call, or stored somewhere, after the writing?  Then
 * it is built and handed over, not rewritten in place. */
static bool is_handed_over(const struct side *writer)
{
	const struct spot *spot = &writer->levels[0].spot;
	const struct c_unit *unit = spot->unit;
	int32_t at = writer->place.end;

	while ((at = code_mention(unit, at + 1, spot->function->close, unit,
				  writer->place.root)) != C_NONE)
		if (!c_is(unit, at + 1, "->") && !c_is(unit, at + 1, ".") &&
		    (c_is(unit, at + 1, ")") || c_is(unit, at + 1, ",") ||
		     (c_is(unit, at + 1, ";") && c_is(unit, at - 1, "="))))
			return true;
	return false;
}

double rule_mutable_config(struct scene *scene, struct evidence *evidence)
{
	for (size_t i = 0; i < 2 && scene->side_count == 2; i++) {
		const struct side *writer = &scene->sides[i];
		const struct side *reader = &scene->sides[1 - i];

		if (!writer->is_write || reader->is_write ||
		    !scene_same_name(scene) || !writer->place.is_member ||
		    !c_is(writer->levels[0].spot.unit, writer->place.end, "="))
			continue;
		if (!fellow_members(writer, true) ||
		    !fellow_members(reader, false))
			continue;
		say(evidence,
		    "%s rewrites several members of one object in "
		    "place.",
		    scene_side(scene, writer));
		say(evidence, "%s reads several of them, which must agree.",
		    scene_side(scene, reader));
		/* Peers in one function make it, or hand it over. */
		if (is_handed_over(writer) ||
		    writer->levels[0].spot.function ==
			    reader->levels[0].spot.function)
			return 0.5;
		return scene_has_lock(writer) || scene_has_lock(reader) ? 0.6
									: 0.8;
	}
	return 0;
}

/* x = whole; made by the compiler into a call of memcpy. */
static bool is_whole_copy(const struct side *side)
{
	const struct spot *spot = &side->levels[0].spot;

	return side->callee && strstr(side->callee, "mem") &&
	       !side->access->is_free && side->level_count &&
	       side->levels[0].has_code && !c_is_call(spot->unit, spot->at);
}

/* x = whole; of a global that is larger than what is accessed at once. */
static bool is_part_of_whole(const struct scene *scene, const struct side *side)
{
	const struct location *at = scene->location;

	return side->has_place && !side->place.is_member &&
	       !side->place.is_element && !side->place.is_deref && at &&
	       at->type == LOCATION_GLOBAL &&
	       at->size_bytes > side->access->size_bytes;
}

double rule_mutable_whole(struct scene *scene, struct evidence *evidence)
{
	if (scene->side_count != 2 || scene_has_lock(&scene->sides[0]) ||
	    scene_has_lock(&scene->sides[1]) ||
	    (scene_same_line(scene) && scene->sides[0].is_write &&
	     scene->sides[1].is_write))
		return 0;
	for (size_t i = 0; i < 2; i++) {
		const struct side *side = &scene->sides[i];

		if (!is_whole_copy(side) && !is_part_of_whole(scene, side))
			return 0;
		say(evidence, "%s copies the whole object, in several steps.",
		    scene_side(scene, side));
	}
	return 0.75;
}
