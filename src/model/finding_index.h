/*
 * finding_index.h - the findings of a result, by fingerprint and fast.
 *
 * Of the findings as they were when it was made; adding or removing one makes
 * it worthless.  It lives in the arena given.
 */
#ifndef SNAG_MODEL_FINDING_INDEX_H
#define SNAG_MODEL_FINDING_INDEX_H

#include "model/result.h"

struct finding_index {
	struct finding *findings; /* the result's */
	const size_t *sorted;     /* their places, by fingerprint */
	size_t count;
};

struct finding_index finding_index_of(struct arena *arena,
				      const struct result *result);
/* NULL when there is none; of equal ones the first. */
struct finding *finding_index_find(const struct finding_index *index,
				   const char *fingerprint);

#endif
