/*
 * engine.h - the exploring engine, to the rest of a host.
 */
#ifndef SNAG_EXPLORE_ENGINE_H
#define SNAG_EXPLORE_ENGINE_H

#include "explore/strategy.h"
#include "internal.h"

struct explore_order {
	const struct strategy *strategy;
	void *state;
	bool is_replay, is_program;
	const char *name;
};

/* For program/, which has a process for each iteration.  NULL: no such
 * strategy. */
const struct explore_order *explore_open(const struct snag_batch_order *order,
					 bool is_program);
/* From now the calling thread is thread 0, and all points are explored. */
void explore_begin_iteration(uint64_t number, uint64_t seed, uint64_t in_batch);
void explore_end_iteration(const char *outcome, bool is_cut);
bool explore_is_exhausted(void);
/* The program has drawn a number from the iteration's seed. */
void explore_drew(void);

/* In a process that will fork others: see warm.c. */
void explore_warm_up(void);
/* Runs the iterations of a batch; returns when they are over. */
void explore_run(struct snag_run *run, const struct snag_batch_order *order);
/* True: this process can (the third memory file is there and fits). */
bool explore_map(void);

/* A report was made; the schedule is kept of one that this batch had not
 * seen. */
void explore_saw_report(uint32_t signature, bool is_new);

/* point.c: from points.S, and what is a schedule point.  is_fixed: the same in
 * all iterations, nothing is learnt. */
void explore_configure(const struct snag_batch_order *order, bool is_fixed);
void explore_arm(bool is_armed);
void snag_explore_point(const uint64_t *registers, uint32_t what, uint64_t pc);

/* deadly.c: from now a crash ends the exploring before it is reported. */
void explore_watch_crashes(void);

/* stuck.c: where each thread of the iteration stands. */
void stuck_dump(void);

#endif
