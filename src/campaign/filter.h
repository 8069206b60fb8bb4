/*
 * filter.h - which scenarios a command line means.
 *
 * A filter is an id ("counter/lost_update"), a glob ("queue" + "/" + "*"), a
 * family ("queue"), or a tag ("@atomics", "@practice:partition",
 * "@expect:broken").  No filter means all.
 */
#ifndef SNAG_CAMPAIGN_FILTER_H
#define SNAG_CAMPAIGN_FILTER_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "model/result.h"

bool filter_matches(const char *filter, const struct subject *subject);

/*
 * Keeps the subjects that any filter matches, in their order: keep[i] says
 * whether subjects[i] stays.  A filter that matches nothing is an error
 * (EXIT_USAGE) that names near ids.
 */
bool filter_select(const char *const *filters, size_t filter_count,
		   const struct subject *subjects, size_t count, bool *keep,
		   struct err *err);

#endif
