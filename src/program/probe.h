/*
 * probe.h - what kind of file is it that somebody wants to run?
 *
 * Looks at the file alone, before anything is started.  What it says of
 * instrumentation is of that file: a script, or a program without it, may
 * start others that have it.
 */
#ifndef SNAG_PROGRAM_PROBE_H
#define SNAG_PROGRAM_PROBE_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/err.h"

enum instrumentation {
	INSTRUMENTATION_NONE = 0, /* also: not known                        */
	INSTRUMENTATION_STATIC,   /* clang's: the runtime is in the program */
	INSTRUMENTATION_SHARED,   /* gcc's, or clang's with -shared-libsan  */
};

struct probe {
	const char *path; /* resolved through PATH, as the shell would      */
	bool is_script;
	enum instrumentation instrumentation;
	const char *other; /* "AddressSanitizer" and kin; NULL: none        */
	/* Compiled into it by its author (__tsan_default_suppressions). */
	bool has_suppressions;
};

/* false: it cannot be run at all, or Snag must not; EXIT_USAGE. */
bool probe_program(const char *name, struct arena *arena, struct probe *probe,
		   struct err *err);

#endif
