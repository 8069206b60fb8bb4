/*
 * scene.h - a report made ready for the rules: its two sides with their code.
 *
 * For each side the first own frames, the functions they stand in, and what the
 * access is to.  What cannot be told is missing, never guessed; rules ask for
 * it first.  Everything lives in the arena.
 */
#ifndef SNAG_JUDGE_SCENE_H
#define SNAG_JUDGE_SCENE_H

#include <stdbool.h>
#include <stddef.h>

#include "judge/classify.h"
#include "judge/code.h"

enum {
	SCENE_MAX_LEVELS = 6,  /* own frames of a side, innermost first */
	SCENE_MAX_UNITS = 8,   /* source files of a report */
	EVIDENCE_MAX = 8,      /* sentences of a cause */
	EVIDENCE_MAX_LINE = 90 /* bytes of a source line that are quoted */
};

struct level {
	const struct frame *frame;
	struct spot spot; /* the access, or the call of the level within */
	bool has_code;    /* spot is set, and spot.at is a token */
};

struct side {
	const struct access *access;
	const char *thread; /* "thread T1", "the main thread" */
	const char *callee; /* the libc function that made the access */
	struct level levels[SCENE_MAX_LEVELS];
	size_t level_count;
	struct place place; /* in levels[0]; only when has_place */
	bool has_place;
	bool is_guessed; /* the place: the report gave no column, or a wrong one
			  */
	bool is_moved;   /* the place is near the reported line, not on it */
	bool is_write;   /* frees count */
};

struct scene_unit {
	const char *file;
	struct c_unit unit;
	bool has_text;
};

struct scene {
	const struct report *report;
	const struct witness *witness; /* never NULL */
	struct source_tree *sources;   /* or NULL */
	struct arena *arena;
	const struct location *location; /* or NULL */
	struct side sides[2];
	size_t side_count; /* of a race: 1 or 2; of other kinds 0 */
	struct scene_unit units[SCENE_MAX_UNITS];
	size_t unit_count;
};

/* The sentences of one cause. */
struct evidence {
	struct scene *scene;
	const char *sentences[EVIDENCE_MAX];
	size_t count;
};

void scene_init(struct scene *scene, const struct report *report,
		struct source_tree *sources, const struct witness *witness,
		struct arena *arena);
/* The code of a file; NULL: not to be read. */
const struct c_unit *scene_unit(struct scene *scene, const char *file);
/* A frame in its code; false: it has none. */
bool scene_level(struct scene *scene, const struct frame *frame, bool is_write,
		 struct level *out);

/* Adds a sentence; one too many is dropped. */
void say(struct evidence *evidence, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
/* "bump (counter.c:34)", for sentences. */
const char *scene_where(const struct scene *scene, const struct frame *frame);
/* "`counter->value++;`", or "" without a source. */
const char *scene_quote(const struct scene *scene, const struct frame *frame);
/* "bump (counter.c:34) `counter->value++;`" of a side's first own frame. */
const char *scene_side(const struct scene *scene, const struct side *side);
/* A token as text. */
const char *scene_token(const struct scene *scene, const struct c_unit *unit,
			int32_t at);

/* Where the value that a side reads is used: at the access, or where accessors
 * that return it are called; *at is the mention or the call.  NULL: the place
 * is not known. */
const struct level *scene_use(const struct side *side, int32_t *at);
/* Was the file of any access there to be read? */
bool scene_has_source(const struct scene *scene);
/* Are both accesses in one line of one function? */
bool scene_same_line(const struct scene *scene);
/* Does one side read without a lock, and the other write under one, later in
 * the same function?  Then *reader and *writer are set. */
bool scene_read_then_locked(const struct scene *scene,
			    const struct side **reader,
			    const struct side **writer);
/* The other side; NULL: there is none. */
const struct side *scene_other(const struct scene *scene,
			       const struct side *side);
/* Are both accesses to one thing by their names in the code? */
bool scene_same_name(const struct scene *scene);
bool scene_has_places(const struct scene *scene);
/* Does the side hold a lock that the other side holds? */
bool scene_share_lock(const struct scene *scene);
bool scene_has_lock(const struct side *side);

#endif
