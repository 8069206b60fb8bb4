/*
 * tsan_flags.h - what stands in TSAN_OPTIONS, and how ours go with it.
 *
 * Read and written as sanitizer_flag_parser.cpp does: name=value, parted by
 * white space, ',' or ':', a value that holds such a character between quotes
 * of either kind.  Of two with the same name the later one counts.
 */
#ifndef SNAG_PROGRAM_TSAN_FLAGS_H
#define SNAG_PROGRAM_TSAN_FLAGS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/err.h"

struct tsan_flag {
	const char *name, *value;
};

struct tsan_flags {
	struct arena *arena;
	struct tsan_flag *list;
	size_t count;
};

/* text NULL: none.  Fails on what ThreadSanitizer would refuse to start with,
 * EXIT_USAGE. */
bool tsan_flags_read(struct tsan_flags *flags, struct arena *arena,
		     const char *text, struct err *err);
/* The value that counts; NULL: not given. */
const char *tsan_flags_get(const struct tsan_flags *flags, const char *name);
/* At the end: it wins, except that each include= is read. */
void tsan_flags_add(struct tsan_flags *flags, const char *name,
		    const char *value);
/* In the place of the one of that name. */
void tsan_flags_set(struct tsan_flags *flags, const char *name,
		    const char *value);
/* Only if it is not given. */
void tsan_flags_default(struct tsan_flags *flags, const char *name,
			const char *value);
/* As the variable's value.  A value with quotes of both kinds cannot be
 * written: it loses the single ones. */
char *tsan_flags_text(const struct tsan_flags *flags);

#endif
