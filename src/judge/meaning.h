/*
 * meaning.h - what each finding of a result means.
 *
 * Its causes with their evidence, from the report, the source lines and what
 * else was seen where it occurred; the practice that repairs it; the source
 * around both places; and the scenario that shows the repair.
 */
#ifndef SNAG_JUDGE_MEANING_H
#define SNAG_JUDGE_MEANING_H

#include "model/result.h"
#include "model/source_tree.h"

/* sources: NULL for none.  catalogue: scenarios to choose the example from;
 * NULL for none. */
void meaning_of_findings(struct result *result, struct source_tree *sources,
			 const struct result *catalogue);

#endif
