/*
 * phrase.h - what results say, in the words that all reports share.
 *
 * Texts belong to the arena.  They may quote the tested program: only
 * phrase_line() makes them fit to be shown.
 */
#ifndef SNAG_REPORTS_PHRASE_H
#define SNAG_REPORTS_PHRASE_H

#include "base/arena.h"
#include "model/result.h"

/* Has it any, or nothing at all? */
bool phrase_has_scenarios(const struct result *result);
/* "all as expected", "nothing was tested" */
const char *phrase_exit(const struct result *result);
/* "3 scenarios: 1 missed, 2 as expected; 1 finding" */
const char *phrase_counts(struct arena *arena, const struct result *result);
/* "44 ms", "1.2 s" */
const char *phrase_duration(struct arena *arena, uint64_t ms);
/* "almost certainly", "possibly" */
const char *phrase_confidence(double confidence);
/* "Data race between f (a.c:1) and g (a.c:9), very likely lost-update" */
const char *phrase_finding(struct arena *arena, const struct finding *finding);

/* "thread T1 'adder'", "the main thread" */
const char *phrase_thread(struct arena *arena, const struct report *report,
			  const char *id);
/* "earlier write of 4 bytes by thread T1 'adder', holding no mutex" */
const char *phrase_access(struct arena *arena, const struct report *report,
			  const struct access *access);
/* " in f (a.c:1)", or "" when nothing there is the program's own. */
const char *phrase_at(struct arena *arena, const struct stack *stack);
/* "global 'total' of 4 bytes"; NULL: nothing is known of it. */
const char *phrase_location(struct arena *arena, const struct report *report,
			    const struct location *location);

/* The sentence for its verdict; of a program that failed without one, how its
 * runs ended; NULL: not said. */
const char *phrase_why(struct arena *arena, const struct subject *subject);
/* "missed: required and not seen: ...": the verdict, and why. */
const char *phrase_verdict(struct arena *arena, const struct subject *subject);
/* The last few lines of what a program printed; none for NULL. */
const char **phrase_last_lines(struct arena *arena, const char *words,
			       size_t *count);
/* Of a run under explore, what it did, how its schedules were shared out among
 * strategies, and what it did not control; NULL: nothing to be said. */
const char *phrase_explored(struct arena *arena, const struct run *run);
const char *phrase_strategies(struct arena *arena, const struct run *run);
const char *phrase_uncontrolled(struct arena *arena, const struct run *run);
/* The least rate that PCT promises, where it alone ran; or NULL. */
const char *phrase_pct_bound(struct arena *arena, const struct run *run);
/* "surw, iteration 7 with 2 threads": of the first sight. */
const char *phrase_kept(struct arena *arena, const struct kept *kept);
/* "wrong outcome: lost in 7 of 250 steered schedules", when explore was steered
 * into it; NULL: it was not. */
const char *phrase_effect(struct arena *arena, const struct finding *finding);
/* One line of valid UTF-8 without control bytes, cut with "..." to about so
 * many bytes; "" for NULL. */
const char *phrase_line(struct arena *arena, const char *text, size_t most);

#endif
