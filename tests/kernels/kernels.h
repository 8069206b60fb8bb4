/*
 * kernels.h - what the kernels share.
 *
 * A kernel is a program whose outcome shows its bug, and whose bug needs a
 * certain order of events.  Only a controlled schedule can be relied upon to
 * find it: so that is the engine for which it is required.
 *
 * The tag "exhaustible" means two threads of at most eight events each, so that
 * every order can be tried, by a search that leaves none out too.  Preemptions
 * must not be bounded for all of them: steps_4 needs more than two.
 */
#ifndef KERNELS_H
#define KERNELS_H

#include <snag/scenario.h>

#include <stdatomic.h>

/* Of outcomes, for .outcomes: the bug, and all that is not. */
#define KERNEL_BUG(when_, cause_, why_) \
	{.when = (when_),               \
	 .grade = SNAG_REQUIRED,        \
	 .why = (why_),                 \
	 .cause = (cause_),             \
	 .engines = SNAG_EXPLORE}
#define KERNEL_FINE(when_, why_) \
	{.when = (when_), .grade = SNAG_ALLOWED, .why = (why_)}
#define KERNEL_ALWAYS(when_, why_) \
	{.when = (when_), .grade = SNAG_REQUIRED, .why = (why_)}

/* Atomic, and with no order that would hide a mistake elsewhere. */
static inline int kernel_load(const atomic_int *from)
{
	return atomic_load_explicit(from, memory_order_relaxed);
}

static inline void kernel_store(atomic_int *to, int value)
{
	atomic_store_explicit(to, value, memory_order_relaxed);
}

#endif
