#include <string.h>

#include "judge/libc_names.h"
#include "judge/rule.h"
#include "judge/tested.h"

/* Does one side hold a lock and the other none?  Then who takes it matters
 * more than how many steps there are. */
static bool is_one_sided(const struct scene *scene)
{
	return scene->side_count == 2 &&
	       scene_has_lock(&scene->sides[0]) !=
		       scene_has_lock(&scene->sides[1]);
}

static bool has_any_lock(const struct scene *scene)
{
	return scene->side_count == 2 && (scene_has_lock(&scene->sides[0]) ||
					  scene_has_lock(&scene->sides[1]));
}

/* The test is made without a lock by one side, and the write with one by the
 * other, both in this function: the lock is taken in between, even where it
 * cannot be seen. */
static bool is_locked_between(const struct scene *scene,
			      const struct level *level)
{
	const struct side *reader, *writer;

	return scene_read_then_locked(scene, &reader, &writer) &&
	       level->frame->function &&
	       !strcmp(level->frame->function,
		       reader->levels[0].frame->function);
}

static bool is_checked_twice(const struct scene *scene,
			     const struct level *level, const struct test *test)
{
	if (!test->is_null || test->is_far)
		return false;
	if (test->lock != C_NONE && test->again != C_NONE)
		return !code_locks_before(&level->spot, test->at);
	return test->lock == C_NONE && is_locked_between(scene, level) &&
	       !code_is_changed(test->write_unit, test->write);
}

double rule_double_checked(struct scene *scene, struct evidence *evidence)
{
	struct test test;
	const struct level *level = tested_find(scene, &test);

	if (!level || !is_checked_twice(scene, level, &test))
		return 0;
	if (test.again != C_NONE)
		say(evidence,
		    "%s tests %s without the lock, takes the lock, tests it "
		    "again and sets it.",
		    scene_where(scene, level->frame),
		    scene_token(scene, level->spot.unit, test.at));
	else
		say(evidence,
		    "%s tests %s without a lock, and sets it with one held.",
		    scene_where(scene, level->frame),
		    scene_token(scene, level->spot.unit, test.at));
	say(evidence, "The first test is ordered with nothing: it may see the "
		      "new value before what belongs to it.");
	return test.again != C_NONE ? 0.95 : 0.85;
}

/* What can be told without the source. */
double rule_double_checked_lines(struct scene *scene, struct evidence *evidence)
{
	const struct side *reader, *writer;

	if (!scene_read_then_locked(scene, &reader, &writer) ||
	    reader->levels[0].has_code)
		return 0;
	say(evidence,
	    "%s reads without a lock, and later in the same function %s "
	    "writes with a lock held.",
	    scene_side(scene, reader), scene_side(scene, writer));
	return 0.7;
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

/* new T, of C++. */
static bool is_new(const struct c_unit *unit, int32_t at)
{
	return c_is(unit, at, "new") && c_is_name(unit, at + 1);
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
		    c_is(unit, at, "{") || is_new(unit, at) ||
		    (c_is_name(unit, at) &&
		     is_made_before(spot, from, write, at)))
			return true;
	return false;
}

/* A call, then the flag: init(); initialised = true;  Or all of it within the
 * function that is called. */
static bool is_flag_after_call(const struct spot *spot, const struct test *test)
{
	if (test->is_far)
		return true;
	for (int32_t at = test->from; at < test->write; at++)
		if (c_is_call(spot->unit, at))
			return code_is_constant(spot->unit, test->write + 2);
	return false;
}

static bool is_element_at(const struct c_unit *unit, int32_t at)
{
	return c_is(unit, at + 1, "[");
}

/* Set once, and never taken back where it is made. */
static bool is_set_once(const struct test *test)
{
	int32_t end = code_expression_end(test->write_unit, test->write);

	return !code_is_changed(test->write_unit, test->write) &&
	       c_is(test->write_unit, end, "=");
}

double rule_lazy_init(struct scene *scene, struct evidence *evidence)
{
	struct test test;
	const struct level *level = tested_find(scene, &test);

	if (!level || !test.is_null || test.lock != C_NONE ||
	    !is_set_once(&test) || is_checked_twice(scene, level, &test))
		return 0;
	if (!test.is_far && !is_made(&level->spot, test.from, test.write) &&
	    !is_flag_after_call(&level->spot, &test))
		return 0;
	say(evidence,
	    has_any_lock(scene)
		    ? "%s makes %s when it finds that there is none."
		    : "%s makes %s when it finds that there is none, without a "
		      "lock over the two steps.",
	    scene_where(scene, level->frame),
	    scene_token(scene, level->spot.unit, test.at));
	if (has_any_lock(scene))
		return 0.7;
	return is_element_at(test.write_unit, test.write) ? 0.7 : 0.9;
}

/* a[x]: the value is taken for an index too. */
static bool is_index(const struct spot *spot, const struct c_unit *of,
		     int32_t name)
{
	const struct c_unit *unit = spot->unit;
	int32_t at = spot->function->open;

	while ((at = code_mention(unit, at + 1, spot->function->close, of,
				  name)) != C_NONE)
		if (c_is(unit, code_expression_begin(unit, at) - 1, "["))
			return true;
	return false;
}

double rule_check_then_act(struct scene *scene, struct evidence *evidence)
{
	struct test test;
	const struct level *level = tested_find(scene, &test);

	if (!level)
		return 0;
	say(evidence, "%s tests %s and then changes it, in two steps.",
	    scene_where(scene, level->frame),
	    scene_token(scene, level->spot.unit, test.at));
	if (is_one_sided(scene))
		return test.lock == C_NONE ? 0.4 : 0.5;
	if (code_is_changed(test.write_unit, test.write)) {
		/* An index that moves on is more of a lost update. */
		bool is_taken =
			test.is_far ||
			is_index(&level->spot, test.write_unit, test.write);

		return test.is_early && is_taken ? 0.7 : 0.87;
	}
	return test.lock == C_NONE ? 0.86 : 0.5;
}
