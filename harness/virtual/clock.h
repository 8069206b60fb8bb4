/*
 * clock.h - virtual time.  Each iteration begins at the same moment, each
 * event takes a little, and when nobody can run it jumps to the next deadline.
 */
#ifndef SNAG_VIRTUAL_CLOCK_H
#define SNAG_VIRTUAL_CLOCK_H

#include <stdint.h>
#include <time.h>

/* Of that clock, in world.now_ns's terms; never 0 (which is none). */
uint64_t clock_deadline(clockid_t clock, const struct timespec *until);
struct timespec clock_virtual(clockid_t clock);

#endif
