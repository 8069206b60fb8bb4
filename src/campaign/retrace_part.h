/* retrace_part.h - what the files that name a trace share. */
#ifndef SNAG_CAMPAIGN_RETRACE_PART_H
#define SNAG_CAMPAIGN_RETRACE_PART_H

#include "campaign/rerun_part.h"
#include "read/process_map.h"

/* A place in the code that events happened at. */
struct retrace_place {
	uint64_t pc; /* 0: the slot is free */
	const char *file, *function;
	unsigned line, column;
	const char *source; /* the line; NULL: unknown */
	size_t source_len;
	/* What it accesses, by the source: of a read, and of anything else. */
	const char *accessed[2];
	bool is_named[2];
};

/* An address that was accessed; of memory, eight bytes. */
struct retrace_object {
	uint64_t address;   /* plus one; 0: the slot is free */
	const char *name;   /* in the end */
	const char *source; /* by the source, where it was first accessed */
	bool is_many;       /* ... and otherwise elsewhere */
	uint32_t thread;    /* that touched it, plus one; SHARED: several did */
	/* Its last value, and whose access that was. */
	const char *value;
	uint32_t last;
};

enum { RETRACE_LABELS = 26 };

#define RETRACE_SHARED UINT32_MAX

struct retrace {
	struct rerun *rerun;
	struct arena *arena;
	struct process_map map;
	const struct snag_trace_event *events;
	size_t count;
	struct retrace_place *places; /* hash tables of 2^n slots */
	struct retrace_object *objects, *granules;
	size_t mask;
	struct retrace_place **met; /* those places that are */
	size_t met_count;
	/* Blocks of memory that values point to: A, B, ... */
	uint64_t labels[RETRACE_LABELS];
	size_t label_count;
};

/* retrace_place.c */
struct retrace_place *retrace_place(struct retrace *t,
				    const struct snag_trace_event *e);
/* retrace_name.c: names for all objects of the trace, once places are known;
 * one an address. */
void retrace_names(struct retrace *t);
/* retrace_value.c: the value in words; NULL: not known. */
const char *retrace_value(struct retrace *t, const struct snag_trace_event *e);
void retrace_find_labels(struct retrace *t);
/* The block that the address is in; -1: none. */
int retrace_label(const struct retrace *t, uint64_t address);
/* The global at the address; NULL: none. */
const char *retrace_symbol(struct retrace *t, uint64_t address);
struct retrace_object *retrace_object(struct retrace *t,
				      struct retrace_object *table,
				      uint64_t address);

/* retrace_stuck.c */
void retrace_stuck(struct retrace *t, struct trace *trace);
/* retrace_sense.c: who holds what, why threads give way, and what
 * ThreadSanitizer said. */
void retrace_locks(struct retrace *t, struct trace *trace);
void retrace_leaves(struct trace *trace);
void retrace_notes(struct retrace *t, struct trace *trace);

static inline bool retrace_has_object(const struct snag_trace_event *e)
{
	return e->kind <= SNAG_EVENT_ONCE && e->address;
}

static inline bool retrace_is_memory(const struct snag_trace_event *e)
{
	return e->kind && e->kind <= SNAG_EVENT_LAST_MEMORY;
}

#endif
