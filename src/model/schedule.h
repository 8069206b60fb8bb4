/*
 * schedule.h - one interleaving: whose turn it is, and for how many events.
 *
 * As text, "T0*3 T1 T0*2": three events of thread 0, one of thread 1, two more
 * of thread 0.  Threads are numbered in the order in which they are made; 0 is
 * main.  As a file, besides that, all that is needed to run it again, what it
 * showed, and where in the source each turn began.
 *
 * Text and files may be anything: what is wrong is told in one sentence that
 * names the place (EXIT_USAGE), and nothing is larger than SCHEDULE_MAX_TURNS.
 */
#ifndef SNAG_MODEL_SCHEDULE_H
#define SNAG_MODEL_SCHEDULE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"

enum {
	SCHEDULE_VERSION = 1,
	SCHEDULE_MAX_TURNS = 64 * 1024,
	SCHEDULE_MAX_THREAD = 64999,
	SCHEDULE_MAX_STEPS = UINT16_MAX, /* of one turn */
};

/* As enum snag_explore_flags has them. */
enum schedule_flags {
	SCHEDULE_SPURIOUS = 1,
	SCHEDULE_NO_ORACLE = 4,
	SCHEDULE_ALL_ORACLE = 8,
};

struct schedule_turn {
	uint32_t thread, steps;
	/* Of the first event; NULL: unknown.  source: the line. */
	const char *file, *function, *source;
	unsigned line;
};

struct schedule {
	const char *tool_version;
	const char *host;     /* path of the program */
	const char *build;    /* its build id, in hexadecimal; NULL: none */
	const char *scenario; /* its id; NULL: the program as a whole */
	const char **command; /* of a whole program: words */
	size_t command_count;
	const char *strategy; /* that found it; NULL: unknown */
	const char *points;   /* "all", "shared", "sync" */
	unsigned flags;       /* enum schedule_flags */
	unsigned threads;     /* as asked for by --threads */
	uint64_t seed, iteration;
	uint64_t max_steps; /* 0: not said */
	/* What it shows: each NULL when that is not why it was kept. */
	const char *fingerprint, *outcome;
	uint64_t trace_hash; /* of all its events; 0: not known */
	struct schedule_turn *turns;
	size_t turn_count;
	bool is_cut; /* it was longer than there was room for */
};

/* Turns of one thread that follow each other become one, where that fits. */
bool schedule_parse(struct arena *arena, const char *text, size_t len,
		    struct schedule_turn **turns, size_t *count,
		    struct err *err);
/* The text; at most the buffer's maximum. */
void schedule_print(const struct schedule_turn *turns, size_t count,
		    struct buf *out);
/* Appends events of a thread: to the last turn, where it is that thread's and
 * has room. False: there are as many turns as there may be. */
bool schedule_add(struct arena *arena, struct schedule_turn **turns,
		  size_t *count, uint32_t thread, uint32_t steps);
/* How often another thread takes over. */
size_t schedule_switches(const struct schedule_turn *turns, size_t count);

/* Replaces the file whole, or not at all. */
bool schedule_file_write(const struct schedule *schedule, const char *path,
			 struct err *err);
/* All is the arena's. */
bool schedule_file_read(const char *path, struct arena *arena,
			struct schedule *schedule, struct err *err);
/* The same of text that is at hand; path stands for it in sentences. */
bool schedule_json_read(const char *text, size_t len, const char *path,
			struct arena *arena, struct schedule *schedule,
			struct err *err);

#endif
