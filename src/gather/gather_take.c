#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "gather/gather_part.h"
#include "judge/fingerprint.h"
#include "judge/paths.h"

enum { MAX_FATAL_BYTES = 200 };

/* A report that was cut off before it says where would be one finding with all
 * others of that sort. */
static bool is_cut_early(const struct report *report)
{
	char places[FINGERPRINT_MAX_PLACES][FINGERPRINT_HEX + 1];

	return report->is_incomplete && !fingerprint_places(report, places);
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
	if (g->cut++)
		return;
	g->cut_line = report->first_line;
	g->cut_kind = kind_name(report->kind);
}

/* The outcome that a deadly signal is; NULL: it is none. */
static const char *take_signal(struct report *report)
{
	const char *outcome;

	if (report->kind != KIND_DEADLY_SIGNAL)
		return NULL;
	outcome = report_deadly_outcome(report);
	report->kind = kind_by_outcome(outcome);
	return outcome;
}

void gather_take(void *context, const struct tsan_found *found)
{
	struct gather *g = context;
	struct report *report = found->report;
	const char *outcome = take_signal(report);
	bool is_fatal = report->kind == KIND_TSAN_FATAL;
	size_t finding;

	g->run->reports++;
	g->warnings += !is_fatal && !outcome;
	if (is_fatal && !g->fatal)
		g->fatal = message_of(&g->result->arena, found);
	if (!is_fatal && is_cut_early(report)) {
		count_cut(g, report);
		return;
	}
	for (size_t i = 0; i < g->options->root_count; i++)
		paths_shorten_below(g->options->roots[i], report);
	finding = unite_add(g->unite, report, outcome, g->subject->id);
	if (finding == UNITE_FULL) {
		g->run->dropped++;
		return;
	}
	g->result->findings[finding].count++;
	count_in_run(g, finding, report->first_line);
}
