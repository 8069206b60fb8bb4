/*
 * unite_part.h - what unite.c and unite_settle.c share; not for others.
 */
#ifndef SNAG_JUDGE_UNITE_PART_H
#define SNAG_JUDGE_UNITE_PART_H

#include <uthash.h>

#include "judge/fingerprint.h"
#include "judge/unite.h"

enum { UNITE_MAX_EXACT = 16, UNITE_MAX_FAMILIES = 64 };

/* Beside each finding: what it is found by. */
struct entry {
	char race[FINGERPRINT_HEX + 1];
	struct fingerprint print; /* of a report on memory: for lost sides */
	enum kind kind;
	size_t at;         /* in the result's findings                      */
	bool is_moved;     /* at is another one's: it was settled there     */
	unsigned renewals; /* by reports with more frames                   */
	UT_hash_handle hh;
};

struct unite {
	struct result *result;
	struct entry *entries; /* hash by race; in order of findings */
	bool is_deferred;
};

/* NULL: there is none. */
struct entry *unite_lookup(struct unite *unite, const char *race);
/* Into a sorted set of texts, so that equal findings are stored equal. */
void unite_add_sorted(struct arena *arena, const char ***set, size_t *count,
		      size_t max, const char *text);

#endif
