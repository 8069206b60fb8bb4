/*
 * scene_place.h - what a side accesses, where the report is vague about it.
 *
 * For scene.c alone.  Debug information without columns, of optimised code or
 * of macros names a line at best; these find the likeliest name near it.
 */
#ifndef SNAG_JUDGE_SCENE_PLACE_H
#define SNAG_JUDGE_SCENE_PLACE_H

#include "judge/scene.h"

/* The call of the function of the frame within, when the level's line holds
 * one. */
void scene_find_call(struct level *level, const struct frame *within);
/* Sets the place of a side whose first level has code. */
void scene_find_place(struct side *side);
/* The place of a side without a line, by the global's name. */
void scene_find_global(struct scene *scene, struct side *side);
/* Makes a guessed place the one that the other side names. */
void scene_agree_on_name(struct side *side, const struct side *other);

#endif
