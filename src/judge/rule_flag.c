#include "judge/rule.h"

/* Does the condition decide whether a loop goes on? */
static bool decides_loop(const struct spot *spot, int32_t at)
{
	const struct c_unit *unit = spot->unit;
	int32_t keyword, open = code_condition(spot, at, &keyword), from, to;

	if (open == C_NONE)
		return false;
	if (!c_is(unit, keyword, "if"))
		return !c_is(unit, keyword, "switch");
	if (!code_loop(spot, at, &from, &to))
		return false;
	code_body(unit, open, &from, &to);
	for (int32_t i = from; i < to; i++)
		if (c_is(unit, i, "break") || c_is(unit, i, "return") ||
		    c_is(unit, i, "goto"))
			return true;
	return false;
}

/* A plain store of something that was not computed from the flag. */
static bool stores_plainly(const struct side *side)
{
	const struct spot *spot = &side->levels[0].spot;

	return side->has_place && side->is_write &&
	       c_is(spot->unit, side->place.end, "=") &&
	       !code_is_changed(spot->unit, side->place.name);
}

/* Does who reads it there also set it when it has found it? */
static bool claims_it(const struct spot *spot, int32_t at,
		      const struct side *writer)
{
	int32_t keyword, open = code_condition(spot, at, &keyword), from, to;
	const struct c_unit *unit = spot->unit;

	if (open == C_NONE)
		return false;
	code_body(unit, open, &from, &to);
	if (writer->levels[0].spot.function == spot->function &&
	    writer->levels[0].spot.at >= from && writer->levels[0].spot.at < to)
		return true;
	while ((from = code_mention(unit, from, to, writer->levels[0].spot.unit,
				    writer->place.name)) != C_NONE)
		if (code_is_written(unit, from++))
			return c_is(unit, keyword, "if");
	return false;
}

double rule_stop_flag(struct scene *scene, struct evidence *evidence)
{
	for (size_t i = 0; i < 2 && scene_same_name(scene); i++) {
		const struct side *reader = &scene->sides[i];
		const struct side *writer = &scene->sides[1 - i];
		int32_t at = C_NONE;
		const struct level *use = scene_use(reader, &at);

		if (reader->is_write || !use || reader->place.is_element ||
		    reader->access->size_bytes > 8 || !stores_plainly(writer) ||
		    !decides_loop(&use->spot, at) ||
		    claims_it(&use->spot, at, writer))
			continue;
		say(evidence,
		    "%s reads a plain variable to decide whether a "
		    "loop goes on.",
		    scene_side(scene, reader));
		if (use != &reader->levels[0])
			say(evidence, "The loop is in %s%s.",
			    scene_where(scene, use->frame),
			    scene_quote(scene, use->frame));
		say(evidence, "%s sets it from %s.", scene_side(scene, writer),
		    writer->thread);
		if (scene_has_lock(reader) || scene_has_lock(writer))
			return 0.65;
		return code_is_constant(writer->levels[0].spot.unit,
					writer->place.end + 1)
			       ? 0.86
			       : 0.6;
	}
	return 0;
}
