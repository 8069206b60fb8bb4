#include <string.h>

#include "judge/rule.h"

/* "M0 and M1 (for reading)". */
static const char *locks_of(const struct scene *scene, const struct side *side)
{
	const char *text = "";

	for (size_t i = 0; i < side->access->mutex_count && i < 4; i++) {
		const struct mutex_ref *lock = &side->access->mutexes[i];

		text = arena_printf(scene->arena, "%s%s%s%s", text,
				    i ? " and " : "",
				    lock->id ? lock->id : "a lock",
				    lock->is_read ? " (for reading)" : "");
	}
	return text;
}

double rule_missing_lock(struct scene *scene, struct evidence *evidence)
{
	const struct side *reader, *writer;

	for (size_t i = 0; i < 2 && scene->side_count == 2; i++) {
		const struct side *with = &scene->sides[i];
		const struct side *without = &scene->sides[1 - i];

		if (!scene_has_lock(with) || scene_has_lock(without))
			continue;
		say(evidence, "%s %s holding %s.", scene_side(scene, with),
		    with->is_write ? "writes" : "reads", locks_of(scene, with));
		say(evidence, "%s %s the same memory and holds no lock.",
		    scene_side(scene, without),
		    without->access->is_free ? "frees"
		    : without->is_write      ? "writes"
					     : "reads");
		return scene_read_then_locked(scene, &reader, &writer) ? 0.65
								       : 0.8;
	}
	return 0;
}

double rule_inconsistent_lock(struct scene *scene, struct evidence *evidence)
{
	if (scene->side_count != 2 || !scene_has_lock(&scene->sides[0]) ||
	    !scene_has_lock(&scene->sides[1]) || scene_share_lock(scene))
		return 0;
	for (size_t i = 0; i < 2; i++)
		say(evidence, "%s holds %s.",
		    scene_side(scene, &scene->sides[i]),
		    locks_of(scene, &scene->sides[i]));
	say(evidence, "No lock is held by both sides.");
	return 0.9;
}

static bool writes_under_read_lock(const struct side *side)
{
	for (size_t i = 0; side->is_write && i < side->access->mutex_count; i++)
		if (side->access->mutexes[i].is_read)
			return true;
	return false;
}

double rule_write_under_read_lock(struct scene *scene,
				  struct evidence *evidence)
{
	bool is_any = false;

	if (scene->side_count != 2 || !scene_share_lock(scene))
		return 0;
	for (size_t i = 0; i < 2; i++) {
		const struct side *side = &scene->sides[i];

		if (!writes_under_read_lock(side))
			continue;
		say(evidence, "%s writes while it holds %s.",
		    scene_side(scene, side), locks_of(scene, side));
		is_any = true;
	}
	return is_any ? 0.95 : 0;
}

/* pthread_mutex_init against pthread_mutex_lock, and the like: the lock is the
 * memory that is raced on. */
double rule_mutex_as_data(struct scene *scene, struct evidence *evidence)
{
	for (size_t i = 0; i < scene->side_count; i++) {
		const struct side *side = &scene->sides[i];
		const struct side *other = scene_other(scene, side);

		if (!side->callee || !other || !other->callee)
			continue;
		if (!strncmp(side->callee, "pthread_", 8) &&
		    !strncmp(other->callee, "pthread_", 8) &&
		    (strstr(side->callee, "_init") ||
		     strstr(side->callee, "_destroy"))) {
			say(evidence,
			    "%s calls %s on what %s uses by %s, unordered.",
			    scene_side(scene, side), side->callee,
			    scene_side(scene, other), other->callee);
			return 0.95;
		}
	}
	return 0;
}
