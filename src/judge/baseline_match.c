#include "judge/baseline_match.h"

#include <stdio.h>
#include <string.h>

#include "judge/baseline_part.h"

/* How the places of an entry and a finding go together. */
enum fit {
	FIT_NOT,
	FIT_STRICT, /* if they are on the very same data */
	FIT_WELL,
};

struct asked baseline_ask(const struct finding *finding)
{
	struct asked asked = {.finding = finding};
	enum kind kind = finding->report ? finding->report->kind : KIND_UNKNOWN;

	asked.is_race = kind_is_race(kind);
	if (asked.is_race)
		fingerprint_of(finding->report, &asked.print);
	/* As it was stored: what was cut from its frames is not known here. */
	snprintf(asked.print.race, sizeof(asked.print.race), "%s",
		 finding->fingerprint);
	for (size_t i = 0; i < finding->family_count; i++)
		if (asked.family_count < BASELINE_MAX_FAMILIES &&
		    !fingerprint_family_is_unsaid(&asked.print, kind,
						  finding->families[i]))
			asked.families[asked.family_count++] =
				finding->families[i];
	return asked;
}

static bool has_side(const char *const sides[2], const char *side)
{
	return *side && sides[0] &&
	       (!strcmp(sides[0], side) || !strcmp(sides[1], side));
}

static enum fit fit_of(const struct asked *asked,
		       const struct baseline_entry *entry)
{
	const char *const own[2] = {asked->print.sides[0],
				    asked->print.sides[1]};

	if (!strcmp(entry->fingerprint, asked->print.race))
		return asked->is_race && !*own[0] && !*own[1] ? FIT_STRICT
							      : FIT_WELL;
	/* Sorted: a lost side is the first. */
	if (asked->is_race && !*own[0] && has_side(entry->side_hashes, own[1]))
		return FIT_WELL;
	if (asked->is_race && entry->side_hashes[0] && !*entry->side_hashes[0])
		return has_side(own, entry->side_hashes[1]) ? FIT_STRICT
							    : FIT_NOT;
	return FIT_NOT;
}

/* family NULL: the finding does not say. */
static bool covers(const struct baseline_entry *entry, enum fit fit,
		   const char *family)
{
	if (fit == FIT_NOT)
		return false;
	if (!family || !entry->family_count)
		return fit == FIT_WELL;
	return baseline_has_family(entry, family);
}

bool baseline_covers(const struct asked *asked,
		     const struct baseline_entry *entry, const char *family)
{
	return covers(entry, fit_of(asked, entry), family);
}

bool baseline_entry_is_expired(const struct baseline_entry *entry,
			       const char *today)
{
	return entry->expires && strcmp(today, entry->expires) > 0;
}

void baseline_mark(const struct baseline *baseline,
		   const struct finding *finding, bool *is_of_it)
{
	const struct asked asked = baseline_ask(finding);

	for (size_t i = 0; i < baseline->entry_count; i++) {
		const struct baseline_entry *entry = &baseline->entries[i];
		enum fit fit = fit_of(&asked, entry);

		if (!asked.family_count)
			is_of_it[i] |= covers(entry, fit, NULL);
		for (size_t j = 0; j < asked.family_count; j++)
			is_of_it[i] |= covers(entry, fit, asked.families[j]);
	}
}

bool baseline_is_nameless(const struct finding *finding)
{
	const struct asked asked = baseline_ask(finding);

	return asked.is_race && !*asked.print.sides[1] && !asked.family_count;
}

/* What the baseline says of one family: the entry of longest duration. */
static struct baseline_match look_up(const struct baseline *baseline,
				     const struct asked *asked,
				     const char *family, const char *today)
{
	struct baseline_match best = {.standing = STANDING_NEW};

	for (size_t i = 0; i < baseline->entry_count; i++) {
		struct baseline_entry *entry = &baseline->entries[i];
		enum fit fit = fit_of(asked, entry);

		if (!covers(entry, fit, family)) {
			if (fit == FIT_WELL && best.standing == STANDING_NEW)
				best.entry = entry;
			continue;
		}
		if (!baseline_entry_is_expired(entry, today))
			return (struct baseline_match){
				.standing = STANDING_KNOWN, .entry = entry};
		if (best.standing == STANDING_NEW ||
		    strcmp(entry->expires, best.entry->expires) > 0)
			best = (struct baseline_match){
				.standing = STANDING_EXPIRED, .entry = entry};
	}
	return best;
}

/* " (alice, https://...)" */
static const char *who_and_where(struct arena *arena,
				 const struct baseline_entry *entry)
{
	if (!entry->owner && !entry->link)
		return "";
	return arena_printf(arena, " (%s%s%s)",
			    entry->owner ? entry->owner : "",
			    entry->owner && entry->link ? ", " : "",
			    entry->link ? entry->link : "");
}

static const char *why(struct arena *arena, const struct asked *asked,
		       const struct baseline_match *match)
{
	const struct baseline_entry *entry = match->entry;

	if (match->standing == STANDING_NEW && entry)
		return asked->is_race
			       ? "the same places race on other data than the "
				 "baseline's entry says"
			       : "the baseline's entry for the same places "
				 "speaks of other locks";
	if (match->standing == STANDING_NEW)
		return "the baseline does not have it";
	return arena_printf(
		arena, "in the baseline%s%s%s: %s%s",
		entry->expires ? " until " : "",
		entry->expires ? entry->expires : "",
		match->standing == STANDING_EXPIRED ? ", which is past" : "",
		entry->reason, who_and_where(arena, entry));
}

/* The less is known, the greater. */
static int gravity(enum standing standing)
{
	return standing == STANDING_NEW ? 2 : standing == STANDING_EXPIRED;
}

struct baseline_match baseline_match(const struct baseline *baseline,
				     const struct finding *finding,
				     const char *today, struct arena *arena)
{
	const struct asked asked = baseline_ask(finding);
	struct baseline_match match =
		look_up(baseline, &asked,
			asked.family_count ? asked.families[0] : NULL, today);

	for (size_t i = 1; i < asked.family_count; i++) {
		struct baseline_match one =
			look_up(baseline, &asked, asked.families[i], today);

		if (gravity(one.standing) > gravity(match.standing))
			match = one;
	}
	match.why = why(arena, &asked, &match);
	return match;
}
