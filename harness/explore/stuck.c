/*
 * Where the threads of an iteration stand that cannot go on: the chain of
 * frame pointers of each, from the registers that it was switched away with.
 */
#include "explore/engine.h"
#include "explore/walk.h"
#include "explore/world_part.h"
#include "virtual/object.h"

#if defined(__x86_64__)
enum { SAVED_FRAME = 6 }; /* rbp, as snag_switch() leaves it */
#else
enum { SAVED_FRAME = 10 }; /* x29 */
#endif

static void walk(const struct vthread *t, struct snag_stuck *out)
{
	const uint64_t *frame =
		t == world.current
			? __builtin_frame_address(0)
			: (const uint64_t *)((const uint64_t *)
						     t->sp)[SAVED_FRAME];

	out->frame_count =
		(uint16_t)walk_frames(t, frame, out->frames, SNAG_STUCK_FRAMES);
}

void stuck_dump(void)
{
	struct snag_explore *x = explore_shared;

	x->stuck_count = 0;
	for (unsigned i = 0; i < world.thread_count; i++) {
		const struct vthread *t = world_thread(i);
		const struct event *e = world_pending(t);
		struct snag_stuck *out = &x->stuck[x->stuck_count];

		if (t->state == V_ENDED)
			continue;
		if (x->stuck_count == SNAG_STUCK_THREADS) {
			x->stuck_left_out++;
			continue;
		}
		*out = (struct snag_stuck){.thread = t->number,
					   .holder = -1,
					   .event = e->kind,
					   .address = e->address};
		memcpy(out->name, t->name, sizeof(out->name));
		if (t->state == V_BLOCKED && t->object)
			out->holder = object_holder(t->object);
		walk(t, out);
		x->stuck_count++;
	}
}
