#include <string.h>

#include "judge/libc_names.h"
#include "judge/rule.h"

/* Does libc's function access the memory as plain data? */
static bool is_plain_call(const char *callee)
{
	return !libc_frees(callee) && !libc_allocates(callee) &&
	       !libc_reallocates(callee) && strncmp(callee, "pthread_", 8) != 0;
}

/* Calls that the compiler makes of libc's have a prefix. */
static const char *plain_name(const char *callee)
{
	return strncmp(callee, "__tsan_", 7) != 0 ? callee : callee + 7;
}

double rule_atomic_plain_mix(struct scene *scene, struct evidence *evidence)
{
	for (size_t i = 0; i < 2 && scene->side_count == 2; i++) {
		const struct side *atomic = &scene->sides[i];
		const struct side *plain = &scene->sides[1 - i];

		if (!atomic->access->is_atomic || plain->access->is_atomic ||
		    plain->access->is_free ||
		    (plain->callee && !is_plain_call(plain->callee)))
			continue;
		say(evidence, "%s accesses the word atomically.",
		    scene_side(scene, atomic));
		say(evidence, "%s %s the same word plainly%s%s.",
		    scene_side(scene, plain),
		    plain->is_write ? "writes" : "reads",
		    plain->callee ? ", by " : "",
		    plain->callee ? plain_name(plain->callee) : "");
		return 0.94;
	}
	return 0;
}

static bool is_range(const struct side *side)
{
	return side->callee || side->access->is_free;
}

double rule_torn_sizes(struct scene *scene, struct evidence *evidence)
{
	const struct access *a, *b;

	if (scene->side_count != 2 || is_range(&scene->sides[0]) ||
	    is_range(&scene->sides[1]))
		return 0;
	a = scene->sides[0].access;
	b = scene->sides[1].access;
	if (!a->size_bytes || !b->size_bytes ||
	    (a->size_bytes == b->size_bytes && a->address == b->address))
		return 0;
	for (size_t i = 0; i < 2; i++)
		say(evidence, "%s accesses %llu bytes at offset %llu.",
		    scene_side(scene, &scene->sides[i]),
		    (unsigned long long)scene->sides[i].access->size_bytes,
		    (unsigned long long)(scene->sides[i].access->address -
					 (a->address < b->address
						  ? a->address
						  : b->address)));
	say(evidence, "The two ranges overlap and are not the same.");
	return a->is_atomic != b->is_atomic ? 0.88 : 0.93;
}

/* memcpy and its kin, as the compiler calls them. */
static bool copies_bytes(const char *callee)
{
	return strstr(callee, "memcpy") || strstr(callee, "memmove") ||
	       strstr(callee, "mempcpy") || strstr(callee, "memset");
}

/* *copy = x->whole, which the compiler makes a call of memcpy. */
double rule_torn_copy(struct scene *scene, struct evidence *evidence)
{
	for (size_t i = 0; i < 2 && scene->side_count == 2; i++) {
		const struct side *copy = &scene->sides[i];
		const struct side *part = &scene->sides[1 - i];
		const struct spot *spot = &copy->levels[0].spot;

		if (!copy->callee || !copies_bytes(copy->callee) ||
		    part->callee || part->access->is_free ||
		    !copy->level_count || !copy->levels[0].has_code ||
		    c_is_call(spot->unit, spot->at) ||
		    copy->access->size_bytes <= part->access->size_bytes)
			continue;
		say(evidence, "%s copies a whole object in several steps.",
		    scene_side(scene, copy));
		say(evidence, "%s %s part of it meanwhile.",
		    scene_side(scene, part),
		    part->is_write ? "writes" : "reads");
		return scene_has_lock(copy) || scene_has_lock(part) ? 0.6
								    : 0.82;
	}
	return 0;
}

/* A member that is copied whole in the function, or in those of this file that
 * it calls: `x->name = local;` or `return x->name;`.  With a name (of the unit
 * `of`) only that one.  C_NONE: there is none. */
static int32_t copied_member(const struct c_unit *unit,
			     const struct c_function *f, bool is_write,
			     const struct c_unit *of, int32_t name,
			     unsigned depth)
{
	for (int32_t at = f->open; at < f->close; at++) {
		bool is_store = c_is(unit, at + 1, "=") &&
				c_is_name(unit, at + 2) &&
				c_is(unit, at + 3, ";");
		const struct c_function *callee;
		int32_t found;

		if ((c_is(unit, at - 1, "->") || c_is(unit, at - 1, ".")) &&
		    (is_write ? is_store : c_is(unit, at + 1, ";")) &&
		    (name == C_NONE || c_same(unit, at, of, name)))
			return at;
		callee = depth && c_is_call(unit, at)
				 ? c_function_named(unit, at)
				 : NULL;
		if (!callee || callee == f)
			continue;
		found = copied_member(unit, callee, is_write, of, name,
				      depth - 1);
		if (found != C_NONE)
			return found;
	}
	return C_NONE;
}

static bool has_vague_line(const struct side *side)
{
	return side->level_count && side->levels[0].has_code && !side->callee &&
	       !side->levels[0].frame->column;
}

/* A copy of a structure that the compiler made in pieces, which have no column
 * and may have the line of the function's begin. */
double rule_torn_pieces(struct scene *scene, struct evidence *evidence)
{
	for (size_t i = 0; i < 2 && scene->side_count == 2; i++) {
		const struct side *writer = &scene->sides[i];
		const struct side *reader = &scene->sides[1 - i];
		const struct spot *w = &writer->levels[0].spot;
		const struct spot *r = &reader->levels[0].spot;
		int32_t name;

		if (!writer->is_write || reader->is_write ||
		    !has_vague_line(writer) || !has_vague_line(reader) ||
		    scene_same_name(scene))
			continue;
		name = copied_member(w->unit, w->function, true, NULL, C_NONE,
				     2);
		if (name == C_NONE || copied_member(r->unit, r->function, false,
						    w->unit, name, 2) == C_NONE)
			continue;
		say(evidence, "%s stores %s as a whole.",
		    scene_where(scene, writer->levels[0].frame),
		    scene_token(scene, w->unit, name));
		say(evidence,
		    "%s reads it as a whole; a structure is copied in several "
		    "steps.",
		    scene_where(scene, reader->levels[0].frame));
		return 0.6;
	}
	return 0;
}

/* A buffer that one side fills and the other reads, both by calls of libc. */
double rule_torn_buffer(struct scene *scene, struct evidence *evidence)
{
	for (size_t i = 0; i < 2 && scene->side_count == 2; i++) {
		const struct side *writer = &scene->sides[i];
		const struct side *reader = &scene->sides[1 - i];

		if (!writer->is_write || !writer->callee || !reader->callee ||
		    !libc_fills(plain_name(writer->callee)) ||
		    (!libc_fills(plain_name(reader->callee)) &&
		     !libc_reads_bytes(plain_name(reader->callee))))
			continue;
		say(evidence, "%s changes the bytes one after another, by %s.",
		    scene_side(scene, writer), plain_name(writer->callee));
		say(evidence,
		    "%s goes through them by %s meanwhile, and may meet half "
		    "of the old and half of the new.",
		    scene_side(scene, reader), plain_name(reader->callee));
		return scene_has_lock(writer) || scene_has_lock(reader) ? 0.5
									: 0.68;
	}
	return 0;
}

/* One word under two member names: bit-fields, or a union. */
double rule_torn_bit_field(struct scene *scene, struct evidence *evidence)
{
	const struct side *a = &scene->sides[0], *b = &scene->sides[1];

	if (!scene_has_places(scene) || scene_same_name(scene) ||
	    a->is_guessed || b->is_guessed || !a->place.is_member ||
	    !b->place.is_member || a->place.is_element || b->place.is_element ||
	    a->place.is_deref || b->place.is_deref ||
	    a->access->size_bytes != b->access->size_bytes ||
	    a->access->address != b->access->address)
		return 0;
	say(evidence,
	    "%s and %s name different members, %s and %s, and yet access the "
	    "same %llu bytes.",
	    scene_side(scene, a), scene_side(scene, b),
	    scene_token(scene, a->levels[0].spot.unit, a->place.name),
	    scene_token(scene, b->levels[0].spot.unit, b->place.name),
	    (unsigned long long)a->access->size_bytes);
	return 0.9;
}

/* v = x; ... x = v + 1; or v->old = x; ... x = v; around the access, whichever
 * of the two it is. */
static bool goes_through_local(const struct side *side)
{
	const struct spot *spot = &side->levels[0].spot;
	const struct c_unit *unit = spot->unit;
	int32_t to = spot->function->close, name = side->place.name;
	int32_t at = spot->function->open;

	while ((at = code_mention(unit, at + 1, to, unit, name)) != C_NONE) {
		int32_t local = code_target(spot, at), store = at, end, use;

		if (local == C_NONE || c_same(unit, local, unit, name))
			continue;
		/* new->next = top; ... top = new; */
		local = code_expression_begin(unit, local);
		while ((store = code_mention(unit, store + 1, to, unit,
					     name)) != C_NONE) {
			if (!code_is_written(unit, store))
				continue;
			end = code_statement_end(spot, store);
			use = code_mention(unit, store + 1, end, unit, local);
			if (use != C_NONE)
				return true;
		}
	}
	return false;
}

static bool changes(const struct side *side)
{
	const struct spot *spot = &side->levels[0].spot;

	if (!side->has_place)
		return false;
	if (code_is_changed(spot->unit, side->place.name))
		return true;
	return goes_through_local(side);
}

/* The same value changed elsewhere in the function: if (n < max) a[n++] = x. */
static bool changes_nearby(const struct side *side)
{
	const struct spot *spot = &side->levels[0].spot;
	int32_t at = spot->function->open;

	while (side->has_place &&
	       (at = code_mention(spot->unit, at + 1, spot->function->close,
				  spot->unit, side->place.name)) != C_NONE)
		if (code_is_changed(spot->unit, at))
			return true;
	return false;
}

/* a[n++] = x, or a[n] = x with n changed in the function. */
static bool has_changing_index(const struct side *side)
{
	const struct spot *spot = &side->levels[0].spot;
	const struct c_unit *unit = spot->unit;

	if (!side->has_place || !side->place.is_element)
		return false;
	for (int32_t at = side->place.name + 1; at < side->place.end; at++) {
		int32_t use = spot->function->open;

		if (!c_is_name(unit, at) || c_is(unit, at + 1, "->") ||
		    (!c_is(unit, at - 1, "->") && !c_is(unit, at - 1, ".")))
			continue;
		while ((use = code_mention(unit, use + 1, spot->function->close,
					   unit, at)) != C_NONE)
			if (code_is_changed(unit, use))
				return true;
	}
	return false;
}

/* Both sides take a value, or the element that it stands for, and move it on:
 * two can take the same one. */
double rule_same_value_taken(struct scene *scene, struct evidence *evidence)
{
	if (!scene_same_name(scene) || scene_has_lock(&scene->sides[0]) ||
	    scene_has_lock(&scene->sides[1]))
		return 0;
	for (size_t i = 0; i < 2; i++) {
		const struct side *side = &scene->sides[i];

		if (!changes_nearby(side) && !has_changing_index(side))
			return 0;
		say(evidence,
		    "%s uses a shared value that the same function moves on.",
		    scene_side(scene, side));
	}
	say(evidence, "Two threads can do so with the same value, and one of "
		      "the two changes is lost.");
	return 0.8;
}

double rule_lost_update(struct scene *scene, struct evidence *evidence)
{
	unsigned changing = 0, writing = 0, locked = 0;
	double confidence;

	for (size_t i = 0; i < scene->side_count; i++) {
		const struct side *side = &scene->sides[i];

		writing += side->is_write;
		locked += scene_has_lock(side);
		if (!changes(side))
			continue;
		if (!changing++ || !scene_same_line(scene))
			say(evidence,
			    "%s reads the value, changes it and writes it back "
			    "in several steps.",
			    scene_side(scene, side));
	}
	if (!changing)
		return 0;
	confidence = changing == 2 ? 0.85 : writing == 2 ? 0.6 : 0.4;
	if (changing == 2)
		say(evidence, "Both threads do so, and nothing keeps one out "
			      "while the other is in between.");
	if (scene->witness->hits_with_bad_outcome) {
		say(evidence,
		    "%llu of the iterations with this report had a wrong "
		    "outcome.",
		    (unsigned long long)scene->witness->hits_with_bad_outcome);
		confidence += 0.03;
	}
	return locked ? confidence * 0.75 : confidence;
}
