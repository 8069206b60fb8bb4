#include <stdlib.h>
#include <string.h>

#include "judge/baseline_part.h"
#include "judge/own_frame.h"
#include "model/place.h"

enum { PATH_BYTES = 4096 };

/* "bump (src/counter.c)"; the folders of one machine are nothing for another.
 */
static const char *frame_text(struct arena *arena, const struct frame *frame)
{
	char buf[PATH_BYTES];
	const char *name =
		place_function(arena, own_frame_plain_name(frame->function));
	const char *file = frame->file;
	const char *slash = frame->module ? strrchr(frame->module, '/') : NULL;

	if (!name)
		return arena_printf(arena, "%s+0x%llx",
				    slash           ? slash + 1
				    : frame->module ? frame->module
						    : "unknown",
				    (unsigned long long)frame->offset);
	if (!file || !*file || *file == '<')
		return name;
	if (*file == '/')
		file = fingerprint_path(file, buf, sizeof(buf));
	return arena_printf(arena, "%s (%s)", name, file);
}

static const char *stack_text(struct arena *arena, const struct stack *stack)
{
	/* Cut off within a library, it says nothing. */
	if (!stack->count || (stack->is_lost && !own_frame_exists(stack)))
		return "?";
	return frame_text(arena, own_frame_first(stack));
}

static void add_side(struct arena *arena, struct baseline_entry *entry,
		     const char *text, bool is_set)
{
	const char **slot;

	for (size_t i = 0; is_set && i < entry->side_count; i++)
		if (!strcmp(entry->sides[i], text))
			return;
	if (entry->side_count < BASELINE_MAX_SIDES) {
		slot = arena_push(arena, &entry->sides, &entry->side_count,
				  sizeof(*slot));
		*slot = text;
	}
}

static int by_text(const void *a, const void *b)
{
	const char *const *x = a, *const *y = b;

	/* "?" last. */
	if ((**x == '?') != (**y == '?'))
		return **x == '?' ? 1 : -1;
	return strcmp(*x, *y);
}

/* Sorted: which side is the newer one changes from run to run. */
static void add_sides(struct arena *arena, struct baseline_entry *entry,
		      const struct report *report)
{
	bool is_race = kind_is_race(report->kind);

	for (size_t i = 0; is_race && i < 2; i++) {
		const struct access *side = report_side(report, i);

		add_side(arena, entry,
			 side ? stack_text(arena, &side->stack) : "?", false);
	}
	for (size_t i = 0; !is_race && i < report->access_count; i++)
		if (report->accesses[i].stack.count)
			add_side(arena, entry,
				 stack_text(arena, &report->accesses[i].stack),
				 true);
	if (!entry->side_count && report->thread_count &&
	    report->threads[0].created.count)
		add_side(arena, entry,
			 stack_text(arena, &report->threads[0].created), true);
	if (entry->side_count)
		qsort(entry->sides, entry->side_count, sizeof(*entry->sides),
		      by_text);
}

static const char *data_text(struct arena *arena, const struct report *report)
{
	const struct location *at =
		report->location_count ? &report->locations[0] : NULL;
	const char *where =
		at && at->stack.count ? stack_text(arena, &at->stack) : NULL;

	switch (at ? at->type : LOCATION_NONE) {
	case LOCATION_GLOBAL:
		return at->name ? arena_printf(arena, "global '%s'", at->name)
				: NULL;
	case LOCATION_OBJECT:
		return at->name ? arena_printf(arena, "object of type %s",
					       at->name)
				: NULL;
	case LOCATION_HEAP:
		return at->name ? at->name
		       : where  ? arena_printf(arena, "heap block made in %s",
					       where)
				: "heap block";
	case LOCATION_FD:
		return where ? arena_printf(arena, "descriptor made in %s",
					    where)
			     : "file descriptor";
	case LOCATION_STACK:
		return "a thread's stack";
	case LOCATION_TLS:
		return "thread-local storage";
	default:
		return NULL;
	}
}

static void describe(struct arena *arena, struct baseline_entry *entry,
		     const struct asked *asked, const char *subject)
{
	const struct finding *f = asked->finding;

	entry->fingerprint = arena_dup(arena, asked->print.race);
	for (size_t i = 0; asked->is_race && i < 2; i++)
		entry->side_hashes[i] = arena_dup(arena, asked->print.sides[i]);
	entry->kind = arena_dup(
		arena, kind_name(f->report ? f->report->kind : KIND_UNKNOWN));
	entry->outcome = arena_dup(arena, f->outcome);
	if (f->cause_count)
		entry->cause = arena_dup(arena, f->causes[0].cause);
	entry->subject = arena_dup(arena, subject);
	if (!f->report)
		return;
	add_sides(arena, entry, f->report);
	entry->data = data_text(arena, f->report);
}

static bool is_said(const struct baseline *baseline, const struct asked *asked,
		    const char *family)
{
	for (size_t i = 0; i < baseline->entry_count; i++)
		if (baseline_covers(asked, &baseline->entries[i], family))
			return true;
	return false;
}

struct baseline_entry *baseline_entry_add(struct baseline *baseline,
					  const struct finding *finding,
					  const char *subject)
{
	struct arena *arena = &baseline->arena;
	const struct asked asked = baseline_ask(finding);
	struct baseline_entry entry = {0}, *slot;

	for (size_t i = 0; i < asked.family_count; i++)
		if (!is_said(baseline, &asked, asked.families[i]))
			*(const char **)arena_push(arena, &entry.families,
						   &entry.family_count,
						   sizeof(char *)) =
				arena_dup(arena, asked.families[i]);
	if (asked.family_count ? !entry.family_count
			       : is_said(baseline, &asked, NULL))
		return NULL;
	describe(arena, &entry, &asked, subject);
	slot = arena_push(arena, &baseline->entries, &baseline->entry_count,
			  sizeof(*slot));
	*slot = entry;
	return slot;
}
