/*
 * err.h - one finished sentence about what went wrong, and the exit codes.
 *
 * A function that can fail takes `struct err *err` last and returns bool: true
 * is done.  On false, err holds one sentence, lower case, no full stop, with
 * the object's name and the system's reason.  It is untouched on success, so
 * calls chain with &&.  A layer above may prefix it, never replace it.
 */
#ifndef SNAG_BASE_ERR_H
#define SNAG_BASE_ERR_H

#include <stdbool.h>

/* The same everywhere: in --help, in docs/formats.md and here. */
enum exit_code {
	EXIT_AS_EXPECTED = 0, /* all as expected                          */
	EXIT_FINDING = 1,     /* unexpected, missed, new or failed        */
	EXIT_USAGE = 2,       /* asked wrongly: usage, a bad file         */
	EXIT_TROUBLE = 3,     /* we or the environment failed, or nothing
				 was tested                               */
	EXIT_INTERRUPTED = 130,
};

struct err {
	enum exit_code code; /* 0 until something failed */
	char text[1024];
};

/* Always false, so that `return err_set(...)` reads well. */
bool err_set(struct err *err, enum exit_code code, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
/* As err_set, and adds ": " and the text of errno. */
bool err_errno(struct err *err, enum exit_code code, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
/* Puts "prefix: " before what is there.  Always false. */
bool err_prefix(struct err *err, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

#endif
