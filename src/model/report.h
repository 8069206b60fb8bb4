/*
 * report.h - one report, as ThreadSanitizer printed it, in parts.
 *
 * What the parser makes of text, and all that the classifier sees besides
 * source lines and outcomes.  Everything is owned by the arena it was made
 * in; strings are valid UTF-8 without control bytes (text.h), NULL where the
 * text did not say.  Ids (threads, mutexes) mean something only within their
 * report: they differ from run to run and must never be hashed.
 */
#ifndef SNAG_MODEL_REPORT_H
#define SNAG_MODEL_REPORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/kind.h"

struct arena;

/* What one side did. */
enum op {
	OP_UNKNOWN = 0,
	OP_READ,
	OP_WRITE, /* also what free does, to the block's every byte       */
	OP_LOCK,  /* lock-order-inversion: one edge of the cycle          */
	OP_CALL,  /* any other kind: where it happened                    */
	OP_WAIT,  /* deadlock, hang: where a thread was when it was ended */
};

struct frame {
	const char *function;  /* NULL: not symbolised                     */
	const char *file;      /* as printed; relative once in a result    */
	const char *module;    /* path or base name of the object          */
	uint64_t pc;           /* 0: unknown                                */
	uint64_t offset;       /* in the module; of the call itself, not of
				  the return address                        */
	unsigned line, column; /* 0: unknown                               */
	bool has_offset;
	bool is_inlined; /* inlined into the next frame                    */
};

struct stack {
	struct frame *frames; /* innermost first                           */
	size_t count;
	bool is_lost; /* "[failed to restore the stack]", or cut off       */
};

/* A mutex as an access or an edge names it. */
struct mutex_ref {
	const char *id; /* "M0"                                            */
	bool is_read;   /* held for reading only                           */
};

/* One side: an access to memory, an edge of a lock cycle, a call, a wait. */
struct access {
	enum op op;
	bool is_atomic;
	bool is_previous;   /* the older side                              */
	bool is_free;       /* the innermost frames are those of free() and
			       kin; set by the parser after symbols are in */
	const char *object; /* external races: the type of the object      */
	uint64_t size_bytes, address;
	const char *thread; /* "T1", "main"                                */
	struct mutex_ref *mutexes; /* held at the access                   */
	size_t mutex_count;
	struct stack stack;
	/* OP_LOCK: took `acquired` while holding `holding`. */
	const char *acquired, *holding;
	struct stack held_stack; /* where `holding` was taken, when printed*/
	/* OP_WAIT: "lock 'a', held by T2"; NULL: not known. */
	const char *waits_for;
};

enum location_type {
	LOCATION_NONE = 0,
	LOCATION_GLOBAL,
	LOCATION_HEAP,
	LOCATION_STACK, /* of a thread */
	LOCATION_TLS,
	LOCATION_FD,
	LOCATION_OBJECT, /* external object of a named type */
};

struct location {
	enum location_type type;
	const char *name;   /* of the global, or the object's type         */
	const char *module; /* of the global                               */
	const char *file;   /* where the global is declared, if known      */
	unsigned line;
	const char *thread; /* allocated, created or owned by              */
	uint64_t size_bytes, address;
	uint64_t offset; /* of the datum in the module of a global; names it
			    where the text did not. 0: unknown         */
	int fd;
	bool fd_is_closed;
	struct stack stack; /* of the allocation or creation               */
};

struct thread_info {
	const char *id; /* "T1" */
	const char *name;
	uint64_t os_id;
	bool is_finished, is_running; /* neither: not said                 */
	const char *parent;
	struct stack created;
	unsigned more_leaks; /* "And N more similar thread leaks."         */
};

struct mutex_info {
	const char *id;
	uint64_t address;
	bool is_destroyed;
	struct stack created;
};

struct report {
	enum kind kind;
	const char *kind_text; /* as printed, for kinds unknown to us      */
	uint64_t pid;
	struct access *accesses; /* for races, the newer side first        */
	size_t access_count;
	struct location *locations;
	size_t location_count;
	struct mutex_info *mutexes;
	size_t mutex_count;
	struct thread_info *threads;
	size_t thread_count;
	struct stack sleep;  /* "As if synchronized via sleep"              */
	const char *summary; /* the SUMMARY line after the kind             */
	int signal;          /* DEADLY_SIGNAL, signal errno: 0 unknown      */
	bool is_incomplete;  /* a part that must be there is missing        */
	const char *missing; /* which, in words                             */
	/* Where it stood. */
	uint64_t begin_byte, end_byte; /* in its source                    */
	uint64_t first_line;           /* in its source, from 1             */
	/* Set for reports of our own hosts, by the marker before them. */
	bool has_signature;
	uint64_t signature;
	/* Of explore: which of two that say as much is kept, the lower one.
	 * 0: whichever comes first. */
	uint64_t rank;
};

/* The side that is newer, and the other; NULL when there is none. */
const struct access *report_side(const struct report *report, size_t side);
const struct thread_info *report_thread(const struct report *report,
					const char *id);
const struct mutex_info *report_mutex(const struct report *report,
				      const char *id);
/* "@abort" or "@crash": what a report of KIND_DEADLY_SIGNAL comes to. */
const char *report_deadly_outcome(const struct report *report);
const char *op_name(enum op op);
/* A copy that shares nothing with the report (report_copy.c). */
struct report *report_copy(struct arena *arena, const struct report *report);

#endif
