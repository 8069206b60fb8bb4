#include <string.h>

#include "judge/own_frame.h"
#include "judge/rule.h"

static bool same_text(const char *a, const char *b)
{
	return a && b && !strcmp(a, b);
}

static bool is_among(const struct side *side, const struct stack *stack,
		     const struct frame **frame)
{
	for (size_t i = 0; i < side->level_count; i++)
		for (size_t j = 0; j < stack->count; j++)
			if (same_text(side->levels[i].frame->function,
				      stack->frames[j].function) &&
			    own_frame_role(&stack->frames[j]) == FRAME_OWN) {
				*frame = &stack->frames[j];
				return true;
			}
	return false;
}

/* The mention in the function is a test that the later token depends on. */
static bool guards(const struct spot *spot, int32_t test, int32_t access)
{
	int32_t keyword, open = code_condition(spot, test, &keyword), from, to;

	if (open == C_NONE || test >= access)
		return false;
	code_body(spot->unit, open, &from, &to);
	/* Within the body, or after a loop or an early return. */
	return (access >= from && access < to) || access >= to;
}

/* Looked at before the access, itself or by a local copy, and acted upon. */
static bool is_looked_at(const struct spot *spot, int32_t at)
{
	const struct c_unit *unit = spot->unit;
	int32_t local, test = code_statement_end(spot, at);

	if (guards(spot, at, spot->at))
		return true;
	local = code_target(spot, at);
	if (local == C_NONE)
		return false;
	while ((test = code_mention(unit, test + 1, spot->at, unit, local)) !=
	       C_NONE)
		if (guards(spot, test, spot->at))
			return true;
	return false;
}

/* atomic_store(&x->flag, ...) */
static bool is_stored_atomically(const struct c_unit *unit, int32_t at)
{
	char name[32];
	int32_t begin = code_expression_begin(unit, at);

	if (!c_is(unit, begin - 1, "&") || !c_is(unit, begin - 2, "("))
		return false;
	c_copy(unit, begin - 3, name, sizeof(name));
	return !strncmp(name, "atomic_", 7) || !strncmp(name, "__atomic_", 9) ||
	       !strncmp(name, "__sync_", 7);
}

/* A variable that one function sets after the access at its level and that
 * the other tests before its own: the flag.  C_NONE: there is none. */
static int32_t find_flag(const struct level *writer, const struct level *reader,
			 const struct side *raced)
{
	const struct spot *w = &writer->spot, *r = &reader->spot;
	const struct spot *own = &raced->levels[0].spot;

	for (int32_t at = code_statement_end(w, w->at); at < w->function->close;
	     at++) {
		int32_t test = r->function->open;

		if (!c_is_name(w->unit, at) || c_is(w->unit, at + 1, "(") ||
		    (raced->has_place &&
		     c_same(w->unit, at, own->unit, raced->place.name)))
			continue;
		if (!code_is_written(w->unit, at) &&
		    !is_stored_atomically(w->unit, at))
			continue;
		/* Counters of loops are nobody else's flags. */
		if (code_expression_begin(w->unit, at) == at &&
		    !c_is(w->unit, at - 1, "*") && code_is_local(w, at))
			continue;
		while ((test = code_mention(r->unit, test + 1, r->at, w->unit,
					    at)) != C_NONE)
			if (is_looked_at(r, test))
				return at;
	}
	return C_NONE;
}

/* What the writer wrote before it set the flag and the reader uses after it
 * looked; C_NONE: the flag stands alone. */
static int32_t find_payload(const struct side *writer,
			    const struct side *reader)
{
	const struct spot *w = &writer->levels[0].spot;
	const struct spot *r = &reader->levels[0].spot;

	for (int32_t at = w->function->open; at < writer->place.begin; at++) {
		int32_t begin = code_expression_begin(w->unit, at);

		if (!c_is_name(w->unit, at) || !code_is_written(w->unit, at) ||
		    c_same(w->unit, at, w->unit, writer->place.name) ||
		    (begin == at && code_is_local(w, at)))
			continue;
		if (code_mention(r->unit, reader->place.end, r->function->close,
				 w->unit, at) != C_NONE)
			return at;
	}
	return C_NONE;
}

/* The flag itself is raced on, and data goes with it. */
double rule_publication_flag(struct scene *scene, struct evidence *evidence)
{
	for (size_t i = 0; i < 2; i++) {
		const struct side *writer = &scene->sides[i];
		const struct side *reader = &scene->sides[1 - i];
		int32_t keyword, payload;

		if (!scene_same_name(scene) || !writer->is_write ||
		    reader->is_write || writer->access->is_atomic ||
		    writer->levels[0].spot.function ==
			    reader->levels[0].spot.function ||
		    scene_has_lock(writer) || scene_has_lock(reader) ||
		    (!c_is(writer->levels[0].spot.unit, writer->place.end,
			   "=") &&
		     !code_is_changed(writer->levels[0].spot.unit,
				      writer->place.name)) ||
		    code_condition(&reader->levels[0].spot, reader->place.name,
				   &keyword) == C_NONE)
			continue;
		payload = find_payload(writer, reader);
		if (payload == C_NONE)
			continue;
		say(evidence,
		    "%s says that %s is there, which was written "
		    "before it.",
		    scene_side(scene, writer),
		    scene_token(scene, writer->levels[0].spot.unit, payload));
		say(evidence,
		    "%s takes it as said; but a plain flag orders "
		    "nothing.",
		    scene_side(scene, reader));
		return 0.87;
	}
	return 0;
}

double rule_publication_by_flag(struct scene *scene, struct evidence *evidence)
{
	for (size_t i = 0; i < 2 && scene->side_count == 2; i++) {
		const struct side *writer = &scene->sides[i];
		const struct side *reader = &scene->sides[1 - i];

		if (!writer->is_write || reader->is_write)
			continue;
		for (size_t j = 0; j < writer->level_count && j < 3; j++)
			for (size_t k = 0; k < reader->level_count && k < 3;
			     k++) {
				const struct level *w = &writer->levels[j];
				const struct level *r = &reader->levels[k];
				int32_t flag;

				if (!w->has_code || !r->has_code)
					continue;
				flag = find_flag(w, r, writer);
				if (flag == C_NONE)
					continue;
				say(evidence,
				    "%s writes the data and then sets %s in "
				    "%s.",
				    scene_side(scene, writer),
				    scene_token(scene, w->spot.unit, flag),
				    scene_where(scene, w->frame));
				say(evidence,
				    "%s looks at %s before it reads the data "
				    "in %s, but nothing orders the two.",
				    scene_where(scene, r->frame),
				    scene_token(scene, w->spot.unit, flag),
				    scene_side(scene, reader));
				return scene_has_lock(writer) ||
						       scene_has_lock(reader)
					       ? 0.6
					       : 0.85;
			}
	}
	return 0;
}

/* The block was made by the thread that writes it, in the same call. */
double rule_publication_of_block(struct scene *scene, struct evidence *evidence)
{
	const struct location *at = scene->location;

	if (!at || at->type != LOCATION_HEAP || scene->side_count != 2)
		return 0;
	for (size_t i = 0; i < 2; i++) {
		const struct side *writer = &scene->sides[i];
		const struct side *reader = &scene->sides[1 - i];
		const struct frame *frame;

		if (!writer->is_write || writer->access->is_free ||
		    !same_text(at->thread, writer->access->thread) ||
		    same_text(at->thread, reader->access->thread) ||
		    !is_among(writer, &at->stack, &frame))
			continue;
		say(evidence,
		    "%s allocates the object in %s and writes it in "
		    "%s.",
		    writer->thread, scene_where(scene, frame),
		    scene_side(scene, writer));
		say(evidence,
		    "%s reaches it from %s, and nothing orders that after the "
		    "writing.",
		    scene_side(scene, reader), reader->thread);
		return 0.82;
	}
	return 0;
}

/* Is the pointer that is read there, or its local copy, followed? */
static bool is_followed(const struct side *reader)
{
	const struct spot *spot = &reader->levels[0].spot;
	const struct c_unit *unit = spot->unit;
	int32_t local = code_target(spot, reader->place.name);
	int32_t use = reader->place.end;

	/* An optimiser may keep no more of a pointer than whether it is set. */
	bool is_whole = reader->access->size_bytes == 8;

	if (c_is(unit, use, "->"))
		return true;
	while (local != C_NONE &&
	       (use = code_mention(unit, use + 1, spot->function->close, unit,
				   local)) != C_NONE)
		if (c_is(unit, use + 1, "->") ||
		    (is_whole &&
		     (c_is(unit, use + 1, "[") || c_is(unit, use - 1, "*"))))
			return true;
	return false;
}

/* p = object; here, p->x there: the pointer itself is raced on. */
double rule_publication_of_pointer(struct scene *scene,
				   struct evidence *evidence)
{
	for (size_t i = 0; i < 2 && scene->side_count == 2; i++) {
		const struct side *writer = &scene->sides[i];
		const struct side *reader = &scene->sides[1 - i];

		if (!writer->is_write || reader->is_write ||
		    !scene_same_name(scene))
			continue;
		if (!is_followed(reader))
			continue;
		if (!c_is(writer->levels[0].spot.unit, writer->place.end, "="))
			continue;
		say(evidence, "%s stores a pointer plainly.",
		    scene_side(scene, writer));
		say(evidence, "%s loads it plainly and follows it.",
		    scene_side(scene, reader));
		return scene_has_lock(writer) || scene_has_lock(reader) ? 0.6
									: 0.75;
	}
	return 0;
}
