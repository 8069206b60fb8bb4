/*
 * baseline.h - the findings that a project has decided to live with, for now.
 *
 * The in-memory form of snag-baseline.json, format version 1 (docs/formats.md,
 * docs/baseline.schema.json), which is made to be kept under version control:
 * one entry a race and what is raced on, sorted, so that the same entries give
 * the same bytes and a change shows as the lines it is about.  Everything
 * belongs to baseline.arena.
 */
#ifndef SNAG_MODEL_BASELINE_H
#define SNAG_MODEL_BASELINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "base/arena.h"
#include "base/err.h"

enum {
	BASELINE_VERSION = 1,
	BASELINE_MAX_ENTRIES = 20000,
	BASELINE_MAX_FAMILIES = 64, /* of an entry */
	BASELINE_MAX_SIDES = 16,
};

#define BASELINE_FILE "snag-baseline.json"

struct baseline_entry {
	/* What it is about: as in struct finding. */
	const char *fingerprint;
	const char **families; /* sorted; none: any data */
	size_t family_count;
	/* Of a race on memory: one side each, sorted; "" for one that was not
	 * restored.  Both NULL: no race on memory. */
	const char *side_hashes[2];
	const char *kind;
	/* The same for people, never compared. */
	const char *outcome, *cause;
	const char **sides; /* "function (path)"; "?" for a lost one */
	size_t side_count;
	const char *data;    /* "global 'total'"; NULL: not known */
	const char *subject; /* it was seen in, where that id is a lasting one*/
	/* Why, by whom, where it is dealt with. */
	const char *reason; /* never NULL or empty */
	const char *owner, *link;
	/* Days (day.h).  It holds on the day `expires`, and not after it. */
	const char *added, *expires, *seen;
};

struct baseline {
	struct arena arena;
	struct baseline_entry *entries;
	size_t entry_count;
};

void baseline_release(struct baseline *baseline);
bool baseline_has_family(const struct baseline_entry *entry,
			 const char *family);
/* By fingerprint, then by families. */
void baseline_sort(struct baseline *baseline);

/*
 * Into a zeroed baseline, which the caller releases in any case.  What is
 * malformed, doubled or of other fingerprints is refused with a sentence that
 * names the entry, counted from 1 as they stand in the file; EXIT_USAGE.
 */
bool baseline_read(const char *path, struct baseline *baseline,
		   struct err *err);
/* Sorts first.  Whole or not at all, as replace.h says; EXIT_TROUBLE. */
bool baseline_write(struct baseline *baseline, const char *path,
		    struct err *err);
/* The same bytes. */
void baseline_to_json(const struct baseline *baseline, FILE *file);

#endif
