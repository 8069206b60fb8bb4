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

static enum effect bad_effect(const struct seen *seen)
{
	switch (seen->effect) {
	case CONFIRM_DEADLOCKED:
		return EFFECT_DEADLOCKS;
	case CONFIRM_CRASHED:
		return EFFECT_CRASHES;
	case CONFIRM_WRONG:
		return EFFECT_WRONG_OUTCOME;
	case CONFIRM_NOTHING:
		break;
	}
	return EFFECT_NONE;
}

static bool does_differ(const struct seen *seen)
{
	return seen->differences || seen->final_count > 1 ||
	       seen->name_count > 1;
}

static enum effect effect_of(const struct finding *f, const struct seen *seen)
{
	if (seen->effect != CONFIRM_NOTHING)
		return bad_effect(seen);
	if (confirm_is_race(f) && !seen->met)
		return EFFECT_NOT_REACHED;
	if (confirm_is_race(f) && does_differ(seen))
		return EFFECT_VALUE_DIFFERS;
	return seen->is_exhausted ? EFFECT_EXHAUSTED : EFFECT_NO_EFFECT;
}

static const char *how_bad(struct arena *arena, const struct seen *seen)
{
	const char *often = arena_printf(arena, "in %s of %s",
					 stats_count(arena, seen->bad),
					 schedules(arena, seen));

	return seen->effect == CONFIRM_DEADLOCKED
		       ? often
		       : arena_printf(arena, "%s %s", seen->worst, often);
}

static const char *how_exhausted(struct arena *arena, const struct finding *f,
				 const struct seen *seen)
{
	return arena_printf(
		arena, "of all %s with at most two preemptions %s",
		stats_plural(arena, seen->schedules, "schedule", "schedules"),
		confirm_is_race(f) ? "none has a bad outcome, and what is read "
				     "and left there is the same"
				   : "none closes the cycle");
}

/* In which order, if not in both. */
static const char *who_was_first(const struct finding *f,
				 const struct seen *seen)
{
	if (!confirm_is_race(f))
		return ", none of which closed the cycle";
	return seen->first[0] && seen->first[1] ? ", with either first"
						: ", in one order only";
}

static const char *why_of(struct arena *arena, enum effect effect,
			  const struct finding *f, const struct seen *seen)
{
	switch (effect) {
	case EFFECT_DEADLOCKS:
	case EFFECT_CRASHES:
	case EFFECT_WRONG_OUTCOME:
		return how_bad(arena, seen);
	case EFFECT_VALUE_DIFFERS:
		return arena_printf(
			arena,
			"what is read or left there depends on the order%s%s "
			"in %s",
			seen->name_count > 1 ? ", and outcomes were " : "",
			seen->name_count > 1 ? names_of(arena, seen) : "",
			schedules(arena, seen));
	case EFFECT_EXHAUSTED:
		return how_exhausted(arena, f, seen);
	case EFFECT_NOT_REACHED:
		return arena_printf(
			arena,
			"in %s the two never stood before their accesses at "
			"once: under explore, which knows no weak memory, "
			"something keeps them apart",
			schedules(arena, seen));
	default:
		return arena_printf(arena, "in %s%s", schedules(arena, seen),
				    who_was_first(f, seen));
	}
}

void confirm_say(struct campaign *c, struct finding *f, const struct seen *seen)
{
	struct arena *arena = &c->result->arena;
	enum effect effect = effect_of(f, seen);

	f->effect = effect_name(effect);
	f->effect_why = why_of(arena, effect, f, seen);
	if (seen->effect != CONFIRM_NOTHING && seen->kept.effect) {
		struct keeping_one one = seen->kept;

		one.name = f->fingerprint;
		keeping_add(c, &one);
	}
}
