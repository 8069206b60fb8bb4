/*
 * stamp.h - when a campaign began and ended, as schemas want it.
 */
#ifndef SNAG_REPORTS_STAMP_H
#define SNAG_REPORTS_STAMP_H

#include "base/arena.h"
#include "model/result.h"

/* "2026-11-23T05:17:00Z"; NULL: the result does not say, or not so. */
const char *stamp_begin(struct arena *arena, const struct result *result);
const char *stamp_end(struct arena *arena, const struct result *result);

#endif
