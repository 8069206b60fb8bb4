/*
 * libc_names.h - names of libc and pthreads that a stack may show.
 *
 * Only what ThreadSanitizer intercepts or links in: in a clang build these
 * stand in the program's own module, so that the module does not tell them
 * apart.
 */
#ifndef SNAG_JUDGE_LIBC_NAMES_H
#define SNAG_JUDGE_LIBC_NAMES_H

#include <stdbool.h>

/* A plain name, without an interceptor's prefix. */
bool libc_has(const char *name);
/* Gives memory back: free, operator delete, munmap. */
bool libc_frees(const char *name);
/* Gives a block, moves it, or both. */
bool libc_allocates(const char *name);
bool libc_reallocates(const char *name);
/* Keeps state or its result in static memory, or changes the process's
 * environment or locale. */
bool libc_is_not_reentrant(const char *name);
/* Takes, or gives back, a mutex, spin lock or readers-writer lock; semaphores
 * count too. */
bool libc_locks(const char *name);
bool libc_unlocks(const char *name);
/* Waits on a condition variable, semaphore or barrier. */
bool libc_waits(const char *name);
bool libc_joins(const char *name);
bool libc_sleeps(const char *name);
/* Works on a file descriptor. */
bool libc_uses_fd(const char *name);
/* Writes many bytes, or only reads them, at the caller's address. */
bool libc_fills(const char *name);
bool libc_reads_bytes(const char *name);

#endif
