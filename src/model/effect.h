/*
 * effect.h - what a finding does when explore is steered into it.
 *
 * The closed set of names: they stand in result files and reports.
 */
#ifndef SNAG_MODEL_EFFECT_H
#define SNAG_MODEL_EFFECT_H

enum effect {
	EFFECT_NONE = 0,    /* not known                                  */
	EFFECT_NOT_REACHED, /* the two never stood at their places at once */
	EFFECT_NO_EFFECT,
	EFFECT_EXHAUSTED, /* no effect in all schedules of a bound */
	EFFECT_VALUE_DIFFERS,
	EFFECT_WRONG_OUTCOME,
	EFFECT_CRASHES,
	EFFECT_DEADLOCKS,
	EFFECT_COUNT,
};

/* "wrong outcome"; NULL for none. */
const char *effect_name(enum effect effect);
/* The higher the worse; EFFECT_NONE for NULL and what is no name. */
enum effect effect_by_name(const char *name);

#endif
