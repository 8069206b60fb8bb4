/*
 * snag/wire_explore.h - what the tool and an exploring batch share.
 *
 * A third memory file (SNAG_FD_EXPLORE) holds schedules and statistics.  As
 * with the table of wire.h, what a batch learns stands there as soon as it is
 * known, and the tool trusts none of it.
 *
 * A schedule is a list of turns: so many events of one thread, then so many of
 * another.  Events are counted from the moment a second thread lives; alone, a
 * thread has no choice.
 */
#ifndef SNAG_WIRE_EXPLORE_H
#define SNAG_WIRE_EXPLORE_H

#include <stddef.h>
#include <stdint.h>

enum {
	SNAG_FD_EXPLORE = 63,
	/* A file in memory that outlives the host: what a systematic strategy
	 * knows of each cell.  Only hosts read and write it. */
	SNAG_FD_LASTING = 64,
	SNAG_FD_LAST = SNAG_FD_LASTING,
};

enum snag_event_kind {
	SNAG_EVENT_NONE = 0,
	SNAG_EVENT_READ,
	SNAG_EVENT_ATOMIC_LOAD,
	SNAG_EVENT_WRITE, /* the first write */
	SNAG_EVENT_READ_WRITE,
	SNAG_EVENT_ATOMIC_STORE,
	SNAG_EVENT_ATOMIC_UPDATE, /* exchange, add, compare-and-swap */
	SNAG_EVENT_FREE,          /* the last write, and the last of memory */
	/* Objects. */
	SNAG_EVENT_LOCK,
	SNAG_EVENT_TRYLOCK,
	SNAG_EVENT_UNLOCK,
	SNAG_EVENT_READ_LOCK,
	SNAG_EVENT_TRY_READ_LOCK,
	SNAG_EVENT_WAIT, /* on a condition: gives its mutex away */
	SNAG_EVENT_SIGNAL,
	SNAG_EVENT_BROADCAST,
	SNAG_EVENT_SEM_WAIT,
	SNAG_EVENT_SEM_POST,
	SNAG_EVENT_BARRIER,
	SNAG_EVENT_ONCE,
	SNAG_EVENT_CREATE,
	SNAG_EVENT_BEGIN, /* of a thread: its first event */
	SNAG_EVENT_JOIN,
	SNAG_EVENT_END,
	SNAG_EVENT_CANCEL,
	/* Without one. */
	SNAG_EVENT_YIELD,
	SNAG_EVENT_SLEEP,
	SNAG_EVENT_POINT, /* snag_point() */
	SNAG_EVENT_IO,    /* a descriptor, a child process */
	SNAG_EVENT_OTHER,
	SNAG_EVENT_KINDS,
	SNAG_EVENT_FIRST_WRITE = SNAG_EVENT_WRITE,
	SNAG_EVENT_LAST_WRITE = SNAG_EVENT_FREE,
	SNAG_EVENT_LAST_MEMORY = SNAG_EVENT_FREE,
};

enum snag_points { SNAG_POINTS_ALL = 0, SNAG_POINTS_SHARED, SNAG_POINTS_SYNC };

/* Of an order. */
enum snag_explore_flags {
	SNAG_EXPLORE_SPURIOUS = 1,   /* waits on conditions end for nothing */
	SNAG_EXPLORE_TRACE = 2,      /* every event is written down */
	SNAG_EXPLORE_NO_ORACLE = 4,  /* freed memory is not watched */
	SNAG_EXPLORE_ALL_ORACLE = 8, /* it is watched in every schedule */
	SNAG_EXPLORE_NO_FORK = 16,   /* in the host itself: for a debugger */
};

/* What is called but not controlled. */
enum snag_uncontrolled {
	SNAG_RAW_FUTEX = 0,
	SNAG_BLOCKING_CALL, /* a call that waited while others could run */
	SNAG_PROCESS_SHARED,
	SNAG_SIGNALS,
	SNAG_REAL_THREADS, /* threads that came about without us */
	SNAG_FORKS,
	SNAG_REAL_CLOCK,
	SNAG_UNCONTROLLED_KINDS,
};

enum {
	SNAG_EXPLORE_MAGIC = 0x7078656e,
	SNAG_STRATEGY_BYTES = 96, /* "name:argument" */
	SNAG_MAX_STRATEGIES = 12,
	SNAG_LIVE_TURNS = 64 * 1024,  /* of the iteration in flight */
	SNAG_KEPT = 128,              /* schedules of one batch ... */
	SNAG_KEPT_TURNS = 128 * 1024, /* ... and their turns together */
	SNAG_REPLAY_TURNS = 64 * 1024,
	SNAG_PAIR_BITS = 64 * 1024,
	SNAG_DISTINCT_REGISTERS = 4096, /* HyperLogLog (Flajolet, 2007) */
	SNAG_STUCK_THREADS = 64,
	SNAG_STUCK_FRAMES = 24,
	SNAG_FAULT_FRAMES = 24,
	SNAG_TRACE_EVENTS = 64 * 1024,
	SNAG_TARGETS = 16,
	SNAG_FINAL_VALUES = 16,
	SNAG_MET_OUTCOMES = 64, /* as SNAG_SHARED_OUTCOMES */
	SNAG_THREAD_NAME = 16,
	SNAG_TRACE_NAMES = 256,
	SNAG_REPLAYS = 256, /* schedules of one order */
};

struct snag_turn {
	uint16_t thread, steps;
};

enum snag_kept_for {
	SNAG_KEPT_FINDING = 1,
	SNAG_KEPT_OUTCOME,
	SNAG_KEPT_MET, /* an outcome, of an iteration with a meeting */
};

/* The schedule of the first iteration that showed something. */
struct snag_kept {
	uint64_t iteration;
	uint32_t kept_for, index; /* of the signature, or of the outcome */
	uint32_t strategy;        /* index into strategies */
	uint32_t first, count;    /* turns, in kept_turns */
	uint32_t is_cut;          /* longer than there was room */
};

struct snag_strategy_counts {
	char name[SNAG_STRATEGY_BYTES];
	uint64_t schedules, new_pairs, news; /* news: signatures, outcomes */
};

/* A thread of an iteration that cannot go on. */
struct snag_stuck {
	char name[SNAG_THREAD_NAME];
	uint16_t thread;
	int16_t holder; /* number of who holds what it waits for; -1: none */
	uint16_t event; /* enum snag_event_kind of what it waits in */
	uint16_t frame_count;
	uint64_t address;                   /* of what it waits for */
	uint64_t frames[SNAG_STUCK_FRAMES]; /* innermost first; addresses of
					       the calls, less one */
};

/* A place in the code, as an offset in the image, of a call less one; and of
 * which side of the report. */
struct snag_target {
	uint64_t offset;
	uint32_t side, unused;
};

/* What came of targets.  Two threads meet when both are at one, and are about
 * to do what conflicts; of locks, when each waits at one for a lock that
 * another has who waits so too. */
struct snag_confirm {
	uint64_t met;      /* iterations with a meeting */
	uint64_t came[2];  /* events at targets, by side */
	uint64_t first[2]; /* meetings, by the side that went first */
	uint64_t outcomes[SNAG_MET_OUTCOMES]; /* of those iterations */
	/* Meetings where the other order leaves or reads another value. */
	uint64_t differences;
	/* Of the iteration in flight. */
	uint32_t is_met, has_value;
	uint64_t value; /* what the last access at a target left or read */
	/* Those of ended iterations, each once. */
	uint32_t final_count, unused;
	uint64_t finals[SNAG_FINAL_VALUES];
};

enum snag_fault_kind {
	SNAG_FAULT_NONE = 0,
	SNAG_FAULT_USE_AFTER_FREE,
	SNAG_FAULT_DOUBLE_FREE,
	SNAG_FAULT_INVALID_FREE,
	SNAG_FAULT_OUT_OF_BOUNDS, /* of a heap block */
	SNAG_FAULT_KINDS,
};

enum {
	SNAG_FAULT_USE = 0,
	SNAG_FAULT_FREED,
	SNAG_FAULT_MADE,
	SNAG_FAULT_STACKS
};

struct snag_fault_stack {
	char name[SNAG_THREAD_NAME]; /* of the thread */
	uint16_t thread, frame_count;
	uint32_t unused;
	uint64_t frames[SNAG_FAULT_FRAMES]; /* as in snag_stuck */
};

/* Memory used that the thread did not have, or freed that was not to be. */
struct snag_fault {
	uint32_t kind; /* enum snag_fault_kind */
	uint8_t is_write, is_atomic;
	uint8_t is_freed, unused;   /* is_freed: the block, by stacks */
	uint64_t address, size;     /* of the access; size 0: of a free */
	uint64_t block, block_size; /* block 0: none is near */
	struct snag_fault_stack stacks[SNAG_FAULT_STACKS];
};

/* What came of one of several schedules that were to be replayed. */
struct snag_replayed {
	uint64_t left_at, steps, preemptions, switches, hash;
	char outcome[64];
	uint32_t is_done, unused;
};

struct snag_trace_event {
	uint64_t pc, address, value; /* value: after the event, if has_value */
	uint32_t size;
	uint16_t thread;
	uint8_t kind, has_value;
	uint8_t is_choice;   /* others could have run */
	uint8_t is_reported; /* ThreadSanitizer made a report in it */
	uint8_t is_blocked;  /* the event did not get what it wanted: waits */
	uint8_t unused;
	uint32_t signature; /* of that report */
};

struct snag_explore {
	uint32_t magic, version;
	uint64_t bytes; /* of this struct */

	/* From the tool: the order's place in the file of SNAG_FD_LASTING. */
	uint64_t lasting_place;
	/* What to replay. */
	uint32_t replay_count;
	/* The step, from 1, before which a debugger wants to look; 0: none. */
	uint64_t stop_at;
	/* Several schedules, all of the order's first iteration: where each
	 * ends in `replay`.  0: there is one. */
	uint32_t replay_schedules;
	uint32_t replay_ends[SNAG_REPLAYS];
	struct snag_turn replay[SNAG_REPLAY_TURNS];
	/* Of interest in this order, whatever its strategy. */
	uint32_t target_count, unused;
	struct snag_target targets[SNAG_TARGETS];

	/* From the batch; reset by the tool before each. */
	uint32_t live_count, live_is_cut;
	struct snag_turn live[SNAG_LIVE_TURNS];
	uint64_t live_steps, live_preemptions, live_hash;
	uint32_t live_threads, live_fresh_pairs;
	/* The iteration in flight is the first to show these. */
	uint32_t wanted_count;
	struct {
		uint32_t kept_for, index;
	} wanted[SNAG_KEPT];
	uint32_t kept_count, kept_turn_count;
	struct snag_kept kept[SNAG_KEPT];
	struct snag_turn kept_turns[SNAG_KEPT_TURNS];

	uint64_t steps, switches, preemptions; /* of all iterations */
	uint64_t most_steps, most_preemptions; /* of one */
	uint32_t most_threads, strategy_count;
	struct snag_strategy_counts strategies[SNAG_MAX_STRATEGIES];
	uint32_t is_exhausted; /* every schedule was tried */
	/* 1: the first schedule, run twice, differed; where, in words. */
	uint32_t has_diverged;
	char divergence[256];
	/* Replay: the first step that did not fit; 0: all fitted. */
	uint64_t left_at;
	uint64_t trace_hash; /* of the last iteration's events */
	struct snag_confirm confirm;
	uint32_t deadly_signal; /* of the iteration in flight; 0: none */
	uint64_t uncontrolled[SNAG_UNCONTROLLED_KINDS];
	/* Sets, united over batches by the tool. */
	uint8_t pairs[SNAG_PAIR_BITS / 8];
	uint8_t distinct[SNAG_DISTINCT_REGISTERS];

	/* Of the last iteration, if it used memory that it did not have. */
	struct snag_fault fault;

	/* Of the last iteration, if it could not go on. */
	uint32_t stuck_count, stuck_left_out;
	struct snag_stuck stuck[SNAG_STUCK_THREADS];

	/* By place in the batch, where several schedules are replayed. */
	struct snag_replayed replayed[SNAG_REPLAYS];

	/* With SNAG_EXPLORE_TRACE: of the last iteration. */
	uint64_t trace_count; /* may be more than there is room */
	struct snag_trace_event trace[SNAG_TRACE_EVENTS];
	char trace_names[SNAG_TRACE_NAMES][SNAG_THREAD_NAME]; /* by number */
};

#endif
