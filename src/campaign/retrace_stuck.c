/* Where threads stand when nobody can go on. */
#include "campaign/retrace_part.h"

static void set_place(struct retrace *t, const struct snag_stuck *s,
		      struct trace_thread *thread)
{
	unsigned n = s->frame_count < SNAG_STUCK_FRAMES ? s->frame_count
							: SNAG_STUCK_FRAMES;

	/* The innermost that is the program's own. */
	for (unsigned i = 0; i < n && !thread->file; i++) {
		/* These are the addresses of calls: of a return, one more. */
		const struct snag_trace_event e = {.pc = s->frames[i] + 1,
						   .kind = SNAG_EVENT_OTHER};
		const struct retrace_place *p = retrace_place(t, &e);

		thread->file = p->file;
		thread->line = p->line;
	}
}

static const char *name_of(struct retrace *t, uint64_t address)
{
	return address ? retrace_object(t, t->objects, address)->name : NULL;
}

void retrace_stuck(struct retrace *t, struct trace *trace)
{
	const struct snag_explore *x = rerun_worker(t->rerun)->explore;
	uint32_t n = x->stuck_count < SNAG_STUCK_THREADS ? x->stuck_count
							 : SNAG_STUCK_THREADS;

	for (uint32_t i = 0; i < n; i++) {
		const struct snag_stuck s = x->stuck[i];

		for (size_t j = 0; j < trace->thread_count; j++) {
			struct trace_thread *thread = &trace->threads[j];

			if (thread->number != s.thread)
				continue;
			thread->is_stuck = true;
			if (s.event > SNAG_EVENT_LAST_MEMORY)
				thread->waits_for = name_of(t, s.address);
			if (s.holder >= 0)
				thread->holder =
					arena_printf(t->arena, "T%d", s.holder);
			set_place(t, &s, thread);
		}
	}
}
