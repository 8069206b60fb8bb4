#include "judge/libc_names.h"
#include "judge/rule.h"

/* A test of something, and what follows from it. */
struct test {
	int32_t at;       /* the mention in the condition */
	int32_t from, to; /* what is done when it holds */
	int32_t again;    /* the same tested once more within */
	int32_t lock;     /* a lock taken between the two */
	int32_t write;    /* where it is then written */
	bool is_null;
	bool is_early; /* `if (...) return;` comes before what is done */
};

/* The mention of the local variable that the value went into, tested. */
static int32_t tested_at(const struct spot *spot, int32_t at)
{
	int32_t keyword, local;

	if (code_condition(spot, at, &keyword) != C_NONE)
		return at;
	local = code_target(spot, at);
	if (local == C_NONE)
		return C_NONE;
	at = code_mention(spot->unit, code_statement_end(spot, at),
			  spot->function->close, spot->unit, local);
	return at != C_NONE && code_condition(spot, at, &keyword) != C_NONE
		       ? at
		       : C_NONE;
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

/* The first test in the function of the thing named there, when what follows
 * writes it. */
static bool find_test(const struct spot *spot, const struct c_unit *of,
		      int32_t name, struct test *out)
{
	const struct c_unit *unit = spot->unit;
	int32_t at = spot->function->open;

	while ((at = code_mention(unit, at + 1, spot->function->close, of,
				  name)) != C_NONE) {
		int32_t tested = tested_at(spot, at), keyword, open;

		if (tested == C_NONE)
			continue;
		open = code_condition(spot, tested, &keyword);
		if (!c_is(unit, keyword, "if"))
			continue;
		*out = (struct test){.at = tested, .again = C_NONE};
		out->is_early = governed(spot, open, of, name, out);
		out->is_null = code_is_null_test(spot, tested);
		out->lock =
			code_libc_call(unit, out->from, out->to, libc_locks);
		out->write = written_in(spot, out->from, out->to, of, name);
		if (out->write == C_NONE)
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

/* Looks for the test through both sides' functions, innermost first. */
static const struct level *find_in_sides(const struct scene *scene,
					 struct test *out)
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
	return NULL;
}

double rule_double_checked(struct scene *scene, struct evidence *evidence)
{
	struct test test;
	const struct level *level = find_in_sides(scene, &test);

	if (!level || test.lock == C_NONE || test.again == C_NONE ||
	    !test.is_null || code_locks_before(&level->spot, test.at))
		return 0;
	say(evidence,
	    "%s tests %s without the lock, takes the lock, tests it again and "
	    "sets it.",
	    scene_where(scene, level->frame),
	    scene_token(scene, level->spot.unit, test.at));
	say(evidence, "The first test is ordered with nothing: it may see the "
		      "new value before what belongs to it.");
	return 0.95;
}

/* local = make(); before, in the range */
static bool is_made_before(const struct spot *spot, int32_t from, int32_t to,
			   int32_t local)
{
	const struct c_unit *unit = spot->unit;
	int32_t at = from;

	while ((at = code_mention(unit, at, to, unit, local)) != C_NONE) {
		int32_t end = code_statement_end(spot, at);

		if (c_is(unit, at + 1, "="))
			for (int32_t i = at + 2; i < end; i++)
				if (c_is_call(unit, i))
					return true;
		at++;
	}
	return false;
}

/* Is what is stored there made on the spot: a call, an address, a local that
 * was made just before? */
static bool is_made(const struct spot *spot, int32_t from, int32_t write)
{
	const struct c_unit *unit = spot->unit;
	int32_t end, at = write;

	while (at < unit->count && !c_is(unit, at, "=") && !c_is(unit, at, ";"))
		at++;
	end = code_statement_end(spot, at);
	for (at++; at < end; at++)
		if (c_is_call(unit, at) || c_is(unit, at, "&") ||
		    c_is(unit, at, "{") ||
		    (c_is_name(unit, at) &&
		     is_made_before(spot, from, write, at)))
			return true;
	return false;
}

/* A call, then the flag: init(); initialised = true; */
static bool is_flag_after_call(const struct spot *spot, const struct test *test)
{
	for (int32_t at = test->from; at < test->write; at++)
		if (c_is_call(spot->unit, at))
			return code_is_constant(spot->unit, test->write + 2);
	return false;
}

static bool is_element_at(const struct c_unit *unit, int32_t at)
{
	return c_is(unit, at + 1, "[");
}

double rule_lazy_init(struct scene *scene, struct evidence *evidence)
{
	struct test test;
	const struct level *level = find_in_sides(scene, &test);
	const struct c_unit *unit;

	if (!level || !test.is_null || test.lock != C_NONE)
		return 0;
	unit = level->spot.unit;
	if (code_is_changed(unit, test.write) ||
	    test.write >= level->spot.function->close ||
	    test.write <= level->spot.function->open)
		return 0;
	if (!is_made(&level->spot, test.from, test.write) &&
	    !is_flag_after_call(&level->spot, &test))
		return 0;
	say(evidence,
	    "%s makes %s when it finds that there is none, without a lock "
	    "over the two steps.",
	    scene_where(scene, level->frame),
	    scene_token(scene, unit, test.at));
	return is_element_at(unit, test.write) ? 0.7 : 0.9;
}

double rule_check_then_act(struct scene *scene, struct evidence *evidence)
{
	struct test test;
	const struct level *level = find_in_sides(scene, &test);
	const struct c_unit *unit;

	if (!level)
		return 0;
	unit = level->spot.unit;
	say(evidence, "%s tests %s and then changes it, in two steps.",
	    scene_where(scene, level->frame),
	    scene_token(scene, unit, test.at));
	if (code_is_changed(unit, test.write))
		return test.is_early ? 0.7 : 0.87;
	return test.lock == C_NONE ? 0.86 : 0.5;
}
