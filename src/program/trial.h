/*
 * trial.h - one run of a program under test, from its start to its end.
 *
 * The program gets a process group, a folder and TMPDIR of its own, and
 * /dev/null to read.  What it prints is kept (bounded); the reports of it and
 * of all its descendants go into files `tsan.PID` in its folder.  Whether
 * ThreadSanitizer started in any of them is known by its reading an empty file
 * of flags (include_if_exists): a run without reports writes nothing else.
 */
#ifndef SNAG_PROGRAM_TRIAL_H
#define SNAG_PROGRAM_TRIAL_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/bounded.h"
#include "base/err.h"
#include "program/tsan_flags.h"
#include "read/symbols.h"

/* Ended by us, and why; or not. */
enum trial_end {
	TRIAL_ENDED = 0, /* by itself */
	TRIAL_DEADLOCKED,
	TRIAL_TIMED_OUT,
	TRIAL_CUT_OFF, /* nobody wants it any more */
};

/* What all runs have in common. */
struct trial_plan {
	const char *path; /* of the program */
	char *const *argv;
	const char *folder; /* private; each run gets a folder in it */
	struct tsan_flags flags;
	const char *const *environment; /* besides the caller's */
	size_t environment_count;
	const char *preload; /* LD_PRELOAD; NULL: as it is */
	const char *noise;   /* "light", "heavy"; NULL: off */
	uint64_t seed;       /* of the first run's noise, then one more each */
	uint64_t timeout_ms;
};

struct trial {
	bool is_busy;
	uint64_t number; /* from 1 */
	pid_t pid;
	int status; /* of waitpid, once it has ended */
	enum trial_end end;
	const char *folder,
		*mark; /* mark: a variable that its processes have */
	uint64_t started_ms, duration_ms;
	struct bounded out, err;
	int out_fd, err_fd, watch_fd; /* -1: closed */
	int pid_fd;        /* tells that it ended; -1: that cannot be had */
	bool is_watchable; /* false: started_tsan cannot be known */
	bool started_tsan;
	bool left_things; /* processes that outlived it, now ended */
	/* Threads of what hung, when it was ended; the arena's. */
	struct arena arena;
	struct report *stacks;
	/* For the watch: since when nothing ran. */
	uint64_t looked_ms, idle_since_ms, idle_mark;
};

/* One that holds nothing yet. */
void trial_init(struct trial *trial, uint64_t number);
/* number counts from 1.  On false nothing runs. */
bool trial_start(struct trial *trial, const struct trial_plan *plan,
		 uint64_t number, struct err *err);
/* Takes what has come since; true: it has ended, by itself or by us, and what
 * it left behind is gone.  symbols are for the stacks of what hangs. */
bool trial_look(struct trial *trial, const struct trial_plan *plan,
		struct symbols *symbols);
/* Watches the file of flags in its folder, which is there: the beginning and
 * the end of knowing whether ThreadSanitizer started. */
void trial_watch_flags(struct trial *trial);
void trial_see_flags(struct trial *trial);
/* Ends it; trial_look then says so. */
void trial_cut_off(struct trial *trial);
/* Removes its folder and forgets it. */
void trial_release(struct trial *trial);

#endif
