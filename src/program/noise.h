/*
 * noise.h - how noise gets into a program that is built with ThreadSanitizer.
 *
 * A library, libsnag-noise.so, is preloaded (LD_PRELOAD) and makes noise when
 * the environment says SNAG_NOISE=light or heavy; SNAG_NOISE_SEED=N repeats
 * it.  It has to come behind ThreadSanitizer: nothing is needed for that where
 * the program holds ThreadSanitizer itself (clang), and where that is a shared
 * library (gcc), it has to be preloaded too, in front.  Should ThreadSanitizer
 * not be in front, the library makes no noise.  The variable is for the program
itself: one that is not built with ThreadSanitizer, such as env or a shell,
crashes with that preloaded.  The program's own children are spared.
 *
 * New strings are the caller's, to free().
 */
#ifndef SNAG_PROGRAM_NOISE_H
#define SNAG_PROGRAM_NOISE_H

#include <stdbool.h>

#include "base/err.h"

/* The library's path: beside this program, or in ../lib/snag from there.
 * Errors are EXIT_TROUBLE. */
bool noise_find(char **library, struct err *err);
/* As noise_find, from that folder. */
bool noise_find_from(char **library, const char *folder, struct err *err);

/* The path of the ThreadSanitizer that the program loads as a shared library;
 * NULL: none, so that its ThreadSanitizer is in itself, or it has none.  The
 * program is not run.  Errors: see loader.h. */
bool noise_libtsan(char **libtsan, const char *program, struct err *err);

/*
 * The value for LD_PRELOAD; libtsan may be NULL, and so may what the user has
 * set.  NULL with EXIT_TROUBLE: one of our paths has a character that
 * LD_PRELOAD does not allow in a path.
 */
char *noise_preload(const char *library, const char *libtsan, const char *users,
		    struct err *err);

/*
 * Has this ThreadSanitizer delays of its own (TSAN_OPTIONS,
 * enable_adaptive_delay=1; LLVM 23)?  The file is the program, or what
 * noise_libtsan() found.  Its data is searched for the option's name; nothing
 * is run.  Whatever cannot be read has none.
 */
bool noise_has_adaptive_delay(const char *file);

#endif
