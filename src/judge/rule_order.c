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
static bool joins_between(const struct level *level, unsigned from)
{
	const struct spot *spot = &level->spot;
	int32_t at = level->has_code ? spot->function->open : 0;

	while (level->has_code && at < spot->at) {
		at = code_libc_call(spot->unit, at + 1, spot->at, libc_joins);
		if (at == C_NONE)
			return false;
		if (spot->unit->tokens[at].line >= from)
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
		if (!level || level->frame->line < made->line)
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
		/* Joining this one would have ordered the two. */
		if (joins_between(level, made->line))
			say(evidence, "The join before it is another "
				      "thread's.");
		if (thread->is_finished)
			say(evidence, "The thread had ended by then, but "
				      "nobody had waited for it.");
		if (parent->access->is_free)
			return 0.82;
		if (!child->is_write || parent->is_write)
			return 0.4;
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

/* Both sides in one function: the threads are peers that pace themselves. */
static bool are_peers(const struct scene *scene)
{
	return scene->side_count == 2 && scene->sides[0].level_count &&
	       scene->sides[1].level_count &&
	       same_text(scene->sides[0].levels[0].frame->function,
			 scene->sides[1].levels[0].frame->function);
}

/* A sleep in a loop is polling or pacing, not waiting for one event. */
static bool sleeps_in_loop(struct scene *scene)
{
	const struct frame *place = own_frame_first(&scene->report->sleep);
	struct level level;
	int32_t from, to;

	return scene_level(scene, place, false, &level) &&
	       code_loop(&level.spot, level.spot.at, &from, &to);
}

double rule_sleep(struct scene *scene, struct evidence *evidence)
{
	const struct frame *place = own_frame_first(&scene->report->sleep);
	const struct frame *frame;

	if (!place)
		return 0;
	say(evidence, "Only the sleep in %s%s keeps the two accesses apart.",
	    scene_where(scene, place), scene_quote(scene, place));
	for (size_t i = 0; i < scene->side_count; i++)
		if (level_in_stack(&scene->sides[i], &scene->report->sleep,
				   &frame)) {
			say(evidence, "%s sleeps and then accesses the data.",
			    scene_where(scene, frame));
			return sleeps_in_loop(scene) || are_peers(scene) ? 0.4
									 : 0.94;
		}
	return 0.4;
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
			if (call == C_NONE || are_peers(scene) ||
			    code_loop(spot, call, &from, &to))
				continue;
			say(evidence,
			    "%s calls %s first, as if the other thread were "
			    "done by then.",
			    scene_side(scene, side),
			    scene_token(scene, spot->unit, call));
			return 0.8;
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
