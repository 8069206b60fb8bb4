/*
 * text_parts.h - the parts of the text report; for text*.c alone.
 */
#ifndef SNAG_REPORTS_TEXT_PARTS_H
#define SNAG_REPORTS_TEXT_PARTS_H

#include "reports/phrase.h"
#include "reports/renderer.h"
#include "reports/sheet.h"
#include "reports/sights.h"

/* Nobody reads more of one thing; and a hostile result must not cost more. */
enum { TEXT_MOST_FINDINGS = 200, TEXT_MOST_SHORT = 20, TEXT_MOST_PARTS = 64 };

/* The result, and what is being printed. */
struct text {
	const struct result *result;
	const struct render_options *options;
	struct sheet *sheet;
	struct arena arena; /* as long as the report is made */
	struct sights sights;
};

struct text text_begin(const struct result *result, struct sheet *sheet,
		       const struct render_options *options);
void text_end(struct text *text);
/* Iterations of all its runs. */
uint64_t text_iterations(const struct subject *subject);

/* "UNEXPECTED", "broken, as expected" and the like, and their style. */
const char *text_verdict(const struct subject *subject);
enum style text_verdict_style(enum verdict verdict);

void text_table(struct text *text);
/* Is it of logs alone?  Then text_logs stands for table and subjects. */
bool text_is_of_logs(const struct result *result);
void text_logs(struct text *text);
/* Each log that holds the finding: the line of the first report, and how many
 * there are. */
void text_seen_in_logs(struct text *text, const char *fingerprint);
void text_subject(struct text *text, const struct subject *subject);
/* A line for the subject, one or two for each finding. */
void text_subject_short(struct text *text, const struct subject *subject);
/* Each run of the subject: how many, how they ended, what they printed. */
void text_runs(struct text *text, const struct subject *subject);
/* How often each run saw the finding. */
void text_rates(struct text *text, const struct subject *subject,
		const char *fingerprint);
/* "5 iterations" of a scenario, "5 runs" of anything else. */
const char *text_times(struct text *text, const struct subject *subject,
		       uint64_t n);
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
