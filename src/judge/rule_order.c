#include <string.h>

#include "judge/libc_names.h"
#include "judge/own_frame.h"
#include "judge/rule.h"

static bool same_text(const char *a, const char *b)
{
	return a && b && !strcmp(a, b);
}

/* The level of a side whose function is also in the stack, and the frame. */
static const struct level *level_in_stack(const struct side *side,
					  const struct stack *stack,
					  const struct frame **frame)
{
	for (size_t i = 0; i < side->level_count; i++)
		for (size_t j = 0; j < stack->count; j++)
			if (same_text(side->levels[i].frame->function,
				      stack->frames[j].function) &&
			    own_frame_role(&stack->frames[j]) == FRAME_OWN) {
				*frame = &stack->frames[j];
				return &side->levels[i];
			}
	return NULL;
}

/* A join between the line where the thread was made and the access. */
static bool joins_between(const struct level *level, unsigned from, unsigned to)
{
	const struct spot *spot = &level->spot;

	if (!level->has_code)
		return false;
	for (int32_t at = spot->function->open; at < spot->function->close;
	     at++) {
		uint32_t line = spot->unit->tokens[at].line;

		if (line >= from && line <= to &&
		    code_libc_call(spot->unit, at, at + 1, libc_joins) !=
			    C_NONE)
			return true;
	}
	return false;
}

double rule_missing_join(struct scene *scene, struct evidence *evidence)
{
	for (size_t i = 0; i < 2 && scene->side_count == 2; i++) {
		const struct side *parent = &scene->sides[i];
		const struct side *child = &scene->sides[1 - i];
		const struct thread_info *thread =
			report_thread(scene->report, child->access->thread);
		const struct frame *made = NULL;
		const struct level *level;

		if (!thread ||
		    !same_text(thread->parent, parent->access->thread))
			continue;
		level = level_in_stack(parent, &thread->created, &made);
		if (!level || level->frame->line < made->line ||
		    joins_between(level, made->line, level->frame->line))
			continue;
		say(evidence, "%s creates %s.", scene_where(scene, made),
		    child->thread);
		say(evidence,
		    "%s then %s what %s %s, without joining the thread first.",
		    scene_side(scene, parent),
		    parent->access->is_free ? "frees"
		    : parent->is_write      ? "writes"
					    : "reads",
		    scene_side(scene, child),
		    child->is_write ? "writes" : "reads");
		if (thread->is_finished)
			say(evidence, "The thread had ended by then, but "
				      "nobody had waited for it.");
		if (parent->access->is_free)
			return 0.82;
		if (!child->is_write || parent->is_write)
			return 0.5;
		/* A peer that happens to have made the thread reads from
		 * somewhere below; who wants the result reads it here. */
		if (level != &parent->levels[0] || scene_has_lock(parent) ||
		    scene_has_lock(child) || parent->access->is_atomic ||
		    child->access->is_atomic)
			return 0.6;
		return 0.93;
	}
	return 0;
}

double rule_sleep(struct scene *scene, struct evidence *evidence)
{
	const struct frame *place = own_frame_first(&scene->report->sleep);
	const struct frame *frame;

	if (!place)
		return 0;
	say(evidence,
	    "The older access was far enough back only because of the sleep "
	    "in %s%s.",
	    scene_where(scene, place), scene_quote(scene, place));
	for (size_t i = 0; i < scene->side_count; i++)
		if (level_in_stack(&scene->sides[i], &scene->report->sleep,
				   &frame)) {
			say(evidence, "%s sleeps and then accesses the data.",
			    scene_where(scene, frame));
			return 0.94;
		}
	return 0.45;
}

/* sleep(1); and then, in a straight line, what the other thread has written. */
double rule_sleep_before(struct scene *scene, struct evidence *evidence)
{
	for (size_t i = 0; i < scene->side_count; i++) {
		const struct side *side = &scene->sides[i];

		for (size_t j = 0; j < side->level_count && j < 2; j++) {
			const struct spot *spot = &side->levels[j].spot;
			int32_t call, from, to;

			if (!side->levels[j].has_code || scene_has_lock(side))
				continue;
			call = code_libc_call(spot->unit, spot->function->open,
					      spot->at, libc_sleeps);
			if (call == C_NONE || code_loop(spot, call, &from, &to))
				continue;
			say(evidence,
			    "%s calls %s first, as if the other thread were "
			    "done by then.",
			    scene_side(scene, side),
			    scene_token(scene, spot->unit, call));
			return 0.84;
		}
	}
	return 0;
}

/* A race with what runs while the process ends. */
double rule_exit(struct scene *scene, struct evidence *evidence)
{
	static const char *const names[] = {"exit", "__run_exit_handlers",
					    "__cxa_finalize", "_fini",
					    "__do_global_dtors_aux"};

	for (size_t i = 0; i < scene->side_count; i++) {
		const struct stack *stack = &scene->sides[i].access->stack;

		for (size_t j = 0; j < stack->count; j++)
			for (size_t k = 0; k < sizeof(names) / sizeof(*names);
			     k++) {
				const char *name = own_frame_plain_name(
					stack->frames[j].function);

				if (!same_text(name, names[k]))
					continue;
				say(evidence,
				    "%s runs while the process ends (%s), and "
				    "a thread still goes on.",
				    scene_side(scene, &scene->sides[i]), name);
				return 0.85;
			}
	}
	return 0;
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
		while ((test = code_mention(r->unit, test + 1, r->at, w->unit,
					    at)) != C_NONE)
			if (is_looked_at(r, test))
				return at;
	}
	return C_NONE;
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
		    !level_in_stack(writer, &at->stack, &frame))
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

/* p = object; here, p->x there: the pointer itself is raced on. */
double rule_publication_of_pointer(struct scene *scene,
				   struct evidence *evidence)
{
	for (size_t i = 0; i < 2 && scene->side_count == 2; i++) {
		const struct side *writer = &scene->sides[i];
		const struct side *reader = &scene->sides[1 - i];
		const struct c_unit *unit;
		int32_t local, use;

		if (!writer->is_write || reader->is_write ||
		    !scene_same_name(scene) || writer->access->size_bytes != 8)
			continue;
		unit = reader->levels[0].spot.unit;
		local = code_target(&reader->levels[0].spot,
				    reader->place.name);
		use = local == C_NONE
			      ? C_NONE
			      : code_mention(
					unit, reader->place.end,
					reader->levels[0].spot.function->close,
					unit, local);
		if (!c_is(unit, reader->place.end, "->") &&
		    (use == C_NONE || !c_is(unit, use + 1, "->")))
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

/* How many members beside the raced one are read (or written) through the same
 * root in the function. */
static unsigned fellow_members(const struct side *side, bool is_written)
{
	const struct spot *spot = &side->levels[0].spot;
	const struct c_unit *unit = spot->unit;
	unsigned count = 0;

	for (int32_t at = spot->function->open; at < spot->function->close;
	     at++) {
		if (!c_is_name(unit, at) || c_is(unit, at + 1, "(") ||
		    (!c_is(unit, at - 1, "->") && !c_is(unit, at - 1, ".")) ||
		    c_same(unit, at, unit, side->place.name) ||
		    code_is_written(unit, at) != is_written)
			continue;
		if (c_same(unit, code_expression_begin(unit, at), unit,
			   side->place.root))
			count++;
	}
	return count;
}

double rule_mutable_config(struct scene *scene, struct evidence *evidence)
{
	for (size_t i = 0; i < 2 && scene->side_count == 2; i++) {
		const struct side *writer = &scene->sides[i];
		const struct side *reader = &scene->sides[1 - i];

		if (!writer->is_write || reader->is_write ||
		    !scene_same_name(scene) || !writer->place.is_member ||
		    !c_is(writer->levels[0].spot.unit, writer->place.end, "="))
			continue;
		if (!fellow_members(writer, true) ||
		    !fellow_members(reader, false))
			continue;
		say(evidence,
		    "%s rewrites several members of one object in "
		    "place.",
		    scene_side(scene, writer));
		say(evidence, "%s reads several of them, which must agree.",
		    scene_side(scene, reader));
		return scene_has_lock(writer) || scene_has_lock(reader) ? 0.6
									: 0.8;
	}
	return 0;
}
