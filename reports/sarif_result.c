#include <stdlib.h>
#include <string.h>

#include "base/stats.h"
#include "model/json_put.h"
#include "reports/phrase.h"
#include "reports/sarif_parts.h"

static json_t *message_of(struct arena *arena, const struct entry *entry)
{
	return sarif_message(arena, arena_printf(arena, "%s.",
						 entry_sentence(arena, entry)));
}

static int by_name(const void *a, const void *b)
{
	const char *const *x = a, *const *y = b;

	return strcmp(*x, *y);
}

static void put_rule(struct arena *arena, const struct sarif *sarif,
		     json_t *object, const struct entry *entry)
{
	const char *id = phrase_line(arena, entry_rule(entry), 64);
	const char **found = bsearch(&id, sarif->rules, sarif->rule_count,
				     sizeof(*sarif->rules), by_name);

	put_text(arena, object, "ruleId", id);
	if (found)
		put_count(object, "ruleIndex",
			  (uint64_t)(found - sarif->rules));
}

static json_t *fingerprints(struct arena *arena, const struct sarif *sarif,
			    size_t i)
{
	const struct entry *entry = &sarif->ledger.entries[i];
	json_t *object = json_object();

	put_text(arena, object, "primaryLocationLineHash",
		 sarif->line_hashes[i]);
	if (entry->finding) {
		put_text(arena, object, "snagRace/v1",
			 entry->finding->fingerprint);
		put_text(arena, object, "snagFamily/v1",
			 entry->finding->family);
	} else {
		put_text(arena, object, "snagSubject/v1", entry->subject->id);
	}
	return object;
}

static void put_standing(struct arena *arena, json_t *object,
			 const struct finding *finding)
{
	json_t *suppression;

	if (finding->standing == STANDING_NONE)
		return;
	put_text(arena, object, "baselineState",
		 finding->standing == STANDING_NEW ? "new" : "unchanged");
	if (finding->standing != STANDING_KNOWN)
		return;
	suppression = json_object();
	put_text(arena, suppression, "kind", "external");
	put_text(arena, suppression, "status", "accepted");
	put_text(arena, suppression, "justification",
		 finding->standing_why ? finding->standing_why
				       : "the baseline holds it");
	json_object_set_new(object, "suppressions",
			    json_pack("[o]", suppression));
}

/* 0 to 100: how sure the cause is. */
static void put_rank(json_t *object, const struct finding *finding)
{
	double rank =
		finding->cause_count ? finding->causes[0].confidence * 100 : -1;

	if (rank >= 0 && rank <= 100)
		json_object_set_new(object, "rank", json_real(rank));
}

static json_t *properties(struct arena *arena, const struct entry *entry)
{
	const struct finding *finding = entry->finding;
	json_t *object = json_object();

	if (finding) {
		put_text(arena, object, "kind",
			 finding->report ? kind_name(finding->report->kind)
					 : NULL);
		put_text(arena, object, "outcome", finding->outcome);
		put_text(arena, object, "practice", finding->practice);
		put_text(arena, object, "shownBy", finding->shown_by);
		put_text(arena, object, "report", finding->report_path);
		put_text(arena, object, "schedule", finding->schedule);
		put_text(arena, object, "effect", finding->effect);
		put_text(arena, object, "effectWhy", finding->effect_why);
		put_text(arena, object, "effectSchedule",
			 finding->effect_kept ? finding->effect_kept->file
					      : NULL);
	}
	if (entry->subject) {
		put_text(arena, object, "subject", entry->subject->id);
		if (entry->subject->type == SUBJECT_SCENARIO && finding) {
			put_text(arena, object, "grade",
				 grade_name(entry->grade));
			put_text(arena, object, "gradeWhy", entry->why);
		}
	}
	if (entry->iterations)
		put_text(arena, object, "rate",
			 stats_rate(arena, entry->hits, entry->iterations));
	return object;
}

static json_t *primary(struct arena *arena, const struct entry *entry)
{
	struct spot spot = spot_of_entry(arena, entry);
	const char *source = NULL;
	size_t side;

	if (entry->finding && spot_first_side(entry->finding, &side))
		source = spot_source(entry->finding, side);
	return json_pack("[o]", sarif_location(arena, &spot, source));
}

json_t *sarif_result(struct arena *arena, struct sarif *sarif, size_t i)
{
	const struct entry *entry = &sarif->ledger.entries[i];
	json_t *object = json_object();

	put_rule(arena, sarif, object, entry);
	put_text(arena, object, "level", entry->fails ? "error" : "note");
	json_object_set_new(object, "message", message_of(arena, entry));
	json_object_set_new(object, "locations", primary(arena, entry));
	if (entry->finding) {
		sarif_put_sides(arena, sarif, object, entry->finding);
		put_count_if(object, "occurrenceCount", entry->finding->count);
	}
	json_object_set_new(object, "partialFingerprints",
			    fingerprints(arena, sarif, i));
	if (entry->finding) {
		put_rank(object, entry->finding);
		put_standing(arena, object, entry->finding);
	}
	json_object_set_new(object, "properties", properties(arena, entry));
	return object;
}
