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

/* new = ...; copy(new, old); p->storage = new; */
static bool replaces_storage(const struct spot *spot)
{
	const struct c_unit *unit = spot->unit;
	int32_t to = spot->function->close;

	for (int32_t at = spot->function->open; at < to; at++) {
		int32_t local, use = at + 2, store;

		if (!c_is_call(unit, at) ||
		    (!c_is(unit, at, "memcpy") && !c_is(unit, at, "memmove") &&
		     !c_is(unit, at, "mempcpy")))
			continue;
		while (c_is(unit, use, "(") || c_is(unit, use, "&"))
			use++;
		local = use;
		for (store = at; store < to; store++)
			if (c_is(unit, store, "=") &&
			    c_same(unit, store + 1, unit, local) &&
			    c_is(unit, store + 2, ";"))
				return true;
	}
	return false;
}

static const char *grows(const struct spot *spot)
{
	if (code_libc_call(spot->unit, spot->function->open,
			   spot->function->close, libc_reallocates) != C_NONE)
		return "reallocates the storage";
	if (replaces_storage(spot))
		return "copies the elements to other storage and puts it in "
		       "the place of the old";
	return NULL;
}

double rule_container_resize(struct scene *scene, struct evidence *evidence)
{
	for (size_t i = 0; i < scene->side_count; i++) {
		const struct side *side = &scene->sides[i];
		const struct side *other = scene_other(scene, side);

		if (libc_reallocates(side->callee)) {
			say(evidence, "%s moves the storage by %s.",
			    scene_side(scene, side), side->callee);
			if (other)
				say(evidence, "%s uses it meanwhile.",
				    scene_side(scene, other));
			return 0.95;
		}
		for (size_t j = 0; j < side->level_count && j < 2; j++) {
			const struct level *level = &side->levels[j];
			const char *how =
				level->has_code ? grows(&level->spot) : NULL;

			if (!how)
				continue;
			say(evidence, "%s %s.",
			    scene_where(scene, level->frame), how);
			if (other)
				say(evidence, "%s uses the same container.",
				    scene_side(scene, other));
			return scene_has_lock(side) ? 0.75 : 0.9;
		}
	}
	return 0;
}

/* p = p->next with the access in the same loop. */
static bool follows_links(const struct spot *spot, int32_t from, int32_t to)
{
	const struct c_unit *unit = spot->unit;

	for (int32_t at = from; at < to; at++)
		if (c_is_name(unit, at) && c_is(unit, at + 1, "=") &&
		    c_same(unit, at, unit, at + 2) &&
		    c_is(unit, at + 3, "->") &&
		    (c_is(unit, at + 5, ";") || c_is(unit, at + 5, ")")))
			return true;
	return false;
}

/* for (i = 0; i < list->length; i++) ... list->items[i] */
static bool walks_by_index(const struct spot *spot, int32_t from)
{
	const struct c_unit *unit = spot->unit;
	int32_t close = c_mate(unit, from + 1);

	if (!c_is(unit, from, "for"))
		return false;
	for (int32_t at = from; at < close; at++)
		if ((c_is(unit, at, "<") || c_is(unit, at, "!=")) &&
		    c_is_name(unit, at - 1) && c_is_name(unit, at + 1) &&
		    (c_is(unit, at + 2, "->") || c_is(unit, at + 2, ".")))
			return true;
	return false;
}

static bool changes_shape(const struct side *side)
{
	const struct spot *spot = &side->levels[0].spot;

	if (!side->is_write || !side->level_count || !side->levels[0].has_code)
		return false;
	if (side->access->is_free ||
	    (side->callee && strstr(side->callee, "memmove")))
		return true;
	if (!side->has_place)
		return false;
	/* A length, or a link: x->next = y->next, x->next = y. */
	return code_is_changed(spot->unit, side->place.name) ||
	       (c_is(spot->unit, side->place.end, "=") &&
		c_is_name(spot->unit, side->place.end + 1) &&
		(c_is(spot->unit, side->place.end + 2, "->") ||
		 side->access->size_bytes == 8));
}

double rule_iterator(struct scene *scene, struct evidence *evidence)
{
	for (size_t i = 0; i < 2 && scene->side_count == 2; i++) {
		const struct side *walker = &scene->sides[i];
		const struct side *writer = &scene->sides[1 - i];
		const struct spot *spot = &walker->levels[0].spot;
		int32_t from, to;
		bool by_links;

		if (walker->is_write || !walker->level_count ||
		    !walker->levels[0].has_code || !changes_shape(writer) ||
		    !code_loop(spot, spot->at, &from, &to))
			continue;
		by_links = follows_links(spot, from, to);
		if (!by_links && !walks_by_index(spot, from))
			continue;
		say(evidence, "%s walks through the collection %s.",
		    scene_side(scene, walker),
		    by_links ? "from link to link" : "by index");
		say(evidence, "%s changes its shape meanwhile.",
		    scene_side(scene, writer));
		return scene_has_lock(walker) || scene_has_lock(writer) ? 0.78
									: 0.88;
	}
	return 0;
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
