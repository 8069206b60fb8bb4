#include <stddef.h>

#include "judge/libc_names.h"
#include "judge/rule.h"

static bool is_freed(const struct scene *scene)
{
	for (size_t i = 0; i < scene->side_count; i++)
		if (scene->sides[i].access->is_free ||
		    libc_frees(scene->sides[i].callee))
			return true;
	return false;
}

/* "--n", "n--", "n -= 1" at a mention, tested against a constant. */
static bool is_tested_decrement(const struct spot *spot, int32_t at)
{
	const struct c_unit *unit = spot->unit;
	int32_t begin = code_expression_begin(unit, at), keyword;
	bool is_down = c_is(unit, begin - 1, "--") ||
		       c_is(unit, at + 1, "--") || c_is(unit, at + 1, "-=");

	return is_down && code_condition(spot, at, &keyword) != C_NONE;
}

/* n--; ... if (n == 0) */
static bool is_decrement_then_test(const struct spot *spot, int32_t at)
{
	const struct c_unit *unit = spot->unit;
	int32_t begin = code_expression_begin(unit, at);
	int32_t end = code_statement_end(spot, at);
	int32_t test;

	if (!c_is(unit, begin - 1, "--") && !c_is(unit, at + 1, "--") &&
	    !c_is(unit, at + 1, "-="))
		return false;
	test = code_mention(unit, end, spot->function->close, unit, at);
	return test != C_NONE && code_is_null_test(spot, test);
}

/* left = --p->n; ... if (left), or left = p->n - 1; */
static bool is_decrement_into_local(const struct spot *spot, int32_t at)
{
	const struct c_unit *unit = spot->unit;
	int32_t begin = code_expression_begin(unit, at);
	int32_t end = code_statement_end(spot, at);
	int32_t local = code_target(spot, at), test = end, keyword;

	if (local == C_NONE || !code_is_local(spot, local) ||
	    (!c_is(unit, begin - 1, "--") && !c_is(unit, at + 1, "--") &&
	     !(c_is(unit, at + 1, "-") && c_is(unit, at + 2, "1"))))
		return false;
	while ((test = code_mention(unit, test + 1, spot->function->close, unit,
				    local)) != C_NONE)
		if (code_condition(spot, test, &keyword) != C_NONE)
			return true;
	return false;
}

/* Is a function called in the range through a parameter or a member? */
static bool calls_back(const struct spot *spot, int32_t from, int32_t to)
{
	const struct c_unit *unit = spot->unit;

	for (int32_t at = from; at < to; at++)
		if (c_is_call(unit, at) && !c_is_call(unit, at - 1) &&
		    (c_is(unit, at - 1, "->") || c_is(unit, at - 1, ".") ||
		     code_is_local(spot, at)))
			return true;
	return false;
}

/* Is memory freed in the range, or in a function of this file that is called
 * there? */
static bool frees_within(const struct c_unit *unit, int32_t from, int32_t to,
			 unsigned depth)
{
	if (code_libc_call(unit, from, to, libc_frees) != C_NONE)
		return true;
	for (int32_t at = from; at < to && depth; at++) {
		const struct c_function *callee =
			c_is_call(unit, at) ? c_function_named(unit, at) : NULL;

		if (callee &&
		    frees_within(unit, callee->open, callee->close, depth - 1))
			return true;
	}
	return false;
}

/* A count in the function that leads to freeing at zero. */
static int32_t counted_in(const struct spot *spot, bool *is_freeing)
{
	const struct c_unit *unit = spot->unit;

	for (int32_t at = spot->function->open; at < spot->function->close;
	     at++) {
		int32_t end = spot->function->close;

		if (!c_is_name(unit, at) || c_is(unit, at + 1, "(") ||
		    c_is(unit, at + 1, "->") || c_is(unit, at + 1, "."))
			continue;
		if (!is_tested_decrement(spot, at) &&
		    !is_decrement_then_test(spot, at) &&
		    !is_decrement_into_local(spot, at))
			continue;
		*is_freeing = frees_within(unit, at, end, 2) ||
			      calls_back(spot, at, end);
		return at;
	}
	return C_NONE;
}

/* obj->refs++ here; and somewhere in the file `if (--obj->refs == 0) free` */
double rule_refcount_elsewhere(struct scene *scene, struct evidence *evidence)
{
	for (size_t i = 0; i < scene->side_count; i++) {
		const struct side *side = &scene->sides[i];
		const struct c_unit *unit = side->levels[0].spot.unit;

		if (!side->has_place || !side->place.is_member ||
		    !code_is_changed(unit, side->place.name))
			continue;
		for (size_t j = 0; j < unit->function_count; j++) {
			struct spot spot = {unit, &unit->functions[j], 0};
			bool is_freeing = false;
			int32_t at = counted_in(&spot, &is_freeing);

			if (at == C_NONE || !is_freeing ||
			    !c_same(unit, at, unit, side->place.name))
				continue;
			say(evidence,
			    "%s changes a count that %s counts down, and that "
			    "frees the object when it was the last.",
			    scene_side(scene, side),
			    scene_token(scene, unit, spot.function->name));
			return 0.89;
		}
	}
	return 0;
}

double rule_refcount(struct scene *scene, struct evidence *evidence)
{
	for (size_t i = 0; i < scene->side_count; i++) {
		const struct side *side = &scene->sides[i];

		for (size_t j = 0; j < side->level_count && j < 3; j++) {
			const struct level *level = &side->levels[j];
			bool is_freeing = false;
			int32_t at = level->has_code ? counted_in(&level->spot,
								  &is_freeing)
						     : C_NONE;
			bool is_raced = at != C_NONE && side->has_place &&
					c_same(level->spot.unit, at,
					       side->levels[0].spot.unit,
					       side->place.name);

			if (at == C_NONE || !is_freeing)
				continue;
			if (!is_raced && !is_freed(scene))
				continue;
			say(evidence,
			    "%s counts %s down, tests it, and frees or "
			    "releases the object when it was the last.",
			    scene_where(scene, level->frame),
			    scene_token(scene, level->spot.unit, at));
			say(evidence, is_raced
					      ? "The count itself is raced on."
					      : "What the count guards is used "
						"and freed at once.");
			return is_raced ? 0.93 : 0.86;
		}
	}
	return 0;
}
