/*
 * cause.h - the root causes that findings are given, and what repairs them.
 *
 * Two closed sets.  Names are stable: they stand in scenarios, result files
 * and baselines.  Every text is one or two finished sentences.
 */
#ifndef SNAG_MODEL_CAUSE_H
#define SNAG_MODEL_CAUSE_H

#include <stddef.h>

/* The best practices of free-threaded code; numbers as in snag_practice. */
enum practice {
	PRACTICE_NONE = 0,
	PRACTICE_IMMUTABLE,
	PRACTICE_THREAD_SAFE_COLLECTION,
	PRACTICE_PARTITION,
	PRACTICE_EXECUTOR,
	PRACTICE_MESSAGE_PASSING,
	PRACTICE_LOCKING,
	PRACTICE_ATOMICS,
	PRACTICE_LIFETIME,
	PRACTICE_COUNT,
};

struct practice_info {
	enum practice practice;
	const char *name; /* "message-passing" */
	const char *text;
};

struct cause {
	const char *name;       /* "lost-update" */
	const char *meaning;    /* what is wrong */
	const char *harm;       /* why that is bad */
	const char *repair;     /* what to do */
	enum practice practice; /* that repairs it; PRACTICE_NONE: none does */
	const char *in_python;  /* the same thing in free-threaded CPython */
};

/* PRACTICE_COUNT rows, in the order of the enum; the first is PRACTICE_NONE,
 * named "none". */
extern const struct practice_info practice_table[];

extern const struct cause cause_table[];
extern const size_t cause_count;

/* NULL when there is none of that name. */
const struct cause *cause_by_name(const char *name);
const char *practice_name(enum practice practice);
/* PRACTICE_NONE when there is none of that name. */
enum practice practice_by_name(const char *name);

#endif
