/*
 * stacks.h - where every thread of a hung process is, seen from outside.
 *
 * All threads are stopped (ptrace, by interruption: no signal is sent), their
 * stacks walked by the unwind tables of their modules, and let go on; a system
 * call they slept in is taken up again by itself.  The process may be of any
 * layout; its files are looked up by the paths in its memory map.
 *
 * Bounds: STACKS_THREADS_MAX threads (the rest is left out), STACKS_FRAMES_MAX
 * frames each before inlined ones are added (is_lost when there were more, or
 * when a stack could not be walked), STACKS_TIME_MS in all before symbols.  A
 * thread in state D, which cannot stop, is listed with an empty, lost stack.
 */
#ifndef SNAG_READ_STACKS_H
#define SNAG_READ_STACKS_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "base/arena.h"
#include "base/err.h"
#include "model/report.h"
#include "read/symbols.h"

enum {
	STACKS_THREADS_MAX = 256,
	STACKS_FRAMES_MAX = 64,
	STACKS_TIME_MS = 2000,
};

struct thread_stack {
	pid_t tid;
	const char *name;     /* of the thread, cleaned                     */
	char state;           /* as in /proc: 'S', 'R', 'D', 'T', ...       */
	const char *waits_on; /* "futex", "nanosleep", "read"; NULL: runs,
				 or in a call that does not wait            */
	struct stack stack;
};

/*
 * The threads in the order of their ids, the first one first.  Everything is
 * the arena's.  symbols NULL leaves frames with module and offset only.
 * Fails, with a sentence that says what to allow, when the process may not be
 * traced, and when it is gone or is the caller itself.
 */
bool stacks_dump(pid_t pid, struct symbols *symbols, struct arena *arena,
		 struct thread_stack **threads, size_t *count, struct err *err);

/* As sides of a report, OP_WAIT; what they point to is shared. */
void stacks_as_sides(struct arena *arena, struct report *report,
		     const struct thread_stack *threads, size_t count);

#endif
