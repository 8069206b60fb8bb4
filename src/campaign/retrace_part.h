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
};

/* An address that was accessed; of memory, eight bytes. */
struct retrace_object {
	uint64_t address; /* plus one; 0: the slot is free */
	const char *name;
	uint32_t thread; /* that touched it, plus one; SHARED: several did */
	uint16_t holder; /* of a lock, plus one */
	uint8_t depth;   /* how often it holds it */
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
	struct retrace_object *objects, *locks;
	size_t mask;
	/* Blocks of memory that values point to: A, B, ... */
	uint64_t labels[RETRACE_LABELS];
	size_t label_count;
};

/* retrace_place.c */
const struct retrace_place *retrace_place(struct retrace *t,
					  const struct snag_trace_event *e);
/* retrace_name.c: of what the event is about; NULL: nothing. */
const char *retrace_name(struct retrace *t, const struct snag_trace_event *e);
const char *retrace_value(struct retrace *t, const struct snag_trace_event *e);
void retrace_find_labels(struct retrace *t);
struct retrace_object *retrace_object(struct retrace *t,
				      struct retrace_object *table,
				      uint64_t address);

/* retrace_sense.c: who holds what, why threads give way, and what
 * ThreadSanitizer said. */
void retrace_locks(struct retrace *t, struct trace *trace);
void retrace_leaves(struct trace *trace);
void retrace_notes(struct retrace *t, struct trace *trace);

static inline bool retrace_is_memory(const struct snag_trace_event *e)
{
	return e->kind && e->kind <= SNAG_EVENT_LAST_MEMORY;
}

#endif
