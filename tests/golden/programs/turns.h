/*
 * turns.h - makes threads act in a given order without ThreadSanitizer seeing
 * that they are ordered, so that each program gives its report every time.
 */
#ifndef TURNS_H
#define TURNS_H

#include <pthread.h>

#define UNSEEN __attribute__((noinline, no_sanitize("thread")))

static volatile int turn;

static UNSEEN __attribute__((unused)) void turn_done(void)
{
	turn = turn + 1;
}

static UNSEEN __attribute__((unused)) void turn_wait(int n)
{
	while (turn < n)
		;
}

#endif
