#include "explore/walk.h"

#include "explore/stack.h"
#include "explore/world.h"

extern void *__libc_stack_end; /* of the process's first thread */

static bool is_inside(const struct vthread *t, const uint64_t *frame)
{
	const char *at = (const char *)frame;

	if ((uintptr_t)at % 8 || !at)
		return false;
	if (!t->stack) /* main: only upwards, see below */
		return at < (const char *)__libc_stack_end;
	return at >= t->stack->low && at < t->stack->high - 16;
}

unsigned walk_frames(const struct vthread *thread, const uint64_t *frame,
		     uint64_t *out, unsigned max)
{
	unsigned n = 0;

	while (n < max && is_inside(thread, frame)) {
		const uint64_t *next = (const uint64_t *)frame[0];

		if (!frame[1])
			break;
		out[n++] = frame[1] - 1;
		if (next <= frame)
			break;
		frame = next;
	}
	return n;
}
