#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "gather/gather_part.h"
#include "judge/paths.h"

enum { MAX_FATAL_BYTES = 200 };

/* Does it say where, in any way?  A report that was cut off after its first
 * line does not, and would be one finding with all others of that sort. */
static bool has_place(const struct report *report)
{
	for (size_t i = 0; i < report->access_count; i++)
		if (report->accesses[i].stack.count)
			return true;
	for (size_t i = 0; i < report->thread_count; i++)
		if (report->threads[i].created.count)
			return true;
	return false;
}

/* ThreadSanitizer prints a signal by name: an abort is one too. */
static const char *outcome_of_signal(const struct report *report)
{
	bool is_abort =
		report->signal == SIGABRT ||
		(report->kind_text && strstr(report->kind_text, "ABRT"));

	return kind_table[is_abort ? KIND_ABORT : KIND_CRASH].outcome;
}

/* The message, without what stands before and after its line. */
static const char *message_of(struct arena *arena,
			      const struct tsan_found *found)
{
	const char *at = memmem(found->text, found->text_len, "ThreadSanitizer",
				strlen("ThreadSanitizer"));
	size_t len;

	if (!at)
		at = found->text;
	len = strcspn(at, "\r\n");
	return text_clean(arena, at,
			  len < MAX_FATAL_BYTES ? len : MAX_FATAL_BYTES, false);
}

static uint32_t *slot_of(struct gather *g, size_t finding)
{
	size_t count = g->slot_count;

	if (finding < count)
		return &g->slots[finding];
	count = count ? 2 * count : 64;
	while (count <= finding)
		count *= 2;
	g->slots = must_realloc(g->slots, count * sizeof(*g->slots));
	memset(g->slots + g->slot_count, 0,
	       (count - g->slot_count) * sizeof(*g->slots));
	g->slot_count = count;
	return &g->slots[finding];
}

static void count_in_run(struct gather *g, size_t finding, uint64_t line)
{
	struct run *run = g->run;
	uint32_t *slot = slot_of(g, finding);
	struct run_finding *seen;

	if (!*slot) {
		seen = arena_push(&g->result->arena, &run->findings,
				  &run->finding_count, sizeof(*seen));
		seen->fingerprint = g->result->findings[finding].fingerprint;
		seen->grade = GRADE_NONE;
		*slot = (uint32_t)run->finding_count;
	}
	seen = &run->findings[*slot - 1];
	seen->hits++;
	/* Reports end in another order than they begin. */
	if (!seen->first || line < seen->first)
		seen->first = line;
}

static void count_cut(struct gather *g, const struct report *report)
{
	if (!g->cut++)
		g->cut_line = report->first_line;
}

void gather_take(void *context, const struct tsan_found *found)
{
	struct gather *g = context;
	struct report *report = found->report;
	const char *outcome = NULL;
	size_t finding;

	g->run->reports++;
	for (size_t i = 0; i < g->options->root_count; i++)
		paths_shorten_below(g->options->roots[i], report);
	if (report->kind == KIND_TSAN_FATAL) {
		if (!g->fatal)
			g->fatal = message_of(&g->result->arena, found);
	} else if (report->kind == KIND_DEADLY_SIGNAL) {
		outcome = outcome_of_signal(report);
		report->kind = kind_by_outcome(outcome);
	} else {
		g->warnings++;
		if (report->is_incomplete && !has_place(report)) {
			count_cut(g, report);
			return;
		}
	}
	finding = unite_add(g->unite, report, outcome, g->subject->id);
	if (finding == UNITE_FULL) {
		g->run->dropped++;
		return;
	}
	g->result->findings[finding].count++;
	count_in_run(g, finding, report->first_line);
}
