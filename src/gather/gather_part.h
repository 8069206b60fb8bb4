/*
 * gather_part.h - what the files of src/gather share; not for others.
 */
#ifndef SNAG_GATHER_GATHER_PART_H
#define SNAG_GATHER_GATHER_PART_H

#include "base/status_line.h"
#include "gather/gather.h"
#include "gather/log_file.h"
#include "judge/unite.h"
#include "read/tsan_text.h"

struct gather {
	struct result *result;
	const struct gather_options *options;
	struct unite *unite;
	struct tsan_parser *parser;
	/* Of the log at hand. */
	struct subject *subject;
	struct run *run;
	struct tsan_counts before; /* the parser's, when it began            */
	uint64_t cut, cut_line;    /* reports without any place; the first's */
	const char *cut_kind;
	uint64_t warnings; /* reports that TSan counts itself        */
	const char *fatal; /* its first fatal message                */
	uint32_t *slots;   /* of each finding: 1 + place in the run  */
	size_t slot_count;
	struct status_line progress;
};

/* A report of the log at hand: the parser's sink; context: the gather. */
void gather_take(void *context, const struct tsan_found *found);
/* Verdict and notes that the log at hand alone gives reason for. */
void gather_say(struct gather *gather);

#endif
