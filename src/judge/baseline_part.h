/*
 * baseline_part.h - what the files of baseline_*.c share; not for others.
 */
#ifndef SNAG_JUDGE_BASELINE_PART_H
#define SNAG_JUDGE_BASELINE_PART_H

#include "judge/baseline_match.h"
#include "judge/fingerprint.h"

/* A finding as entries are compared with it. */
struct asked {
	const struct finding *finding;
	struct fingerprint print; /* sides of races on memory only */
	bool is_race;
	/* What is raced on, where the reports say so. */
	const char *families[BASELINE_MAX_FAMILIES];
	size_t family_count;
};

struct asked baseline_ask(const struct finding *finding);
/* Does the entry speak of that family of the finding?  NULL: it has none. */
bool baseline_covers(const struct asked *asked,
		     const struct baseline_entry *entry, const char *family);

#endif
