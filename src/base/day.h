/*
 * day.h - days of the calendar, as "2026-11-23".
 *
 * Two valid days compare as their texts do.
 */
#ifndef SNAG_BASE_DAY_H
#define SNAG_BASE_DAY_H

#include <stdbool.h>
#include <time.h>

enum { DAY_BYTES = 11 };

/* Year 0001 to 9999, Gregorian; false for NULL. */
bool day_is_valid(const char *text);
/* In UTC, so that it is the same on every machine. */
void day_of(time_t now, char day[DAY_BYTES]);

#endif
