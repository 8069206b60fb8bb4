/*
 * collect_part.h - what the files that collect a batch share.
 *
 * collect.c          counts: progress, events, outcomes, growth
 * collect_text.c     the text of reports
 * collect_end.c      how the batch ended, and what that means
 * collect_explore.c  what an exploring batch says besides
 * collect_stuck.c    where its threads stand that cannot go on
 * collect_fault.c    memory that its last iteration did not have
 * collect_frames.c   addresses into frames
 * collect_stacks.c   where the threads of a batch that will not go on are
 *
 * Not for use outside of these.
 */
#ifndef SNAG_CAMPAIGN_COLLECT_PART_H
#define SNAG_CAMPAIGN_COLLECT_PART_H

#include "campaign/collect.h"
#include "campaign/finding.h"
#include "read/process_map.h"

/* What the text of one batch came to. */
struct collector {
	struct campaign *campaign;
	struct worker *worker;
	struct cell *cell;
	uint64_t took_ms;
	bool has_news;
	bool is_spoilt;    /* the table was overwritten, and is reset now */
	bool is_cut;       /* an event of an iteration that did not end */
	const char *fatal; /* ThreadSanitizer's own failure, in its words */
	size_t deadly;     /* finding of a crash, plus one */
	const char *deadly_outcome;
	size_t stuck; /* finding of an iteration that could not go on, plus 1 */
	const char *stuck_outcome;
};

/* collect.c: counts an outcome of the cell's run, first seen in that
 * iteration; true when the run had not shown it. */
bool collect_outcome(struct collector *r, const char *name, uint64_t count,
		     uint64_t iteration);
/* By cell and iteration: of explore, the first sight speaks for all that are
 * like it, whichever host was faster. */
uint64_t collect_rank(const struct collector *r, uint64_t iteration);
/* collect_text.c: reports into findings, and their numbers. */
void collect_text(struct collector *r);
/* Frames of the harness around the program's own go. */
void collect_strip(struct report *report);
/* Of explore's: what stands within a call of the program's is ours, and the
 * call's name alone is left of it, as if libc had answered. */
void collect_show_call(struct stack *stack);
/* collect_stuck.c: of the batch's last iteration, if it says so. */
void collect_stuck(struct collector *r);
/* collect_explore.c: so many iterations of the batch came to an end. */
void collect_explore(struct collector *r, uint64_t ran);
/* collect_end.c */
void collect_end(struct collector *r, bool is_lost);

/* Of the process that the addresses come from. */
struct addresses {
	struct symbols *symbols;
	struct arena *arena; /* of all that is made of them */
	struct process_map map;
};

/* collect_frames.c: of a stack that the harness walked, without what stands
 * within the harness. */
void collect_frames(const struct addresses *a, const uint64_t *frames,
		    size_t count, struct stack *stack);
/* "main", "T2" */
const char *collect_thread_id(struct arena *arena, unsigned thread);
/* Of a name that the harness left. */
const char *collect_name(struct arena *arena, const char *name, size_t room);
/* collect_fault.c: a report of the fault; false: there was none. */
bool collect_fault(const struct snag_fault *fault, const struct addresses *a,
		   struct report *report);

#endif
