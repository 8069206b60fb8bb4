#include <string.h>

#include "base/stats.h"
#include "campaign/confirm_part.h"
#include "model/effect.h"

bool confirm_is_race(const struct finding *f)
{
	return f->report->kind == KIND_DATA_RACE ||
	       f->report->kind == KIND_VPTR_RACE ||
	       f->report->kind == KIND_USE_AFTER_FREE ||
	       f->report->kind == KIND_VPTR_USE_AFTER_FREE;
}

/* "lost, exact" */
static const char *names_of(struct arena *arena, const struct seen *seen)
{
	const char *text = "";

	for (size_t i = 0; i < seen->name_count; i++)
		text = arena_printf(arena, "%s%s%s", text, i ? ", " : "",
				    *seen->names[i] ? seen->names[i]
						    : "without a name");
	return text;
}

static const char *schedules(struct arena *arena, const struct seen *seen)
{
	return stats_plural(arena, seen->schedules, "steered schedule",
			    "steered schedules");
}

static const enum effect effect_of_worst[] = {
	[CONFIRM_NOTHING] = EFFECT_NONE,
	[CONFIRM_WRONG] = EFFECT_WRONG_OUTCOME,
	[CONFIRM_CRASHED] = EFFECT_CRASHES,
	[CONFIRM_DEADLOCKED] = EFFECT_DEADLOCKS,
};

/* One of the two accesses is none of explore's points: it is made within libc,
 * or by the kernel. */
static bool is_unseen(const struct steering *st, const struct seen *seen)
{
	return !seen->came[0] || (st->sides > 1 && !seen->came[1]);
}

/* Schedules without a meeting count where there can be none. */
static const struct worst *worst_of(const struct steering *st,
				    const struct finding *f,
				    const struct seen *seen)
{
	return confirm_is_race(f) && !seen->met && is_unseen(st, seen)
		       ? &seen->of_all
		       : &seen->of_met;
}

/* Whatever is wrong there, it is not for this race's order. */
static bool is_blameless(const struct finding *f, const struct seen *seen)
{
	return confirm_is_race(f) && seen->met && !seen->differences &&
	       seen->final_count <= 1 && seen->of_met.effect <= CONFIRM_WRONG;
}

static bool does_differ(const struct seen *seen)
{
	return seen->differences || seen->final_count > 1 ||
	       seen->name_count > 1;
}

static enum effect effect_of(const struct finding *f, const struct seen *seen,
			     const struct worst *worst)
{
	if (is_blameless(f, seen))
		return seen->is_exhausted ? EFFECT_EXHAUSTED : EFFECT_NO_EFFECT;
	if (worst->effect != CONFIRM_NOTHING)
		return effect_of_worst[worst->effect];
	if (confirm_is_race(f) && !seen->met)
		return EFFECT_NOT_REACHED;
	if (confirm_is_race(f) && does_differ(seen))
		return EFFECT_VALUE_DIFFERS;
	return seen->is_exhausted ? EFFECT_EXHAUSTED : EFFECT_NO_EFFECT;
}

static const char *how_bad(struct arena *arena, const struct seen *seen,
			   const struct worst *worst)
{
	return arena_printf(
		arena, "%s%sin %s of %s%s",
		worst->effect == CONFIRM_DEADLOCKED ? "" : worst->outcome,
		worst->effect == CONFIRM_DEADLOCKED ? "" : " ",
		stats_count(arena, worst->count), schedules(arena, seen),
		worst == &seen->of_met
			? ""
			: " (explore sees no access at one of its places)");
}

static const char *how_exhausted(struct arena *arena, const struct finding *f,
				 const struct seen *seen)
{
	return arena_printf(
		arena, "of all %s with at most two preemptions %s",
		stats_plural(arena, seen->schedules, "schedule", "schedules"),
		confirm_is_race(f) ? "what is read and left there is the "
				     "same in each"
				   : "none closes the cycle");
}

static const char *how_differs(struct arena *arena, const struct seen *seen)
{
	return arena_printf(arena,
			    "what is read or left there depends on the "
			    "order%s%s, in %s",
			    seen->name_count > 1 ? "; outcomes: " : "",
			    seen->name_count > 1 ? names_of(arena, seen) : "",
			    schedules(arena, seen));
}

static const char *how_unreached(struct arena *arena, const struct steering *st,
				 const struct seen *seen)
{
	return arena_printf(
		arena, "in %s %s", schedules(arena, seen),
		is_unseen(st, seen)
			? "explore saw no access at one of its places"
			: "the two never stood there at once: something orders "
			  "them where there is no weak memory, as under "
			  "explore");
}

static const char *how_harmless(struct arena *arena, const struct finding *f,
				const struct seen *seen)
{
	const char *how = ", none of which closed the cycle";

	if (confirm_is_race(f))
		how = seen->first[0] && seen->first[1] ? ", with either first"
						       : ", in one order only";
	return arena_printf(arena, "in %s%s", schedules(arena, seen), how);
}

static const char *why_of(struct arena *arena, enum effect effect,
			  const struct steering *st, const struct finding *f,
			  const struct seen *seen)
{
	switch (effect) {
	case EFFECT_DEADLOCKS:
	case EFFECT_CRASHES:
	case EFFECT_WRONG_OUTCOME:
		return how_bad(arena, seen, worst_of(st, f, seen));
	case EFFECT_VALUE_DIFFERS:
		return how_differs(arena, seen);
	case EFFECT_EXHAUSTED:
		return how_exhausted(arena, f, seen);
	case EFFECT_NOT_REACHED:
		return how_unreached(arena, st, seen);
	default:
		return how_harmless(arena, f, seen);
	}
}

/* Where others have the same finding, it may do other things there. */
static const char *of_whom(const struct steering *st, const struct finding *f)
{
	struct campaign *c = st->campaign;
	const struct subject *s = cell_subject(c, &c->cells[st->cell]);

	for (size_t i = 0; i < c->cell_count; i++) {
		const struct run *run = cell_run(c, &c->cells[i]);

		for (size_t k = 0; k < run->finding_count; k++)
			if (cell_subject(c, &c->cells[i]) != s &&
			    !strcmp(run->findings[k].fingerprint,
				    f->fingerprint))
				return arena_printf(&c->result->arena,
						    ", of %s", s->id);
	}
	return "";
}

void confirm_say(const struct steering *st, struct finding *f,
		 const struct seen *seen)
{
	struct arena *arena = &st->campaign->result->arena;
	const struct worst *worst = worst_of(st, f, seen);
	enum effect effect = effect_of(f, seen, worst);
	struct keeping_one one = worst->kept;

	f->effect = effect_name(effect);
	f->effect_why =
		arena_printf(arena, "%s%s", why_of(arena, effect, st, f, seen),
			     of_whom(st, f));
	if (!one.effect || is_blameless(f, seen))
		return;
	one.name = f->fingerprint;
	keeping_add(st->campaign, &one);
}
