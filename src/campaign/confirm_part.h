/*
 * confirm_part.h - what the files that confirm share.
 *
 * confirm.c        which findings, and how long
 * confirm_steer.c  batches of one finding, and what they came to
 * confirm_say.c    what that means, in words and as a kept schedule
 *
 * Not for use outside of these.
 */
#ifndef SNAG_CAMPAIGN_CONFIRM_PART_H
#define SNAG_CAMPAIGN_CONFIRM_PART_H

#include "campaign/confirm.h"

enum {
	CONFIRM_FINDING_MS = 1000, /* at most, of one finding */
	CONFIRM_NAMES = 4,         /* outcomes that are told */
};

/* From harmless to worst. */
enum confirm_effect {
	CONFIRM_NOTHING,
	CONFIRM_WRONG,
	CONFIRM_CRASHED,
	CONFIRM_DEADLOCKED,
};

/* The worst outcome of some schedules. */
struct worst {
	enum confirm_effect effect;
	const char *outcome; /* NULL: none was bad */
	uint64_t count;      /* of schedules with it */
	/* The first of them; turns are the result's. */
	struct keeping_one kept;
};

/* What the schedules of one finding came to, so far. */
struct seen {
	uint64_t schedules;
	/* As struct snag_confirm has them. */
	uint64_t met, differences, first[2], came[2];
	uint64_t finals[SNAG_FINAL_VALUES];
	size_t final_count;
	struct worst of_met, of_all;
	const char *names[CONFIRM_NAMES]; /* of those that met */
	size_t name_count;
	bool is_exhausted;
};

/* Who is steered, and towards what. */
struct steering {
	struct campaign *campaign;
	const struct result *scenarios; /* all of the host */
	size_t cell;
	struct snag_target targets[SNAG_TARGETS];
	size_t target_count;
	unsigned sides; /* that have targets of their own: 0 to 2 */
	uint64_t until_ms;
};

/* Batches of the strategy, of iterations `first` to before `end`, until time is
 * up, or it crashed or was deadlocked. */
void confirm_steer(const struct steering *steering, const char *strategy,
		   uint64_t first, uint64_t end, struct seen *seen);
/* Sets the finding's effect, and has the schedule kept. */
void confirm_say(const struct steering *steering, struct finding *finding,
		 const struct seen *seen);
bool confirm_is_race(const struct finding *finding);

#endif
