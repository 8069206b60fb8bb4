/*
 * ledger.h - what a result has to tell, the important first.
 *
 * One entry for each finding, however many subjects saw it, and one for each
 * subject that failed without a finding to blame: what was missed, a bad exit,
 * an error.  The order is the same for the same result: what fails and is new,
 * what fails, subjects that failed, errors, what was expected, what is known;
 * within these the graver kinds first.
 */
#ifndef SNAG_REPORTS_LEDGER_H
#define SNAG_REPORTS_LEDGER_H

#include "reports/sights.h"

enum severity { SEVERITY_MINOR = 0, SEVERITY_MAJOR, SEVERITY_CRITICAL };

struct entry {
	const struct finding *finding; /* NULL: the subject itself */
	/* The first that it fails, else the first that saw it; NULL: none of
	 * the result. */
	const struct subject *subject;
	bool fails;    /* the gate */
	bool is_error; /* nothing can be concluded of the subject */
	enum severity severity;
	enum grade grade; /* in that subject */
	const char *why;  /* the sentence of that grade; of a subject, that of
			     its verdict */
	uint64_t hits, iterations; /* of all subjects */
	size_t subject_count;      /* that saw it */
	size_t order;              /* in the result */
};

struct ledger {
	const struct result *result;
	struct sights sights;
	struct entry *entries;
	size_t count;
	size_t failing, errors, known; /* how many of them */
};

struct ledger ledger_begin(const struct result *result);
void ledger_end(struct ledger *ledger);
/* Does what that subject saw fail the gate?  Not what the baseline holds, nor
 * what a scenario allows or requires; nothing, where the exit code is 0. */
bool sight_fails(const struct result *result, const struct subject *subject,
		 const struct sight *sight);
/* "Data race of f (a.c:1) with itself, very likely lost-update", "Scenario
 * a/b: missed: ..." */
const char *entry_sentence(struct arena *arena, const struct entry *entry);
/* What it is filed under: the cause, or the verdict of the subject. */
const char *entry_rule(const struct entry *entry);

#endif
