/*
 * verdict.h - was what came of it what had to come of it?
 *
 * judge_scenario grades every outcome and finding of a scenario's runs, fills
 * their intervals, and sets verdict and `why`, one finished sentence; what a
 * reader must know besides goes into notes.  A finding is a fact: it is judged
 * before any trouble.  Judge a subject once: notes are added to those there.
 */
#ifndef SNAG_JUDGE_VERDICT_H
#define SNAG_JUDGE_VERDICT_H

#include "model/result.h"

/* Fewer iterations than that prove little, and a clean result says so. */
enum { VERDICT_FEW_ITERATIONS = 300 };

struct judged {
	enum verdict verdict;
	const char *why;
};

/*
 * SKIPPED and ERROR that a campaign has set stay, with their `why`, unless
 * something unexpected was seen.  Without any iteration it is an error, or
 * skipped if the campaign was interrupted.
 */
void judge_scenario(struct result *result, struct subject *subject);
/* Of a judged subject, notes on how far explore got, and on what it does not
 * control. */
void judge_notes_explore(struct result *result, struct subject *subject);
/* What a judged scenario comes to, once more and without notes; is_forgiven:
 * as if nothing forbidden had been seen. */
struct judged judge_again(struct result *result, struct subject *subject,
			  bool is_forgiven);
/*
 * The verdict of the whole, the worst there is, and the exit code: 130 when
 * interrupted; else 1 for a finding, before 3 for trouble or when nothing was
 * tested, before 0.  A subject without a verdict is trouble; one that counts
 * as something else (counted_as) does so for the exit code.
 */
void judge_result(struct result *result);

#endif
