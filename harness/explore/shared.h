/*
 * shared.h - which memory threads share, for `--points shared`.
 *
 * Memory that one thread alone has touched, or that nobody has written since
 * there are two threads, is no place to switch threads at.  It is learnt by
 * words of eight bytes while iterations run, and kept until the batch ends; a
 * word that was once shared stays so.  What is passed over is an event all the
 * same: a schedule counts it, so that replay need not know what was learnt.
 */
#ifndef SNAG_EXPLORE_SHARED_H
#define SNAG_EXPLORE_SHARED_H

#include <stdbool.h>
#include <stdint.h>

struct event;

/* The batch begins.  False: no memory; then everything is shared. */
bool shared_open(void);
/* Each iteration has threads of its own. */
void shared_begin(uint64_t iteration);
/* The thread is about to do this: may nobody else be asked? */
bool shared_is_private(const struct event *event, unsigned thread);

#endif
