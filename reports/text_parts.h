/*
 * text_parts.h - the parts of the text report; for text*.c alone.
 */
#ifndef SNAG_REPORTS_TEXT_PARTS_H
#define SNAG_REPORTS_TEXT_PARTS_H

#include "reports/renderer.h"
#include "reports/sheet.h"

/* Nobody reads more of one thing; and a hostile result must not cost more. */
enum { TEXT_MOST_FINDINGS = 200, TEXT_MOST_SHORT = 20, TEXT_MOST_PARTS = 64 };

/* A finding as a subject saw it, over all its runs. */
struct sight {
	const struct finding *finding; /* NULL: the result does not hold it */
	const char *fingerprint;
	uint64_t hits, iterations; /* iterations: of the runs that saw it */
	enum grade grade;          /* the gravest of the runs */
	const char *why;
	size_t order; /* of its first appearance */
};

/* The findings of a result in two orders, and what is being printed. */
struct text {
	const struct result *result;
	const struct render_options *options;
	struct sheet *sheet;
	struct arena arena; /* as long as the report is made */
	const struct finding **by_fingerprint, **by_subject;
	bool *is_first; /* of each subject: none before it has its id */
};

struct text text_begin(const struct result *result, struct sheet *sheet,
		       const struct render_options *options);
void text_end(struct text *text);
const struct finding *text_finding(const struct text *text,
				   const char *fingerprint);
/* What the subject saw, in the order of the runs. */
struct sight *text_sights(struct text *text, const struct subject *subject,
			  size_t *count);
/* "44 ms", "1.2 s" */
const char *text_duration(struct arena *arena, uint64_t ms);
/* Iterations of all its runs. */
uint64_t text_iterations(const struct subject *subject);

/* "UNEXPECTED", "broken, as expected" and the like, and their style. */
const char *text_verdict(const struct subject *subject);
enum style text_verdict_style(enum verdict verdict);
/* "almost certainly", "possibly" */
const char *text_confidence(double confidence);

void text_table(struct text *text);
void text_subject(struct text *text, const struct subject *subject);
/* A line for the subject, one or two for each finding. */
void text_subject_short(struct text *text, const struct subject *subject);
/* " with 8 threads"; "" where the program itself decides. */
const char *text_threads(struct text *text, const struct run *run);
/* subject: whose rates to show; NULL: none. */
void text_finding_full(struct text *text, const struct finding *finding,
		       const struct subject *subject);
/* New ones first, known ones last; gives how many from the first on are to be
 * shown in full. */
size_t text_sort_by_standing(struct text *text, const struct subject *subject,
			     struct sight *sights, size_t count);
/* Is it in the baseline? */
bool text_is_known(const struct sight *sight);
/* "standing  new: ..."; nothing without a baseline. */
void text_standing(struct text *text, const struct finding *finding);
/* ": 2 new, 5 known"; "" without a baseline. */
const char *text_standing_counts(struct arena *arena,
				 const struct result *result);
/* The two sides, the place, threads and mutexes. */
void text_report(struct text *text, const struct finding *finding);

#endif
