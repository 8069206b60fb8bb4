/*
 * kind.h - what ThreadSanitizer, or the harness, calls what it saw.
 *
 * The closed set of kinds: sixteen of ThreadSanitizer's reports, its own
 * failures, and what a harness sees besides.  Names are stable: they stand in
 * result files, baselines and fingerprints.
 */
#ifndef SNAG_MODEL_KIND_H
#define SNAG_MODEL_KIND_H

#include <stdbool.h>
#include <stddef.h>

enum kind {
	KIND_UNKNOWN = 0, /* a report of a kind this version does not know */
	/* As ThreadSanitizer reports them; numbers as in snag_kind. */
	KIND_DATA_RACE = 1,
	KIND_VPTR_RACE,
	KIND_USE_AFTER_FREE,
	KIND_VPTR_USE_AFTER_FREE,
	KIND_EXTERNAL_RACE,
	KIND_THREAD_LEAK,
	KIND_MUTEX_DESTROY_LOCKED,
	KIND_MUTEX_DOUBLE_LOCK,
	KIND_MUTEX_INVALID,
	KIND_MUTEX_BAD_UNLOCK,
	KIND_RWLOCK_BAD_LOCK,
	KIND_RWLOCK_BAD_UNLOCK,
	KIND_SIGNAL_UNSAFE,
	KIND_SIGNAL_ERRNO,
	KIND_LOCK_INVERSION,
	KIND_MUTEX_WRONG_CONTEXT,
	/* ThreadSanitizer itself, or the program under it, failed. */
	KIND_TSAN_FATAL,    /* FATAL, CHECK failed, out of memory ...   */
	KIND_DEADLY_SIGNAL, /* DEADLYSIGNAL: SEGV and the like          */
	/* What the harness saw; their outcomes are "@deadlock" and so on. */
	KIND_DEADLOCK,
	KIND_HANG,
	KIND_CRASH,
	KIND_ABORT,
	KIND_EXIT,
	KIND_OUTCOME_THREAD_LEAK,
	KIND_LIVELOCK,
	KIND_FREED_USE,
	KIND_DOUBLE_FREE,
	KIND_INVALID_FREE,
	KIND_OUT_OF_BOUNDS, /* of a heap block */
	KIND_WRONG_OUTCOME, /* an outcome by check(), without any report */
	KIND_COUNT,
};

struct kind_info {
	enum kind kind;
	const char *name;        /* short and stable: "data race"            */
	const char *text;        /* how ThreadSanitizer's line begins, or
				    NULL; a longer text stands before a
				    shorter one that it begins with          */
	const char *suppression; /* "race", "mutex", ...; NULL: none         */
	const char *outcome;     /* "@deadlock", ... of the harness; or NULL */
};

/* Every kind, in the order of the enum; KIND_COUNT rows. */
extern const struct kind_info kind_table[];

const char *kind_name(enum kind kind);
/* By stable name; KIND_UNKNOWN when there is none of that name. */
enum kind kind_by_name(const char *name);
/* By the text that follows "ThreadSanitizer: " in a report's first line (len
 * bytes, may go on); KIND_UNKNOWN when no kind's text begins it. */
enum kind kind_by_text(const char *text, size_t len);
/* By the harness's outcome ("@deadlock"); KIND_UNKNOWN for check's own. */
enum kind kind_by_outcome(const char *outcome);
/* A race on memory: data race, use after free, and their variants. */
bool kind_is_race(enum kind kind);

#endif
