/*
 * What a log does not prove is said here, and makes its verdict an error
 * before anybody judges its findings: new ones go before that, known ones do
 * not.
 */
#include "base/stats.h"
#include "gather/gather_part.h"
#include "judge/verdict.h"
#include "model/finding_index.h"

static const char *reports_text(struct arena *arena, uint64_t n)
{
	return stats_plural(arena, n, "report", "reports");
}

/* A sentence why nothing can be concluded from what is not there; NULL: it
 * can. */
static const char *trouble(struct gather *g, const struct tsan_counts *now)
{
	struct arena *arena = &g->result->arena;
	uint64_t bytes = now->bytes - g->before.bytes;
	uint64_t reported = now->reported - g->before.reported;

	if (g->fatal)
		return arena_printf(arena, "ThreadSanitizer itself failed: %s",
				    g->fatal);
	if (g->cut)
		return arena_printf(
			arena,
			"%s cut off before saying where, the first (%s) at "
			"line %s",
			stats_plural(arena, g->cut, "report was",
				     "reports were"),
			g->cut_kind, stats_count(arena, g->cut_line));
	if (g->run->reports)
		return NULL;
	if (reported)
		return arena_printf(
			arena,
			"the program says that ThreadSanitizer made %s, and "
			"none of the text is in this log",
			reports_text(arena, reported));
	return arena_printf(arena,
			    "no report in %s; cannot tell whether "
			    "ThreadSanitizer ran",
			    stats_plural(arena, bytes, "byte", "bytes"));
}

static void note_loss(struct gather *g, const struct tsan_counts *now)
{
	struct arena *arena = &g->result->arena;
	uint64_t incomplete = now->incomplete - g->before.incomplete;
	uint64_t reported = now->reported - g->before.reported;
	uint64_t suppressed = now->suppressed - g->before.suppressed;

	if (incomplete > g->cut)
		subject_note(g->result, g->subject,
			     "%s of %s incomplete; what is missing is said "
			     "with each finding",
			     stats_count(arena, incomplete - g->cut),
			     reports_text(arena, g->run->reports));
	if (g->warnings && reported > g->warnings)
		subject_note(g->result, g->subject,
			     "the program says that ThreadSanitizer made %s, "
			     "and %s in this log: the others are lost, or were "
			     "counted again by a process that it forked",
			     reports_text(arena, reported),
			     stats_plural(arena, g->warnings, "is", "are"));
	if (suppressed)
		subject_note(g->result, g->subject,
			     "%s matched suppressions and %s not in this log",
			     reports_text(arena, suppressed),
			     suppressed == 1 ? "is" : "are");
	if (g->run->dropped)
		subject_note(g->result, g->subject,
			     "%s of further findings could not be kept: there "
			     "are %s already",
			     reports_text(arena, g->run->dropped),
			     stats_count(arena, UNITE_MAX_FINDINGS));
}

void gather_say(struct gather *g)
{
	const struct tsan_counts *now = tsan_parser_counts(g->parser);
	const char *why = trouble(g, now);

	if (g->subject->verdict == VERDICT_NONE && why) {
		g->subject->verdict = VERDICT_ERROR;
		g->subject->why = why;
	} else if (g->subject->verdict == VERDICT_NONE && g->run->dropped) {
		g->subject->verdict = VERDICT_ERROR;
		g->subject->why = "there are more findings than can be kept";
	}
	note_loss(g, now);
}
