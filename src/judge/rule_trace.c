#include <string.h>

#include "judge/rule.h"

/* The innermost own frame of a side that accesses the memory itself; NULL: a
 * library does, or the source tells more. */
static const struct frame *blind_frame(const struct scene *scene, size_t side)
{
	const struct side *s = &scene->sides[side];

	if (scene->side_count != 2 || s->callee || s->access->is_free ||
	    s->access->is_atomic || scene_has_lock(s) || !s->level_count ||
	    (s->levels[0].has_code && s->has_place))
		return NULL;
	return s->levels[0].frame->line ? s->levels[0].frame : NULL;
}

static bool same_function(const struct frame *a, const struct frame *b)
{
	return a->function && b->function && a->file && b->file &&
	       !strcmp(a->function, b->function) && !strcmp(a->file, b->file);
}

/* Only what changes a value both reads and writes it at one place; and what
 * both sides write at one place is more often a change than a plain store. */
double rule_same_place(struct scene *scene, struct evidence *evidence)
{
	const struct frame *a = blind_frame(scene, 0);
	const struct frame *b = blind_frame(scene, 1);
	bool is_same_column, is_both;

	if (!a || !b || !scene_same_line(scene) ||
	    scene->sides[0].access->size_bytes !=
		    scene->sides[1].access->size_bytes)
		return 0;
	is_same_column = a->column && a->column == b->column;
	is_both = scene->sides[0].is_write && scene->sides[1].is_write;
	if (is_both && !is_same_column)
		return 0;
	say(evidence,
	    is_both ? "Both threads write at one place, %s."
		    : "%s both reads and writes the value.",
	    scene_side(scene, &scene->sides[0]));
	say(evidence, "That is how a value is changed by x++ and the like.");
	return is_both ? 0.45 : is_same_column ? 0.6 : 0.5;
}

/* A read, and further down in the same function a write. */
double rule_read_then_write(struct scene *scene, struct evidence *evidence)
{
	for (size_t i = 0; i < 2; i++) {
		const struct frame *read = blind_frame(scene, i);
		const struct frame *write = blind_frame(scene, 1 - i);

		if (!read || !write || scene->sides[i].is_write ||
		    !scene->sides[1 - i].is_write ||
		    !same_function(read, write) || read->line >= write->line)
			continue;
		say(evidence,
		    "%s reads what %s writes further down in the same "
		    "function.",
		    scene_side(scene, &scene->sides[i]),
		    scene_side(scene, &scene->sides[1 - i]));
		say(evidence, "What was read may no longer hold by then.");
		return 0.4;
	}
	return 0;
}

/* A read, and the same function calls what writes it on one of the next lines:
 * if (!made) make(); */
double rule_made_by_call(struct scene *scene, struct evidence *evidence)
{
	for (size_t i = 0; i < 2; i++) {
		const struct frame *read = blind_frame(scene, i);
		const struct side *writer = &scene->sides[1 - i];

		if (!read || !blind_frame(scene, 1 - i) ||
		    scene->sides[i].is_write || !writer->is_write)
			continue;
		for (size_t j = 1; j < writer->level_count; j++) {
			const struct frame *call = writer->levels[j].frame;

			if (!same_function(read, call) ||
			    call->line < read->line ||
			    call->line > read->line + 3)
				continue;
			say(evidence,
			    "%s reads, and right after it calls what "
			    "writes, %s.",
			    scene_side(scene, &scene->sides[i]),
			    scene_side(scene, writer));
			return 0.5;
		}
	}
	return 0;
}
