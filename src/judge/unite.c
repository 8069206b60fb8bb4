#include "judge/unite.h"

#include <stdlib.h>
#include <string.h>

#include "judge/unite_part.h"
#include "model/effect.h"

/* What a report with more frames replaces stays in the arena: not without end.
 */
enum { MAX_RENEWALS = 16 };

struct entry *unite_lookup(struct unite *u, const char *race)
{
	struct entry *e;

	HASH_FIND_STR(u->entries, race, e);
	return e;
}

static struct entry *enter(struct unite *u, size_t at, enum kind kind,
			   const struct fingerprint *print)
{
	const struct finding *f = &u->result->findings[at];
	struct entry *e = unite_lookup(u, f->fingerprint);

	if (e)
		return e;
	e = must_alloc(sizeof(*e));
	*e = (struct entry){.print = *print, .kind = kind, .at = at};
	memcpy(e->race, f->fingerprint, sizeof(e->race));
	HASH_ADD_STR(u->entries, race, e);
	return e;
}

struct unite *unite_new(struct result *result)
{
	struct unite *u = must_alloc(sizeof(*u));

	*u = (struct unite){.result = result};
	for (size_t i = 0; i < result->finding_count; i++) {
		const struct report *report = result->findings[i].report;
		struct fingerprint print = {0};

		if (report)
			fingerprint_of(report, &print);
		enter(u, i, report ? report->kind : KIND_UNKNOWN, &print);
	}
	return u;
}

void unite_free(struct unite *unite)
{
	struct entry *e, *next;

	if (!unite)
		return;
	e = unite->entries;
	HASH_CLEAR(hh, unite->entries);
	for (; e; e = next) {
		next = e->hh.next;
		free(e);
	}
	free(unite);
}

void unite_defer(struct unite *unite)
{
	unite->is_deferred = true;
}

static size_t frames_of(const struct report *report)
{
	size_t n = report->location_count;

	for (size_t i = 0; i < report->access_count; i++)
		n += report->accesses[i].stack.count;
	return n;
}

/* In what it says, and not only in how many frames. */
static bool differs(const struct report *a, const struct report *b)
{
	return a->is_incomplete != b->is_incomplete || a->kind != b->kind;
}

static bool is_better(const struct report *a, const struct report *b)
{
	if (a->is_incomplete != b->is_incomplete)
		return !a->is_incomplete;
	/* The later in kind_table's races, the more it says. */
	if (a->kind != b->kind)
		return a->kind > b->kind;
	return frames_of(a) > frames_of(b);
}

void unite_add_sorted(struct arena *arena, const char ***set, size_t *count,
		      size_t max, const char *text)
{
	const char **slot;

	if (!text || !*text || *count >= max)
		return;
	for (size_t i = 0; i < *count; i++)
		if (!strcmp((*set)[i], text))
			return;
	slot = arena_push(arena, set, count, sizeof(*slot));
	for (; slot > *set && strcmp(slot[-1], text) > 0; slot--)
		slot[0] = slot[-1];
	*slot = arena_dup(arena, text);
}

/* By fingerprint; a report with a lost side joins a finding it fits. */
static struct entry *find(struct unite *u, const struct fingerprint *print,
			  enum kind kind)
{
	struct entry *e = unite_lookup(u, print->race);

	if (e || !print->is_partial || u->is_deferred)
		return e;
	for (e = u->entries; e; e = e->hh.next)
		if (!e->is_moved && kind_is_race(e->kind) &&
		    kind_is_race(kind) && fingerprint_matches(print, &e->print))
			return e;
	return NULL;
}

/* NULL: there are as many as may be. */
static struct entry *place_for(struct unite *u, const struct fingerprint *print,
			       enum kind kind)
{
	struct result *r = u->result;
	struct entry *e = find(u, print, kind);
	struct finding *f;

	if (e || r->finding_count >= UNITE_MAX_FINDINGS)
		return e;
	f = arena_push(&r->arena, &r->findings, &r->finding_count, sizeof(*f));
	f->fingerprint = arena_dup(&r->arena, print->race);
	return enter(u, r->finding_count - 1, kind, print);
}

/* Is the report to speak for all that are united there? */
static bool takes_place(struct entry *e, const struct finding *f,
			const struct report *report)
{
	if (!f->report)
		return true;
	if (!is_better(report, f->report))
		return !is_better(f->report, report) && report->rank &&
		       report->rank < f->report->rank &&
		       e->renewals++ < MAX_RENEWALS;
	return differs(report, f->report) || e->renewals++ < MAX_RENEWALS;
}

size_t unite_add(struct unite *u, const struct report *report,
		 const char *outcome, const char *subject)
{
	struct arena *arena = &u->result->arena;
	struct fingerprint print;
	struct finding *f;
	struct entry *e;

	if (!report->access_count && outcome)
		fingerprint_of_outcome(report->kind, outcome, subject, &print);
	else
		fingerprint_of(report, &print);
	e = place_for(u, &print, report->kind);
	if (!e)
		return UNITE_FULL;
	f = &u->result->findings[e->at];
	if (takes_place(e, f, report)) {
		f->report = report_copy(arena, report);
		f->family = arena_dup(arena, print.family);
	}
	if (!f->subject) {
		f->subject = subject;
		f->outcome = outcome ? arena_dup(arena, outcome) : NULL;
	}
	f->kinds |= UINT64_C(1) << report->kind;
	unite_add_sorted(arena, &f->families, &f->family_count,
			 UNITE_MAX_FAMILIES, print.family);
	unite_add_sorted(arena, &f->exact, &f->exact_count, UNITE_MAX_EXACT,
			 print.exact);
	return e->at;
}

static void copy_causes(struct arena *arena, struct finding *to,
			const struct finding *from)
{
	to->cause_count = from->cause_count;
	to->causes = arena_alloc(arena,
				 (from->cause_count + 1) * sizeof(*to->causes));
	for (size_t i = 0; i < from->cause_count; i++) {
		struct candidate *c = &to->causes[i];

		*c = from->causes[i];
		c->cause = arena_dup(arena, c->cause);
		c->evidence = NULL;
		c->evidence_count = 0;
		for (size_t j = 0; j < from->causes[i].evidence_count; j++) {
			const char **slot =
				arena_push(arena, &c->evidence,
					   &c->evidence_count, sizeof(*slot));

			*slot = arena_dup(arena, from->causes[i].evidence[j]);
		}
	}
	to->practice = arena_dup(arena, from->practice);
	to->shown_by = arena_dup(arena, from->shown_by);
}

static void copy_excerpts(struct arena *arena, struct finding *to,
			  const struct finding *from)
{
	size_t n = from->excerpts ? from->report->access_count : 0;

	to->excerpts = arena_alloc(arena, (n + 1) * sizeof(*to->excerpts));
	for (size_t i = 0; i < n; i++) {
		struct excerpt *e = &to->excerpts[i];

		*e = from->excerpts[i];
		e->file = arena_dup(arena, e->file);
		e->lines = arena_alloc(arena, (e->count + 1) * sizeof(char *));
		for (size_t j = 0; j < e->count; j++)
			e->lines[j] =
				arena_dup(arena, from->excerpts[i].lines[j]);
	}
}

size_t unite_finding(struct unite *u, const struct finding *from)
{
	struct arena *arena = &u->result->arena;
	struct fingerprint print = {0};
	struct finding *f;
	struct entry *e;

	fingerprint_of(from->report, &print);
	/* As it was stored: what was cut from its frames is not known here. */
	memcpy(print.race, from->fingerprint, sizeof(print.race));
	e = place_for(u, &print, from->report->kind);
	if (!e)
		return UNITE_FULL;
	f = &u->result->findings[e->at];
	if (takes_place(e, f, from->report)) {
		f->report = report_copy(arena, from->report);
		copy_causes(arena, f, from);
		copy_excerpts(arena, f, from);
		f->report_path = arena_dup(arena, from->report_path);
	}
	if (!f->subject) {
		f->family = arena_dup(arena, from->family);
		f->subject = arena_dup(arena, from->subject);
		f->outcome = arena_dup(arena, from->outcome);
		f->schedule = arena_dup(arena, from->schedule);
		f->trace = arena_dup(arena, from->trace);
		f->kept = kept_copy(arena, from->kept);
	}
	/* The worst that it did anywhere. */
	if (effect_by_name(from->effect) > effect_by_name(f->effect)) {
		f->effect = arena_dup(arena, from->effect);
		f->effect_why = arena_dup(arena, from->effect_why);
		f->effect_kept = kept_copy(arena, from->effect_kept);
	}
	f->count += from->count;
	f->kinds |=
		from->kinds ? from->kinds : UINT64_C(1) << from->report->kind;
	for (size_t i = 0; i < from->family_count; i++)
		unite_add_sorted(arena, &f->families, &f->family_count,
				 UNITE_MAX_FAMILIES, from->families[i]);
	for (size_t i = 0; i < from->exact_count; i++)
		unite_add_sorted(arena, &f->exact, &f->exact_count,
				 UNITE_MAX_EXACT, from->exact[i]);
	return e->at;
}
