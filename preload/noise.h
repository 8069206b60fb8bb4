/*
 * noise.h - the parts of libsnag-noise.so, to each other.
 *
 * Noise now and then holds a thread up where it synchronises, so that orders
 * come about which the kernel alone seldom shows.  It strikes beneath
 * ThreadSanitizer and adds no edge that it sees: nothing here calls what
 * ThreadSanitizer intercepts, allocates, takes a lock or touches errno, so
 * that a point may be passed anywhere, in a signal handler too.
 *
 * From the environment, once, when the program starts:
 *
 * SNAG_NOISE        light or heavy; without it nothing is done at all
 * SNAG_NOISE_SEED   a decimal number; 0 if missing
 * SNAG_NOISE_TRACE  a descriptor, to which each deed is written: see trace.c
 *
 * What a thread does at its nth point follows from the seed, from n, from how
 * many points of that sort it has passed, and from its place in the tree of
 * threads (such as: the second made by the first made by main), never from an
 * address, an id or the time.
 */
#ifndef SNAG_PRELOAD_NOISE_H
#define SNAG_PRELOAD_NOISE_H

#include <stdbool.h>
#include <stdint.h>

enum sort {                 /* of points; each thread counts them apart */
	    SORT_START = 0, /* the thread begins     */
	    SORT_CREATE,    /* it makes another      */
	    SORT_LOCK,
	    SORT_UNLOCK,
	    SORT_WAIT,   /* for another thread    */
	    SORT_SIGNAL, /* to another thread     */
	    SORT_SLEEP,  /* for a time            */
	    SORT_READ,   /* from a descriptor     */
	    SORT_WRITE,
	    SORT_HEAP,
	    SORT_COUNT,
};

enum deed { DEED_NONE = 0, DEED_YIELD, DEED_SPIN, DEED_SLEEP, DEED_MOVE };

struct self {          /* a thread */
	bool is_known; /* else it passes points by */
	uint64_t key;  /* its place in the tree, with the seed */
	uint64_t random;
	uint32_t made; /* threads and processes */
	uint32_t points;
	uint32_t mood;
	uint32_t passed[SORT_COUNT];
};

/* Set once, before main, where there is to be noise. */
extern bool noise_is_on;
/* Set when the program makes its first thread, atomically: what one thread
 * alone does cannot be disturbed. */
extern bool noise_has_threads;

/* noise.c */
bool noise_choose(const char *level); /* false: there is no such level */
bool noise_wants_heap(void);
void noise_enter(uint64_t key); /* the calling thread is this one ... */
/* ... and this is the next that it makes; false: it is unknown itself. */
bool noise_child_key(uint64_t *key);
void noise_point(enum sort sort, const char *name);

/* deed.c: amount is turns, nanoseconds, or any number of a processor. */
void deed_do(enum deed deed, uint64_t amount);

/* points.c: finds what stands behind each, so that no point has to later. */
void points_resolve(void);

/* trace.c */
extern int trace_fd; /* -1: nowhere */
void trace_deed(const struct self *self, const char *point, enum deed deed,
		uint64_t amount);

#endif
