/*
 * trace.h - all events of one iteration, with the names a reader knows.
 *
 * In the order in which they happened.  Plain data, owned by whoever made it;
 * all text is clean.
 */
#ifndef SNAG_MODEL_TRACE_H
#define SNAG_MODEL_TRACE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum trace_kind {
	TRACE_READ = 0,
	TRACE_WRITE,
	TRACE_UPDATE, /* reads and writes at once */
	TRACE_FREE,
	TRACE_LOCK,
	TRACE_TRYLOCK,
	TRACE_UNLOCK,
	TRACE_WAIT,   /* on a condition: gives the mutex away */
	TRACE_SIGNAL, /* one or all who wait there */
	TRACE_CREATE,
	TRACE_BEGIN,
	TRACE_JOIN,
	TRACE_END,
	TRACE_YIELD,
	TRACE_SLEEP,
	TRACE_OTHER,
};

/* Why another thread is next. */
enum trace_leave {
	TRACE_STAYS = 0,
	TRACE_PREEMPTED, /* it could have gone on */
	TRACE_BLOCKED,   /* it waits for what it asked for */
	TRACE_WAITS,     /* it yielded or slept */
	TRACE_ENDED,
};

struct trace_event {
	uint16_t thread;
	enum trace_kind kind;
	const char *verb;     /* "lock", "signal", ...; NULL: an access */
	const char *file;     /* as a reader knows it; NULL: unknown */
	const char *function; /* that the place is in */
	unsigned line;
	const char *object; /* name of what is accessed; NULL: nothing is */
	const char *source; /* the line, without its margin; NULL: unknown */
	const char *value;  /* after it, in words; NULL: not known */
	const char
		*before; /* what it overwrites of another thread's, or NULL */
	uint64_t address;
	uint32_t size;
	uint64_t number; /* of the step, from 1; 0: it took none */
	bool is_atomic;
	bool is_choice;     /* others could have run */
	bool is_blocked;    /* it did not get what it asked for */
	bool is_private;    /* only this thread ever touches that memory */
	const char *holder; /* of what it waits for; NULL: nobody */
	enum trace_leave leave;
	/* The verdict of ThreadSanitizer on it: an index into notes, from 1; 0:
	 * none. is_first: the older of the two accesses. */
	unsigned note;
	bool is_first;
	bool is_deciding; /* one of the two whose order decides */
};

struct trace_thread {
	const char *name; /* "counter" */
	uint16_t number;
	uint64_t events;
	const char *held; /* at the end: names of locks; NULL: none */
	/* Where it stands, when nobody could go on. */
	bool is_stuck;
	const char *waits_for, *holder; /* NULL: unknown, nobody */
	const char *file;
	unsigned line;
};

struct trace {
	struct trace_event *events;
	size_t event_count;
	uint64_t left_out; /* events for which there was no room */
	struct trace_thread *threads;
	size_t thread_count;
	const char **notes; /* verdicts, one sentence each */
	size_t note_count;
};

#endif
