/*
 * quiet.h - included before everything else in each file of the harness.
 *
 * A compiler calls memcpy and its kin where it likes, and ThreadSanitizer would
 * take our copies for the program's: here they are the runtime's own, which it
 * does not look at.
 */
#ifndef SNAG_HARNESS_QUIET_H
#define SNAG_HARNESS_QUIET_H

/* A header is a translation unit too. */
typedef int snag_quiet;

__asm__(".set memcpy, __sanitizer_internal_memcpy\n\t"
	".set memmove, __sanitizer_internal_memmove\n\t"
	".set memset, __sanitizer_internal_memset");

#endif
