#include <string.h>

#include "judge/libc_names.h"
#include "judge/own_frame.h"
#include "judge/rule.h"

static const struct side *freeing_side(const struct scene *scene)
{
	for (size_t i = 0; i < scene->side_count; i++)
		if (scene->sides[i].access->is_free ||
		    libc_frees(scene->sides[i].callee))
			return &scene->sides[i];
	return NULL;
}

double rule_use_after_free(struct scene *scene, struct evidence *evidence)
{
	const struct side *frees = freeing_side(scene), *user;
	enum kind kind = scene->report->kind;

	if (!frees && kind != KIND_USE_AFTER_FREE &&
	    kind != KIND_VPTR_USE_AFTER_FREE)
		return 0;
	if (!frees) {
		say(evidence, "Memory is used after it was freed.");
		return 0.8;
	}
	user = scene_other(scene, frees);
	say(evidence, "%s frees the memory in %s.", scene_side(scene, frees),
	    frees->thread);
	if (user)
		say(evidence, "%s uses it in %s, and nothing orders the two.",
		    scene_side(scene, user), user->thread);
	return 0.84;
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
		    !is_decrement_then_test(spot, at))
			continue;
		*is_freeing = frees_within(unit, at, end, 2);
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
			if (!is_raced && !freeing_side(scene))
				continue;
			say(evidence,
			    "%s counts %s down, tests it, and frees when it "
			    "was the last.",
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

/* Did this thread's creation, or the same function, see the side's code? */
static bool is_creator(const struct scene *scene, const struct side *parent,
		       const struct side *child)
{
	const struct thread_info *thread =
		report_thread(scene->report, child->access->thread);

	return thread && thread->parent && parent->access->thread &&
	       !strcmp(thread->parent, parent->access->thread);
}

/* The parent reads, in the function that made the thread, what the child
 * writes: the result of a thread that was not waited for. */
static bool is_result(const struct scene *scene, const struct side *owner,
		      const struct side *other)
{
	const struct thread_info *thread =
		report_thread(scene->report, other->access->thread);

	if (!thread || owner->is_write || !other->is_write ||
	    !is_creator(scene, owner, other))
		return false;
	for (size_t i = 0; i < thread->created.count; i++)
		for (size_t j = 0; j < owner->level_count; j++) {
			const char *a = thread->created.frames[i].function;
			const char *b = owner->levels[j].frame->function;

			if (a && b && !strcmp(a, b))
				return true;
		}
	return false;
}

double rule_escaped_stack(struct scene *scene, struct evidence *evidence)
{
	const struct location *at = scene->location;

	if (scene->side_count != 2 || !at || at->type != LOCATION_STACK)
		return 0;
	for (size_t i = 0; i < 2; i++) {
		const struct side *owner = &scene->sides[i];
		const struct side *other = &scene->sides[1 - i];

		if (!at->thread || !owner->access->thread ||
		    strcmp(at->thread, owner->access->thread) != 0)
			continue;
		say(evidence,
		    "The memory is on the stack of %s, and %s accesses it "
		    "from %s.",
		    owner->thread, scene_side(scene, other), other->thread);
		say(evidence, "%s %s it at the same time.",
		    scene_side(scene, owner),
		    owner->is_write ? "changes" : "reads");
		return is_result(scene, owner, other) ? 0.6 : 0.92;
	}
	say(evidence, "The memory is on the stack of a thread, and another "
		      "thread accesses it.");
	return 0.9;
}

/* Constructed or destroyed by one thread while the other makes a virtual
 * call: its life is not ordered with its use. */
double rule_vptr(struct scene *scene, struct evidence *evidence)
{
	if (scene->report->kind != KIND_VPTR_RACE || scene->side_count != 2)
		return 0;
	say(evidence,
	    "%s and %s meet while the object is being constructed or "
	    "destroyed.",
	    scene_side(scene, &scene->sides[0]),
	    scene_side(scene, &scene->sides[1]));
	return 0.6;
}

/* Both from inside libc, which has locks of its own that are not seen. */
double rule_unseen_library(struct scene *scene, struct evidence *evidence)
{
	for (size_t i = 0; i < 2; i++) {
		const struct side *side = &scene->sides[i];

		if (i >= scene->side_count ||
		    !own_frame_within_library(&side->access->stack))
			return 0;
		say(evidence,
		    "%s calls into a library, and the library itself calls "
		    "%s.",
		    scene_side(scene, side),
		    own_frame_plain_name(side->access->stack.frames[0].function)
			    ? own_frame_plain_name(
				      side->access->stack.frames[0].function)
			    : "what makes the access");
	}
	say(evidence, "Its own locks cannot be seen.");
	return 0.88;
}

static bool is_seen(const struct side *side)
{
	for (size_t i = 0; i < side->access->stack.count; i++)
		if (own_frame_role(&side->access->stack.frames[i]) == FRAME_OWN)
			return true;
	return false;
}

double rule_unseen_sync(struct scene *scene, struct evidence *evidence)
{
	for (size_t i = 0; i < scene->side_count; i++) {
		const struct side *side = &scene->sides[i];

		if (is_seen(side) || !side->access->stack.count)
			continue;
		say(evidence,
		    "The access in %s is made from code without symbols or "
		    "within a library; whether that synchronises cannot be "
		    "seen.",
		    scene_where(scene, own_frame_first(&side->access->stack)));
		return 0.5;
	}
	return 0;
}
