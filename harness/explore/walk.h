/*
 * walk.h - a stack by its chain of frame pointers, which code built for a host
 * keeps.
 */
#ifndef SNAG_EXPLORE_WALK_H
#define SNAG_EXPLORE_WALK_H

#include <stdint.h>

struct vthread;

/*
 * From a frame (the saved frame pointer, and above it where to return to) that
 * lies on the thread's stack: the addresses of the calls, less one, innermost
 * first.  Returns how many, at most max; nothing off that stack is read.
 */
unsigned walk_frames(const struct vthread *thread, const uint64_t *frame,
		     uint64_t *out, unsigned max);

#endif
