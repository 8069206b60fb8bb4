/*
 * That others use what is on a thread's stack is no mistake by itself: main
 * shares its state with all its threads like that.  It is one when the frame
 * is gone, or when its owner uses the variable for something else meanwhile.
 */
#include <string.h>

#include "judge/own_frame.h"
#include "judge/rule.h"

/* What made the other side's thread, if it was the owner; NULL: not known. */
static const struct stack *made_by(const struct scene *scene,
				   const struct side *owner,
				   const struct side *other)
{
	const struct thread_info *thread =
		report_thread(scene->report, other->access->thread);

	if (!thread || !thread->parent || !owner->access->thread ||
	    strcmp(thread->parent, owner->access->thread) != 0 ||
	    !own_frame_exists(&thread->created))
		return NULL;
	return &thread->created;
}

/* The frame of a side's level in a stack; NULL: it is not there. */
static const struct frame *level_in(const struct side *side, size_t level,
				    const struct stack *stack)
{
	const char *function = level < side->level_count
				       ? side->levels[level].frame->function
				       : NULL;

	for (size_t i = 0; function && i < stack->count; i++)
		if (stack->frames[i].function &&
		    !strcmp(stack->frames[i].function, function))
			return &stack->frames[i];
	return NULL;
}

/* The parent reads, in a function that made the thread, what the child writes:
 * the result of a thread that was not waited for. */
static bool is_result(const struct side *owner, const struct side *other,
		      const struct stack *made)
{
	if (owner->is_write || !other->is_write)
		return false;
	for (size_t i = 0; i < owner->level_count; i++)
		if (level_in(owner, i, made))
			return true;
	return false;
}

/* for (i = 0; i < n; i++) start(&i); the loop goes on while the thread still
 * looks at its variable. */
static bool is_loop_of(const struct level *level, unsigned line)
{
	const struct c_unit *unit = level->spot.unit;
	int32_t from, to;

	return code_loop(&level->spot, level->spot.at, &from, &to) &&
	       line >= unit->tokens[from].line &&
	       line <= unit->tokens[to - 1].line;
}

/* Is it a variable of the function's own that is accessed? */
static bool is_local(const struct side *side)
{
	const struct spot *spot = &side->levels[0].spot;

	return side->has_place && !side->place.is_deref &&
	       !c_is(spot->unit, side->place.name - 1, "->") &&
	       code_is_local(spot, side->place.root);
}

/* Where the other side's thread was made, and what that says. */
static double weigh(const struct side *owner, const struct side *other,
		    const struct stack *made, struct evidence *evidence)
{
	const struct frame *alive;

	if (!made)
		return owner->is_write ? 0.8 : 0.6;
	if (is_result(owner, other, made))
		return 0.6;
	alive = level_in(owner, 0, made);
	if (!owner->level_count || !owner->levels[0].has_code)
		return 0.45; /* which variable it is cannot be seen */
	if (alive) {
		if (!owner->is_write ||
		    !is_loop_of(&owner->levels[0], alive->line))
			return 0.45;
		say(evidence, "It goes round the loop that started %s.",
		    other->thread);
		return 0.92;
	}
	if (!owner->callee && !is_local(owner))
		return 0.45; /* by a pointer: what to may well live */
	say(evidence,
	    "That is a variable of its own, of a call that came after %s was "
	    "started: what the thread was given is gone.",
	    other->thread);
	return owner->callee ? 0.92 : 0.96;
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
		return weigh(owner, other, made_by(scene, owner, other),
			     evidence);
	}
	say(evidence, "The memory is on the stack of a thread, and others "
		      "access it: it must outlive them.");
	return 0.3;
}
