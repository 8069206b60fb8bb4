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
/* The two sides, the place, threads and mutexes. */
void text_report(struct text *text, const struct finding *finding);

#endif
