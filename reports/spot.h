/*
 * spot.h - the place in the source that an entry points at, for machines.
 */
#ifndef SNAG_REPORTS_SPOT_H
#define SNAG_REPORTS_SPOT_H

#include "reports/ledger.h"

/* file is NULL when nothing is known, or else clean: one line, without "./" in
 * front, without "a/.." within.  Lines and columns count from 1; 0: unknown. */
struct spot {
	const char *file, *function;
	unsigned line, column;
};

/* All NULL and 0 for NULL, and for what has no file of its own. */
struct spot spot_of_frame(struct arena *arena, const struct frame *frame);
/* The side of a finding that a reader looks at first: the newer, unless only
 * another stands in the program's own code.  False: it has no sides. */
bool spot_first_side(const struct finding *finding, size_t *side);
/* The first side's own place, else that of any side; else where the scenario
 * stands; else a file of NULL. */
struct spot spot_of_entry(struct arena *arena, const struct entry *entry);
/* As above, but rather a file below the repository than one outside it. */
struct spot spot_inside(struct arena *arena, const struct entry *entry);
/* The text of the side's line from its excerpt; NULL: not known. */
const char *spot_source(const struct finding *finding, size_t side);

#endif
