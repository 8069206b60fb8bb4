/*
 * increments.h - the program that explore is measured with: two threads, three
 * increments each, of one counter or (clean) each of its own.  The accesses
 * are the same, and so is what is counted: one event an increment.
 */
#ifndef SNAG_BENCH_INCREMENTS_H
#define SNAG_BENCH_INCREMENTS_H

enum { INCREMENTS = 3, COUNTERS = 2 };

struct increments {
	/* Volatile: so that the compiler leaves three accesses of three. */
	volatile int counters[COUNTERS];
};

/* increments.c, instrumented; the same object for all. */
void increments_body(volatile int *counter);

#endif
