/*
 * place.h - which line of which side should a reader look at first?
 *
 * For sentences and tables: the innermost frame of a side that is the tested
 * program's own.  A guess for people, never hashed.
 */
#ifndef SNAG_MODEL_PLACE_H
#define SNAG_MODEL_PLACE_H

#include "model/result.h"

/* The frame that the side's excerpt shows, else the innermost one with a file
 * of the program's own, else the innermost with a name; NULL: none at all. */
const struct frame *place_of_side(const struct finding *finding, size_t side);
/* The same for a stack that has no excerpt, such as an allocation's. */
const struct frame *place_of_stack(const struct stack *stack);
/* Does it look like the tested program's own?  False for NULL. */
bool place_is_own(const struct frame *frame);
/* The function's bare name: without arguments and without what compilers
 * append to clones (".part.0"); NULL for NULL. */
char *place_function(struct arena *arena, const char *function);
/* "bump_unlocked (counter.c:31)", as much of it as is known. */
const char *place_text(struct arena *arena, const struct frame *frame);
/* "data race between f (a.c:1) and g (a.c:9)", "data race of f (a.c:1) with
 * itself", "deadlock in f (a.c:7)" */
const char *place_finding(struct arena *arena, const struct finding *finding);

#endif
