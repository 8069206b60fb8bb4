/*
 * Findings into entries, and entries into lines.
 */
#include <string.h>

#include "base/stats.h"
#include "cmd/baseline_part.h"
#include "cmd/show.h"
#include "judge/baseline_match.h"
#include "judge/policy.h"
#include "model/place.h"
#include "model/result_json.h"

bool baseline_read_result(struct baseline_command *c, const char *path,
			  struct result *result)
{
	const struct policy policy = {.baseline = &c->baseline,
				      .today = c->today};

	if (!result_read(result_file(&c->arena, path), result, &c->err))
		return false;
	policy_judge(result, &policy);
	return true;
}

/* A log's name is that of one run; other ids last. */
static const char *lasting_subject(const struct result *result,
				   const struct finding *finding)
{
	for (size_t i = 0; i < result->subject_count; i++)
		if (finding->subject &&
		    !strcmp(result->subjects[i].id, finding->subject))
			return result->subjects[i].type == SUBJECT_LOG
				       ? NULL
				       : finding->subject;
	return NULL;
}

static void fill(struct baseline_command *c, struct baseline_entry *entry,
		 const char *reason)
{
	struct arena *arena = &c->baseline.arena;

	entry->reason = arena_dup(arena, reason);
	entry->owner = arena_dup(arena, c->owner);
	entry->link = arena_dup(arena, c->link);
	entry->expires = arena_dup(arena, c->expires);
	entry->added = arena_dup(arena, c->today);
}

static size_t renew(struct baseline_command *c, const struct finding *finding,
		    const char *reason)
{
	struct arena scratch = {0};
	bool *is_of_it = arena_alloc(&scratch, c->baseline.entry_count + 1);
	size_t renewed = 0;

	baseline_mark(&c->baseline, finding, is_of_it);
	for (size_t i = 0; i < c->baseline.entry_count; i++) {
		struct baseline_entry *entry = &c->baseline.entries[i];

		if (!is_of_it[i] || !baseline_entry_is_expired(entry, c->today))
			continue;
		fill(c, entry, reason);
		renewed++;
	}
	arena_release(&scratch);
	return renewed;
}

static void print_finding(struct baseline_command *c, enum style style,
			  const char *word, const struct finding *finding,
			  const char *tail)
{
	sheet_put(&c->sheet, style, "%-9s", word);
	sheet_put(&c->sheet, STYLE_PLAIN, "%.*s  %s%s%s", BASELINE_SHORT,
		  finding->fingerprint, place_finding(&c->arena, finding),
		  tail ? ": " : "", tail ? tail : "");
	sheet_newline(&c->sheet);
}

void baseline_take_in(struct baseline_command *c, const struct result *result,
		      struct finding *finding, const char *reason,
		      const char *by)
{
	struct baseline_match match =
		baseline_match(&c->baseline, finding, c->today, &c->arena);
	struct baseline_entry *entry;
	size_t renewed;

	if (match.standing == STANDING_KNOWN) {
		c->there++;
		print_finding(c, STYLE_PLAIN, "there", finding, match.why);
		return;
	}
	if (baseline_is_nameless(finding)) {
		print_finding(c, STYLE_WARNING, "refused", finding,
			      "ThreadSanitizer lost both stacks and does not "
			      "say what is raced on, so it cannot be told from "
			      "other races (history_size=7 keeps more)");
		return;
	}
	if (finding->report && finding->report->kind == KIND_TSAN_FATAL) {
		print_finding(c, STYLE_WARNING, "refused", finding,
			      "it is ThreadSanitizer's own failure");
		return;
	}
	renewed = renew(c, finding, reason);
	entry = baseline_entry_add(&c->baseline, finding,
				   lasting_subject(result, finding));
	if (entry)
		fill(c, entry, reason);
	c->renewed += renewed;
	c->added += entry != NULL;
	print_finding(c, STYLE_GOOD, entry ? "added" : "renewed", finding, by);
}

bool baseline_store(struct baseline_command *c)
{
	if (c->added || c->renewed)
		if (!baseline_write(&c->baseline, c->path, &c->err))
			return false;
	sheet_put(&c->sheet, STYLE_STRONG, "%s: %zu added, ", c->path,
		  c->added);
	if (c->renewed)
		sheet_put(&c->sheet, STYLE_STRONG, "%zu renewed, ", c->renewed);
	sheet_put(&c->sheet, STYLE_STRONG, "%zu there already; %s", c->there,
		  stats_plural(&c->arena, c->baseline.entry_count, "entry",
			       "entries"));
	sheet_newline(&c->sheet);
	return true;
}

void baseline_print_entry(struct baseline_command *c, enum style style,
			  const char *word, const struct baseline_entry *entry,
			  const char *tail)
{
	const char *places = "";

	for (size_t i = 0; i < entry->side_count && i < 2; i++)
		places = arena_printf(&c->arena, "%s%s%s", places,
				      i ? " and " : " between ",
				      entry->sides[i]);
	if (entry->side_count == 1)
		places = arena_printf(&c->arena, " in %s", entry->sides[0]);
	sheet_put(&c->sheet, style, "%-9s", word);
	sheet_put(&c->sheet, STYLE_PLAIN, "%.*s  %s%s%s%s", BASELINE_SHORT,
		  entry->fingerprint,
		  entry->outcome ? entry->outcome
		  : entry->kind  ? entry->kind
				 : "finding",
		  places, tail ? ": " : "", tail ? tail : "");
	sheet_newline(&c->sheet);
}
