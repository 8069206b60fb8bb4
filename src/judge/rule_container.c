#include <string.h>

#include "judge/libc_names.h"
#include "judge/rule.h"

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

static bool is_indexed(const struct spot *spot, int32_t name)
{
	const struct c_unit *unit = spot->unit;
	int32_t at = spot->function->open;

	while ((at = code_mention(unit, at + 1, spot->function->close, unit,
				  name)) != C_NONE)
		if (c_is(unit, at + 1, "["))
			return true;
	return false;
}

/* new = malloc(...); new[i] = p->old[i]; free(p->old); p->old = new; */
static bool copies_storage(const struct spot *spot)
{
	const struct c_unit *unit = spot->unit;
	int32_t at = spot->function->open, to = spot->function->close;

	if (code_libc_call(unit, at, to, libc_allocates) == C_NONE)
		return false;
	while ((at = code_libc_call(unit, at + 1, to, libc_frees)) != C_NONE) {
		int32_t old = c_mate(unit, at + 1) - 1, store = at;

		while (c_is_name(unit, old) &&
		       (store = code_mention(unit, store + 1, to, unit, old)) !=
			       C_NONE)
			if (store != old && c_is(unit, store + 1, "=") &&
			    c_is(unit, store + 3, ";") &&
			    code_is_local(spot, store + 2) &&
			    is_indexed(spot, old) &&
			    is_indexed(spot, store + 2))
				return true;
	}
	return false;
}

static const char *grows(const struct spot *spot)
{
	if (code_libc_call(spot->unit, spot->function->open,
			   spot->function->close, libc_reallocates) != C_NONE)
		return "reallocates the storage";
	if (replaces_storage(spot) || copies_storage(spot))
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
