/*
 * own_frame.h - which frame of a stack is the project's own code?
 *
 * Everything else is plumbing: ThreadSanitizer's runtime and interceptors, libc
 * and the C++ library, what starts threads, and our own harness around a
 * scenario.  Decided by function, file and module alone, without looking at
 * the disk; a project can say more by globs.
 */
#ifndef SNAG_JUDGE_OWN_FRAME_H
#define SNAG_JUDGE_OWN_FRAME_H

#include <stdbool.h>
#include <stddef.h>

#include "model/report.h"

enum frame_role {
	FRAME_OWN = 1,  /* the project's                                     */
	FRAME_RUNTIME,  /* ThreadSanitizer's, not standing for a call        */
	FRAME_LIBRARY,  /* a function of libc, pthreads or the C++ library   */
	FRAME_START,    /* what starts a thread or the program               */
	FRAME_HARNESS,  /* Snag's own, in a scenario host                    */
	FRAME_UNNAMED,  /* not symbolised                                    */
	FRAME_PLUMBING, /* the project says that it is nobody's mistake      */
};

/*
 * What a project calls its own, and what only plumbing, for all that is judged
 * from here on.  Borrowed for the life of the process; to be set once, before
 * the first report is read.  A glob (base/glob.h) is held against a frame's
 * function, against its file and its module, each whole or behind any '/'.
 *
 * Own goes before plumbing, and both before our own judgement of libraries and
 * of headers of atomic operations.  What is ThreadSanitizer's runtime, an
 * interceptor, a thread's start or our harness stays so.  A plumbing frame is
 * passed over as a library's is, but stands for no call.
 *
 * Fingerprints rest on the first own frame: other globs, other fingerprints.
 */
void own_frame_configure(const char *const *own, size_t own_count,
			 const char *const *plumbing, size_t plumbing_count);

enum frame_role own_frame_role(const struct frame *frame);
/* The innermost own frame.  When there is none: the innermost that has a name
 * and is not the runtime's, else the innermost at all; NULL for no frames. */
const struct frame *own_frame_first(const struct stack *stack);
/* The index of what own_frame_first gives; stack->count for no frames. */
size_t own_frame_index(const struct stack *stack);
/* Is there an own frame at all? */
bool own_frame_exists(const struct stack *stack);
/* The library function that the first own frame called and in which the
 * access was made, by its plain name ("memcpy", "free"); NULL when the own
 * code made the access itself. */
const char *own_frame_callee(const struct stack *stack);
/* Was the access made by a call from within a library's shared object, and not
 * by the own code's call itself?  By one that may have locks of its own. */
bool own_frame_within_library(const struct stack *stack);
/* Of waiting threads: those that are in the program, not those of the harness
 * and of ThreadSanitizer.  Where none is, all stay. */
void own_frame_keep_sides(struct report *report);
/* A frame's function without the interceptor's prefix; NULL: not known. */
const char *own_frame_plain_name(const char *function);

#endif
