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

	if (kind == KIND_DOUBLE_FREE) {
		say(evidence, "A block is freed that was freed before.");
		return 0.85;
	}
	if (!frees && kind != KIND_USE_AFTER_FREE && kind != KIND_FREED_USE &&
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

/* The innermost function that is not ThreadSanitizer's own. */
static const char *innermost_call(const struct side *side)
{
	const struct stack *stack = &side->access->stack;

	for (size_t i = 0; i < stack->count; i++)
		if (stack->frames[i].function &&
		    own_frame_role(&stack->frames[i]) != FRAME_RUNTIME)
			return own_frame_plain_name(stack->frames[i].function);
	return "what makes the access";
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
		    scene_side(scene, side), innermost_call(side));
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

static const char *own_module(const struct side *side)
{
	return side->level_count ? side->levels[0].frame->module : NULL;
}

/* A module that the side's code is called through and that is not the code's
 * own, between it and where its thread starts. */
static const char *module_between(const struct side *side)
{
	const char *own = own_module(side);

	for (size_t i = 1; own && i < side->level_count; i++) {
		const char *module = side->levels[i].frame->module;

		if (module && strcmp(module, own) != 0)
			return module;
	}
	return NULL;
}

static const char *base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

/* One side runs as a callback of another module, which may well have handed
 * the data over in order. */
double rule_unseen_hand_over(struct scene *scene, struct evidence *evidence)
{
	for (size_t i = 0; i < 2 && scene->side_count == 2; i++) {
		const struct side *called = &scene->sides[i];
		const struct side *other = &scene->sides[1 - i];
		const char *module = module_between(called);
		const char *a = own_module(called), *b = own_module(other);

		if (!module || !a || !b || module_between(other) ||
		    strcmp(a, b) != 0)
			continue;
		say(evidence, "%s is called by code of %s.",
		    scene_side(scene, called), base_name(module));
		say(evidence,
		    "If that is built without ThreadSanitizer, the order in "
		    "which it hands work over cannot be seen.");
		return other->is_write && !called->is_write ? 0.68 : 0.5;
	}
	return 0;
}
