/* minimise_part.h - what minimise.c and minimise_pair.c share. */
#ifndef SNAG_CAMPAIGN_MINIMISE_PART_H
#define SNAG_CAMPAIGN_MINIMISE_PART_H

#include "campaign/minimise.h"

enum { SEARCH_CANDIDATES = 128 }; /* that are tried at once */

struct turns {
	struct schedule_turn *list;
	size_t count;
};

struct search {
	struct rerun *rerun;
	const struct schedule *schedule;
	const struct minimise_limits *limits;
	struct err *err;
	struct arena *arena;  /* of the best */
	struct arena scratch; /* of the candidates */
	struct turns best;
	struct turns candidates[SEARCH_CANDIDATES];
	size_t count; /* the last of them is being made */
	uint64_t switches, preemptions, steps; /* of the best */
	uint64_t tries, started_ms;
	bool is_cut, has_failed;
};

/* Begins a candidate, the only one or one more; appends to it. */
void candidate_begin(struct search *s, bool is_first);
void candidate_add(struct search *s, uint32_t thread, uint32_t steps);
void candidate_copy(struct search *s, size_t from, size_t to); /* of best */
/* Runs it, by itself.  *left_at: where it did not fit. */
bool candidate_shows(struct search *s, uint64_t *left_at);
bool search_is_over(struct search *s);

/* Which two events decide; 0 and 0: none was found. */
void find_pair(struct search *s, uint64_t *first, uint64_t *second);

#endif
