/*
 * strategy_kernels.h - small broken programs, of the shapes that the
 * literature uses, for strategy_world.h.
 */
#ifndef STRATEGY_KERNELS_H
#define STRATEGY_KERNELS_H

#include "strategy_world.h"

#define READ(var_, reg) {SIM_READ, .var = (var_), .a = (reg)}
#define WRITE(var_, value_) {SIM_WRITE, .var = (var_), .value = (value_)}
#define STORE(var_, reg, add) \
	{SIM_STORE, .var = (var_), .a = (reg), .value = (add)}
#define SWAP(var_, old, new_, flag) \
	{SIM_SWAP, .var = (var_), .a = (old), .b = (new_), .value = (flag)}
#define LOCK(var_) {SIM_LOCK, .var = (var_)}
#define UNLOCK(var_) {SIM_UNLOCK, .var = (var_)}
#define SKIP_UNLESS(reg, value_, to) \
	{SIM_SKIP_UNLESS, .a = (reg), .b = (to), .value = (value_)}
#define FAIL_IF(reg, value_) {SIM_FAIL_IF, .a = (reg), .value = (value_)}
#define STOP {SIM_STOP, .var = 0}

static const struct sim_op setter[] = {WRITE(1, 1), WRITE(2, 1), STOP};
/* Between the two writes. */
static const struct sim_op checker[] = {
	READ(1, 0), SKIP_UNLESS(0, 1, 4), READ(2, 1), FAIL_IF(1, 0), STOP,
};

static const struct sim_op first_stage[] = {
	LOCK(1),    WRITE(3, 1),    UNLOCK(1), LOCK(2),
	READ(3, 0), STORE(4, 0, 1), UNLOCK(2), STOP,
};
static const struct sim_op second_stage[] = {
	LOCK(1), READ(3, 0), UNLOCK(1), SKIP_UNLESS(0, 1, 8),
	LOCK(2), READ(4, 1), UNLOCK(2), FAIL_IF(1, 0),
	STOP,
};

/* Reads the total and writes it under the lock, but not in one go. */
static const struct sim_op transfer[] = {
	LOCK(1),   READ(3, 0), UNLOCK(1),      LOCK(2),   READ(4, 1),
	UNLOCK(2), LOCK(1),    STORE(3, 0, 1), UNLOCK(1), STOP,
};

/* An auditor who reads one account before a transfer, the other one after it;
 * meanwhile everybody has other things to do under the same locks. */
static const struct sim_op mover[] = {
	LOCK(1), READ(3, 0), STORE(3, 0, -1), UNLOCK(1),
	LOCK(2), READ(4, 0), STORE(4, 0, 1),  UNLOCK(2),
	LOCK(1), READ(5, 0), UNLOCK(1),       STOP,
};
static const struct sim_op auditor[] = {
	LOCK(1),
	READ(5, 0),
	UNLOCK(1),
	LOCK(2),
	READ(5, 0),
	UNLOCK(2),
	LOCK(1),
	READ(3, 0),
	UNLOCK(1),
	LOCK(2),
	READ(4, 1),
	UNLOCK(2),
	SKIP_UNLESS(0, 5, 14),
	FAIL_IF(1, 6),
	STOP,
};

static const struct sim_op brief_auditor[] = {
	LOCK(1),   READ(3, 0),           UNLOCK(1),     LOCK(2), READ(4, 1),
	UNLOCK(2), SKIP_UNLESS(0, 5, 8), FAIL_IF(1, 6), STOP,
};

/* A stack's top (1) is A = 1, then B = 2; 5 says that B was handed out. */
static const struct sim_op slow_pop[] = {
	READ(1, 0),           READ(2, 1),
	SWAP(1, 0, 1, 2),     SKIP_UNLESS(2, 1, 7),
	SKIP_UNLESS(1, 2, 7), READ(5, 3),
	FAIL_IF(3, 1),        STOP,
};
static const struct sim_op pop_two_push_one[] = {
	READ(1, 0),  READ(2, 1), SWAP(1, 0, 1, 2), SKIP_UNLESS(2, 1, 12),
	READ(1, 1),  READ(3, 3), SWAP(1, 1, 3, 2), SKIP_UNLESS(2, 1, 12),
	WRITE(5, 1), READ(1, 1), STORE(2, 1, 0),   SWAP(1, 1, 0, 2),
	STOP,
};

/* Busy with variables of their own. */
static const struct sim_op setter_far[] = {
	WRITE(8, 1), READ(9, 0), WRITE(9, 1), READ(8, 0), WRITE(8, 2), STOP,
};

static const struct sim_op fork_1_2[] = {LOCK(1), LOCK(2), UNLOCK(2), UNLOCK(1),
					 STOP};
static const struct sim_op fork_2_3[] = {LOCK(2), LOCK(3), UNLOCK(3), UNLOCK(2),
					 STOP};
static const struct sim_op fork_3_1[] = {LOCK(3), LOCK(1), UNLOCK(1), UNLOCK(3),
					 STOP};

/* Two variables that belong together, each atomic by itself. */
static const struct sim_op pair_writer[] = {
	LOCK(1), WRITE(3, 1), UNLOCK(1), LOCK(2), WRITE(4, 1), UNLOCK(2), STOP,
};
static const struct sim_op pair_reader[] = {
	LOCK(1),   READ(3, 0),           UNLOCK(1),     LOCK(2), READ(4, 1),
	UNLOCK(2), SKIP_UNLESS(0, 0, 9), FAIL_IF(1, 1), STOP,    STOP,
};

static const struct sim_kernel sim_kernels[] = {
	{"checker, 3 others", {{setter, 3}, {checker, 1}}, {0}, 0, 0},
	{"checker, 10 others", {{setter, 10}, {checker, 1}}, {0}, 0, 0},
	{"checker, 50 others", {{setter, 50}, {checker, 1}}, {0}, 0, 0},
	{"checker, 100 others", {{setter, 100}, {checker, 1}}, {0}, 0, 0},
	{"two-stage, 2 threads",
	 {{first_stage, 1}, {second_stage, 1}},
	 {0},
	 0,
	 0},
	{"two-stage, 20 threads",
	 {{first_stage, 19}, {second_stage, 1}},
	 {0},
	 0,
	 0},
	{"two-stage, 100 threads",
	 {{first_stage, 99}, {second_stage, 1}},
	 {0},
	 0,
	 0},
	{"lost total", {{transfer, 2}}, {0}, 3, 2},
	{"two accounts",
	 {{mover, 1}, {brief_auditor, 1}},
	 {0, 0, 0, 5, 5},
	 0,
	 0},
	{"three transfers", {{mover, 3}, {auditor, 1}}, {0, 0, 0, 5, 3}, 0, 0},
	{"ABA", {{slow_pop, 1}, {pop_two_push_one, 1}}, {0, 1, 2, 0}, 0, 0},
	{"ABA, 10 others",
	 {{slow_pop, 1}, {pop_two_push_one, 1}, {setter_far, 10}},
	 {0, 1, 2, 0},
	 0,
	 0},
	{"deadlock of 3",
	 {{fork_1_2, 1}, {fork_2_3, 1}, {fork_3_1, 1}},
	 {0},
	 0,
	 0},
	{"two variables", {{pair_writer, 1}, {pair_reader, 1}}, {0}, 0, 0},
};

enum { SIM_KERNELS = sizeof(sim_kernels) / sizeof(sim_kernels[0]) };

#endif
