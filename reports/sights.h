/*
 * sights.h - which subject saw which finding, how often and how gravely.
 */
#ifndef SNAG_REPORTS_SIGHTS_H
#define SNAG_REPORTS_SIGHTS_H

#include <stdbool.h>

#include "model/result.h"

/* A finding as a subject saw it, over all its runs. */
struct sight {
	const struct finding *finding; /* NULL: the result does not hold it */
	const char *fingerprint;
	uint64_t hits, iterations; /* iterations: of the runs that saw it */
	enum grade grade;          /* the gravest of the runs */
	const char *why;
	size_t order; /* of its first appearance */
};

/* The findings of a result in two orders. */
struct sights {
	const struct result *result;
	struct arena arena;
	const struct finding **by_fingerprint, **by_subject;
	bool *is_first; /* of each subject: none before it has its id */
};

struct sights sights_begin(const struct result *result);
void sights_end(struct sights *sights);
/* NULL when the result does not hold it. */
const struct finding *sights_finding(const struct sights *sights,
				     const char *fingerprint);
/* What the subject saw, in the order of its runs; of a log, which has none,
 * the findings that name it.  Lives as long as the sights. */
struct sight *sights_of(struct sights *sights, const struct subject *subject,
			size_t *count);

#endif
