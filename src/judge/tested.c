#include "judge/tested.h"

#include "judge/libc_names.h"

/* The "?" that the mention decides, in `x ? x : (x = make())`. */
static int32_t question_after(const struct spot *spot, int32_t at)
{
	int32_t end = code_statement_end(spot, at);

	at = code_expression_end(spot->unit, at);
	return at < end && c_is(spot->unit, at, "?") ? at : C_NONE;
}

static bool is_tested(const struct spot *spot, int32_t at)
{
	int32_t keyword;

	return code_condition(spot, at, &keyword) != C_NONE ||
	       question_after(spot, at) != C_NONE;
}

/* The mention of the local variable that the value went into, tested. */
static int32_t tested_at(const struct spot *spot, int32_t at)
{
	int32_t local;

	if (is_tested(spot, at))
		return at;
	local = code_target(spot, at);
	if (local == C_NONE)
		return C_NONE;
	at = code_mention(spot->unit, code_statement_end(spot, at),
			  spot->function->close, spot->unit, local);
	return at != C_NONE && is_tested(spot, at) ? at : C_NONE;
}

static int32_t written_in(const struct spot *spot, int32_t from, int32_t to,
			  const struct c_unit *of, int32_t name)
{
	int32_t at = from;

	while ((at = code_mention(spot->unit, at, to, of, name)) != C_NONE) {
		if (code_is_written(spot->unit, at))
			return at;
		at++;
	}
	return C_NONE;
}

/* `if (p) return p;`: what follows the if is done when it does not hold. */
static bool governed(const struct spot *spot, int32_t open,
		     const struct c_unit *of, int32_t name, struct test *out)
{
	code_body(spot->unit, open, &out->from, &out->to);
	if (written_in(spot, out->from, out->to, of, name) != C_NONE)
		return false;
	for (int32_t at = out->from; at < out->to; at++)
		if (c_is(spot->unit, at, "return") ||
		    c_is(spot->unit, at, "goto")) {
			out->from = out->to;
			out->to = spot->function->close;
			return true;
		}
	return false;
}

/* Written by a function of this file that is called in the range. */
static int32_t written_by_call(const struct spot *spot, int32_t from,
			       int32_t to, const struct c_unit *of,
			       int32_t name)
{
	for (int32_t at = from; at < to; at++) {
		const struct c_function *callee =
			c_is_call(spot->unit, at)
				? c_function_named(spot->unit, at)
				: NULL;
		struct spot within = {spot->unit, callee, 0};
		int32_t found;

		if (!callee || callee == spot->function)
			continue;
		found = written_in(&within, callee->open, callee->close, of,
				   name);
		if (found != C_NONE)
			return found;
	}
	return C_NONE;
}

/* What the condition at the token governs, if it is an if's. */
static bool read_test(const struct spot *spot, int32_t tested,
		      const struct c_unit *of, int32_t name, struct test *out)
{
	int32_t keyword, open = code_condition(spot, tested, &keyword);

	if (open != C_NONE && !c_is(spot->unit, keyword, "if"))
		return false;
	*out = (struct test){.at = tested,
			     .again = C_NONE,
			     .write = C_NONE,
			     .write_unit = spot->unit};
	if (open != C_NONE) {
		out->is_early = governed(spot, open, of, name, out);
	} else {
		out->from = question_after(spot, tested);
		out->to = code_statement_end(spot, tested);
	}
	out->is_null = code_is_null_test(spot, tested);
	out->lock = code_libc_call(spot->unit, out->from, out->to, libc_locks);
	return true;
}

/* The first test in the function of the thing named there, when what follows
 * writes it. */
static bool find_test(const struct spot *spot, const struct c_unit *of,
		      int32_t name, struct test *out)
{
	const struct c_unit *unit = spot->unit;
	int32_t at = spot->function->open;

	while ((at = code_mention(unit, at + 1, spot->function->close, of,
				  name)) != C_NONE) {
		int32_t tested = tested_at(spot, at);

		if (tested == C_NONE || !read_test(spot, tested, of, name, out))
			continue;
		out->write = written_in(spot, out->from, out->to, of, name);
		out->is_far = out->write == C_NONE;
		if (out->is_far)
			out->write = written_by_call(spot, out->from, out->to,
						     of, name);
		else if (out->lock != C_NONE && out->lock < out->write)
			out->again = code_mention(unit, out->lock, out->write,
						  of, name);
		if (out->write != C_NONE)
			return true;
	}
	return false;
}

/* A test of what accessors return, or that leads to the writer's own call. */
static const struct level *find_by_use(const struct scene *scene,
				       struct test *out)
{
	for (size_t i = 0; i < 2 && scene_has_places(scene); i++) {
		const struct side *reader = &scene->sides[i];
		const struct side *writer = &scene->sides[1 - i];
		const struct c_unit *of = writer->levels[0].spot.unit;
		int32_t name = writer->place.name, at, tested;
		const struct level *use = scene_use(reader, &at);

		if (reader->is_write || !writer->is_write || !use)
			continue;
		tested = tested_at(&use->spot, at);
		if (tested == C_NONE ||
		    !read_test(&use->spot, tested, of, name, out))
			continue;
		for (size_t j = 0; j < writer->level_count; j++) {
			const struct spot *spot = &writer->levels[j].spot;

			if (!writer->levels[j].has_code ||
			    spot->function != use->spot.function ||
			    spot->at < out->from || spot->at >= out->to)
				continue;
			out->write = name;
			out->write_unit = of;
			out->is_far = j > 0;
			return use;
		}
	}
	return NULL;
}

/* Looks for the test through both sides' functions, innermost first. */
const struct level *tested_find(const struct scene *scene, struct test *out)
{
	for (size_t i = 0; i < scene->side_count; i++) {
		const struct side *named = &scene->sides[i];

		for (size_t j = 0; named->has_place && j < scene->side_count;
		     j++)
			for (size_t k = 0;
			     k < scene->sides[j].level_count && k < 3; k++) {
				const struct level *level =
					&scene->sides[j].levels[k];

				if (level->has_code &&
				    find_test(&level->spot,
					      named->levels[0].spot.unit,
					      named->place.name, out))
					return level;
			}
	}
	return find_by_use(scene, out);
}
