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

/* An address in the function where this stands. */
static inline __attribute__((always_inline)) void *call_here(void)
{
	void *here;

#if defined(__x86_64__)
	__asm__("leaq 0(%%rip), %0" : "=r"(here));
#elif defined(__aarch64__)
	__asm__("adr %0, ." : "=r"(here));
#endif
	return here;
}

/* Around what virtual_<name> tells ThreadSanitizer: in its stacks stands the
 * program's call, and then our function, which the tool shows as the call of
 * <name> that it is without us. */
#define ENTER()                                 \
	do {                                    \
		__tsan_func_entry(CALLER);      \
		__tsan_func_entry(call_here()); \
	} while (0)
#define LEAVE()                     \
	do {                        \
		__tsan_func_exit(); \
		__tsan_func_exit(); \
	} while (0)

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
