/*
 * strategy.h - who runs next: the one seam for all strategies.
 *
 * For each iteration `begin`, then again and again `next` (which of the
 * runnable threads performs its pending event) followed by `event` (that it
 * does so), then `end`.  `next` is asked only where two or more could run.
 *
 * A strategy is a pure function of the seed, of its argument and of what it was
 * told: no clock, no address as a number (two addresses may be compared for
 * equality, and looked up in a table that lives one iteration).  What it
 * learns over iterations it keeps in its state; a state lives one batch, and a
 * batch begins at iterations that do not depend on time.
 */
#ifndef SNAG_EXPLORE_STRATEGY_H
#define SNAG_EXPLORE_STRATEGY_H

#include "explore/event.h"

/* Threads are numbered in the order in which they were made; 0 is main. */
struct strategy_view {
	const struct event *pending; /* by number; of threads that live */
	const uint16_t *runnable;    /* numbers, ascending */
	unsigned runnable_count;     /* at least 1 */
	unsigned thread_count;       /* numbers given so far */
	unsigned last;               /* who performed the last event ... */
	bool is_last_runnable;       /* ... and could go on */
	/* It could, but said that it waits for others (a yield, a sleep, a
	 * spin): to leave it is no preemption. */
	bool is_last_waiting;
	uint64_t step; /* events performed so far in this iteration */
};

/* What came of an iteration. */
struct strategy_end {
	uint64_t steps;
	unsigned threads;
	unsigned new_pairs; /* reads-from pairs not seen before */
	bool is_news;       /* a finding or an outcome not seen before */
	bool is_cut;        /* it ended early: deadlock, livelock */
};

struct strategy {
	const char *name;
	const char *paper; /* where it is from, and where we depart from it */
	/* What may follow the name after a colon; NULL: nothing. */
	const char *argument;
	/* Zeroed before init; of a lasting one, as another run left it. */
	size_t state_bytes;
	/* False: the argument is none (NULL: not given). */
	bool (*init)(void *state, const char *argument);
	void (*begin)(void *state, uint64_t seed);
	/* An index into view->runnable. */
	unsigned (*next)(void *state, const struct strategy_view *view);
	/* NULL: not interested. */
	void (*event)(void *state, const struct strategy_view *view,
		      unsigned thread);
	void (*end)(void *state, const struct strategy_end *end);
	/* A number below `below` that the program asks for; 0: it has drawn
	 * one itself (snag_random: from the iteration's seed, so that it can be
	 * replayed), and other numbers were not tried.  NULL: not
	 * interested. */
	uint32_t (*number)(void *state, uint32_t below);
	/* Has every schedule been tried?  NULL: cannot say. */
	bool (*is_exhausted)(const void *state);
	/* The name of the member that runs this iteration: of a strategy that
	 * is made of others.  NULL: it is not. */
	const char *(*member)(const void *state);
	/* Pairs are told in strategy_end, at some cost. */
	bool wants_pairs;
	/* The state outlives a batch: it is in shared memory, without pointers,
	 * and the next batch goes on with it, even after an iteration that had
	 * no end. */
	bool is_lasting;
};

/* The closed set, ended by one without a name. */
extern const struct strategy *const strategies[];
/* By "name" or "name:argument"; NULL when there is none, or its argument is
 * none. *state is made by mmap and lives as long as the process. */
const struct strategy *strategy_new(const char *text, void **state);
/* Does it go on over batches (is_lasting)? */
bool strategy_is_lasting(const char *text);
/* One whose state is in the caller's memory, of an earlier one of that name
 * unless it is new.  NULL: as above, or there is no room. */
const struct strategy *strategy_in(const char *text, void *state, size_t room,
				   bool is_new);
/* From now states are in shared memory: of processes that each run one
 * iteration. */
void strategy_share(void);

/* SplitMix64, as harness/random.c. */
static inline uint64_t strategy_random(uint64_t *state)
{
	uint64_t z = *state += 0x9e3779b97f4a7c15U;

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9U;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebU;
	return z ^ (z >> 31);
}

static inline uint32_t strategy_below(uint64_t *state, uint32_t below)
{
	return (uint32_t)((strategy_random(state) >> 32) * below >> 32);
}

#endif
