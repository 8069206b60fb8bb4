#include <stdlib.h>
#include <string.h>

#include "judge/unite_part.h"

/* A place of a whole finding, to be found by. */
struct known {
	char place[FINGERPRINT_HEX + 1];
	struct entry *entry;
};

struct settling {
	struct unite *unite;
	struct known *known; /* sorted by place */
	size_t known_count, known_room;
	struct entry **homes; /* of each finding; NULL: it stays */
};

/* A race may have lost a side; of all others a part may be cut off. */
static bool is_partial(const struct settling *s, const struct entry *e)
{
	const struct report *report = s->unite->result->findings[e->at].report;

	return kind_is_race(e->kind) ? e->print.is_partial
				     : report && report->is_incomplete;
}

static int by_place(const void *a, const void *b)
{
	const struct known *x = a, *y = b;

	return strcmp(x->place, y->place);
}

static size_t places_of(const struct settling *s, const struct entry *e,
			char (*places)[FINGERPRINT_HEX + 1])
{
	const struct report *report = s->unite->result->findings[e->at].report;

	return report && !e->is_moved ? fingerprint_places(report, places) : 0;
}

static void know(struct settling *s, struct entry *e)
{
	char places[FINGERPRINT_MAX_PLACES][FINGERPRINT_HEX + 1];
	size_t count = places_of(s, e, places);

	for (size_t i = 0; i < count; i++) {
		struct known *one;

		if (s->known_count == s->known_room) {
			s->known_room = s->known_room ? 2 * s->known_room : 64;
			s->known = must_realloc(
				s->known, s->known_room * sizeof(*s->known));
		}
		one = &s->known[s->known_count++];
		memcpy(one->place, places[i], sizeof(one->place));
		one->entry = e;
	}
}

static void know_whole(struct settling *s)
{
	for (struct entry *e = s->unite->entries; e; e = e->hh.next)
		if (!is_partial(s, e))
			know(s, e);
	if (s->known_count)
		qsort(s->known, s->known_count, sizeof(*s->known), by_place);
}

static bool has_family(const struct finding *f, const char *family)
{
	for (size_t i = 0; i < f->family_count; i++)
		if (!strcmp(f->families[i], family))
			return true;
	return false;
}

static bool shares_data(const struct finding *a, const struct finding *b)
{
	for (size_t i = 0; i < a->family_count; i++)
		if (has_family(b, a->families[i]))
			return true;
	return false;
}

static bool fits_better(const struct finding *partial, const struct finding *a,
			const struct finding *b)
{
	bool a_shares = shares_data(partial, a);

	if (a_shares != shares_data(partial, b))
		return a_shares;
	if (a->count != b->count)
		return a->count > b->count;
	return strcmp(a->fingerprint, b->fingerprint) < 0;
}

/* The first with that place, or known_count. */
static size_t first_with(const struct settling *s, const char *place)
{
	size_t low = 0, high = s->known_count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (strcmp(s->known[middle].place, place) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static bool is_place_of(const struct settling *s, const char *place,
			const struct entry *e)
{
	for (size_t i = first_with(s, place);
	     i < s->known_count && !strcmp(s->known[i].place, place); i++)
		if (s->known[i].entry == e)
			return true;
	return false;
}

/* Does the whole one have all that is left of the other? */
static bool fits(const struct settling *s, const struct entry *whole,
		 const struct entry *partial,
		 char (*places)[FINGERPRINT_HEX + 1], size_t count)
{
	if (whole->kind != partial->kind &&
	    !(kind_is_race(whole->kind) && kind_is_race(partial->kind)))
		return false;
	for (size_t i = 1; i < count; i++)
		if (!is_place_of(s, places[i], whole))
			return false;
	return true;
}

static struct entry *home_of(const struct settling *s,
			     const struct entry *partial)
{
	const struct finding *findings = s->unite->result->findings;
	char places[FINGERPRINT_MAX_PLACES][FINGERPRINT_HEX + 1];
	size_t count = places_of(s, partial, places);
	struct entry *best = NULL;

	for (size_t i = count ? first_with(s, places[0]) : s->known_count;
	     i < s->known_count && !strcmp(s->known[i].place, places[0]); i++) {
		struct entry *e = s->known[i].entry;

		if (fits(s, e, partial, places, count) &&
		    (!best ||
		     fits_better(&findings[partial->at], &findings[e->at],
				 &findings[best->at])))
			best = e;
	}
	return best;
}

/* All homes first: whole findings are compared before anything is added. */
static bool find_homes(struct settling *s)
{
	bool is_any = false;

	for (struct entry *e = s->unite->entries; e; e = e->hh.next) {
		if (e->is_moved || !is_partial(s, e))
			continue;
		s->homes[e->at] = home_of(s, e);
		is_any |= s->homes[e->at] != NULL;
	}
	return is_any;
}

static void merge_finding(struct arena *arena, struct finding *to,
			  const struct finding *from)
{
	to->count += from->count;
	to->kinds |= from->kinds;
	for (size_t i = 0; i < from->family_count; i++)
		unite_add_sorted(arena, &to->families, &to->family_count,
				 UNITE_MAX_FAMILIES, from->families[i]);
	for (size_t i = 0; i < from->exact_count; i++)
		unite_add_sorted(arena, &to->exact, &to->exact_count,
				 UNITE_MAX_EXACT, from->exact[i]);
}

/* Two may have been seen in one iteration: hits cannot be more than those. */
static void merge_seen(struct run_finding *to, const struct run_finding *from,
		       uint64_t iterations)
{
	to->hits += from->hits;
	if (iterations && to->hits > iterations)
		to->hits = iterations;
	if (from->first && (!to->first || from->first < to->first))
		to->first = from->first;
}

/* slots: of each finding, 1 + its place in this run; zero before and after. */
static void settle_run(struct settling *s, struct run *run, size_t *slots)
{
	struct finding *findings = s->unite->result->findings;
	size_t kept = 0;

	for (size_t i = 0; i < run->finding_count; i++) {
		struct run_finding seen = run->findings[i];
		struct entry *e = unite_lookup(s->unite, seen.fingerprint);
		size_t *slot;

		if (e && s->homes[e->at])
			e = s->homes[e->at];
		if (e)
			seen.fingerprint = findings[e->at].fingerprint;
		slot = e ? &slots[e->at] : NULL;
		if (slot && *slot) {
			merge_seen(&run->findings[*slot - 1], &seen,
				   run->iterations);
			continue;
		}
		run->findings[kept++] = seen;
		if (slot)
			*slot = kept;
	}
	run->finding_count = kept;
	for (size_t i = 0; i < kept; i++) {
		struct entry *e =
			unite_lookup(s->unite, run->findings[i].fingerprint);

		if (e)
			slots[e->at] = 0;
	}
}

static void settle_runs(struct settling *s)
{
	struct result *r = s->unite->result;
	size_t *slots = must_alloc(r->finding_count * sizeof(*slots));

	for (size_t i = 0; i < r->subject_count; i++)
		for (size_t j = 0; j < r->subjects[i].run_count; j++)
			settle_run(s, &r->subjects[i].runs[j], slots);
	free(slots);
}

static void settle_findings(struct settling *s)
{
	struct result *r = s->unite->result;
	size_t *places = must_alloc(r->finding_count * sizeof(*places));
	size_t kept = 0;

	for (size_t i = 0; i < r->finding_count; i++)
		if (s->homes[i])
			merge_finding(&r->arena, &r->findings[s->homes[i]->at],
				      &r->findings[i]);
	for (size_t i = 0; i < r->finding_count; i++) {
		if (s->homes[i])
			continue;
		places[i] = kept;
		r->findings[kept++] = r->findings[i];
	}
	/* A home stays: it is where it was until all have been sent there. */
	for (struct entry *e = s->unite->entries; e; e = e->hh.next) {
		if (s->homes[e->at]) {
			e->is_moved = true;
			e->at = s->homes[e->at]->at;
		}
	}
	for (struct entry *e = s->unite->entries; e; e = e->hh.next)
		e->at = places[e->at];
	free(places);
	r->finding_count = kept;
}

void unite_settle(struct unite *unite)
{
	struct settling s = {.unite = unite};

	s.homes = must_alloc(unite->result->finding_count * sizeof(*s.homes));
	know_whole(&s);
	if (find_homes(&s)) {
		settle_runs(&s);
		settle_findings(&s);
	}
	free(s.homes);
	free(s.known);
}
