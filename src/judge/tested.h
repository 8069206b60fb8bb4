/*
 * tested.h - the test of what is raced on, and what is done when it holds.
 *
 * For the rules of tests that are stale when they are acted upon.  Looks
 * through the functions of both sides, innermost first, for an if or a "?:"
 * over the datum that governs a write of it: by its name, by the value of an
 * accessor, or by the call that leads to the other side's write.
 */
#ifndef SNAG_JUDGE_TESTED_H
#define SNAG_JUDGE_TESTED_H

#include "judge/scene.h"

/* A test of something, and what follows from it. */
struct test {
	int32_t at;       /* the mention in the condition */
	int32_t from, to; /* what is done when it holds */
	int32_t again;    /* the same tested once more within */
	int32_t lock;     /* a lock taken between the two */
	int32_t write;    /* where it is then written */
	const struct c_unit *write_unit;
	bool is_null, is_far; /* far: written in a function that is called */
	bool is_early;        /* `if (...) return;` comes before what is done */
};

/* The level in whose function the test stands; NULL: there is none. */
const struct level *tested_find(const struct scene *scene, struct test *out);

#endif
