/*
 * clock.h - time that only goes forwards.
 */
#ifndef SNAG_BASE_CLOCK_H
#define SNAG_BASE_CLOCK_H

#include <stdint.h>

/* Milliseconds since some moment; not the time of day. */
uint64_t clock_ms(void);

#endif
