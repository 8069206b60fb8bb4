/*
 * worker.h - one scenario host process, and the batch it runs.
 *
 * The worker owns the host, the shared table, the file that collects
 * ThreadSanitizer's text and the pipe that takes what the host prints.  A host
 * that dies is told apart from a batch that dies; both leave their counts.
 */
#ifndef SNAG_CAMPAIGN_WORKER_H
#define SNAG_CAMPAIGN_WORKER_H

#include <snag/wire.h>
#include <sys/types.h>

#include "base/buf.h"
#include "base/clock.h"
#include "campaign/channel.h"

enum worker_state {
	WORKER_DOWN = 0, /* no host */
	WORKER_IDLE,
	WORKER_ORDERED, /* a batch was ordered, its pid is not yet known */
	WORKER_BUSY,    /* a batch runs */
};

/* Why the tool ended a batch. */
enum ended_by {
	ENDED_BY_ITSELF = 0,
	ENDED_FOR_DEADLOCK,
	ENDED_FOR_HANG,
	ENDED_FOR_MEMORY,
	ENDED_FOR_PROCESSES,
	ENDED_FOR_TEXT,
	ENDED_FOR_SILENCE, /* it is gone, and its host does not say so */
	ENDED_FOR_FATAL,   /* ThreadSanitizer failed, and hangs in saying so */
	ENDED_FOR_TIME,    /* the campaign is over; nobody's fault */
};

/* What the watchdog remembers of a batch (watch.c). */
struct watch {
	uint64_t current, completed; /* progress last seen ...        */
	uint64_t changed_ms;         /* ... and when it last changed  */
	uint64_t cpu_ns, switches;   /* at that change; 0: not taken  */
	uint64_t idle_since_ms;      /* no processor used since       */
	uint64_t idle_cpu_ns, idle_switches;
	uint64_t looked_ms, counted_ms;
	uint64_t gone_since_ms; /* 0: it is there */
};

struct worker {
	enum worker_state state;
	unsigned number;
	char *const *argv; /* of the host; NULL: its path alone */
	pid_t host, batch;
	struct channel channel;
	int shared_fd, reports_fd, explore_fd, output_fd;
	int lasting_fd; /* outlives the host */
	struct snag_shared *table;
	struct snag_explore *explore;
	bool has_deadlock_detection;
	uint32_t hello_flags;
	struct buf output;     /* what the host and its batches printed */
	uint64_t output_bytes; /* all of it, kept or not */
	/* The batch. */
	struct snag_batch_order order;
	size_t cell; /* the campaign's */
	uint64_t started_ms;
	enum ended_by ended_by;
	int status;       /* wait status, once ended */
	bool left_things; /* processes outlived the batch */
	struct watch watch;
	/* Finding of each signature of this host process; -1: not known. */
	int32_t finding_of[SNAG_SHARED_SIGNATURES];
};

void worker_init(struct worker *worker, unsigned number);
/* Starts the host and takes its HELLO; waits for it a bounded time. */
bool worker_start(struct worker *worker, const char *host_path,
		  bool detect_deadlocks, struct err *err);
/* Ends host, batch and every descendant. */
void worker_stop(struct worker *worker);
void worker_release(struct worker *worker);

/* False when the host is gone. */
bool worker_order(struct worker *worker, const struct snag_batch_order *order);
/* Nothing is counted yet of the batch that is ordered. */
void worker_reset_table(struct worker *worker);
/* Kills the batch and its descendants; its end is then received as usual. */
void worker_kill_batch(struct worker *worker, enum ended_by why);

enum worker_event {
	WORKER_NOTHING,
	WORKER_ENDED, /* the batch is over: status, table and text are there */
	WORKER_LOST,  /* the host is gone, or speaks nonsense */
};
/* Takes what the host has said so far; never waits. */
enum worker_event worker_poll(struct worker *worker);
/* Reads what was printed; never waits. */
void worker_drain_output(struct worker *worker);

/* The text of the batch's reports, mapped; unmap with worker_text_done, which
 * empties the file. */
const char *worker_text(const struct worker *worker, size_t *len);
void worker_text_done(struct worker *worker, const char *text, size_t len);

/* The file of reports is emptied unread. */
void worker_text_drop(const struct worker *worker);
/* A host runs, with what it detects; one is started if none does. */
bool worker_is_ready(struct worker *worker, const char *host_path);

/* Does it stand in the file of reports? */
bool worker_has_text(const struct worker *worker, const char *what);
/* Has ThreadSanitizer said, in the middle of the batch, that it failed? */
bool worker_has_fatal_text(const struct worker *worker);

#endif
