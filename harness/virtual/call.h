/*
 * call.h - for the definitions of the program's calls in harness/virtual.
 *
 * points.S jumps to virtual_<name> while an iteration is explored, so that the
 * return address here is the program's own.
 */
#ifndef SNAG_VIRTUAL_CALL_H
#define SNAG_VIRTUAL_CALL_H

#include "explore/world.h"
#include "virtual/object.h"

/* Where the program called from. */
#define CALLER __builtin_return_address(0)

/* Flags of __tsan_mutex_*, as sanitizer/tsan_interface.h has them. */
enum {
	TSAN_READ_LOCK = 1 << 3,
	TSAN_TRY_LOCK = 1 << 4,
	TSAN_TRY_LOCK_FAILED = 1 << 5,
	TSAN_WRITE_REENTRANT = 1 << 1,
};

void __tsan_mutex_pre_lock(void *address, unsigned flags);
void __tsan_mutex_post_lock(void *address, unsigned flags, int recursion);
int __tsan_mutex_pre_unlock(void *address, unsigned flags);
void __tsan_mutex_post_unlock(void *address, unsigned flags);

/* calls.c: libc's function of that name, beneath ThreadSanitizer's; never
 * NULL. */
void *snag_libc(const char *name);

/* mutex.c, for conditions: without the call's frame. */
void mutex_take(void *mutex, void *pc, uint64_t deadline_ns);
void mutex_give(void *mutex);

#endif
