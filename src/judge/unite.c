#include "judge/unite.h"

#include <stdlib.h>
#include <string.h>
#include <uthash.h>

#include "judge/fingerprint.h"

enum { MAX_EXACT = 16, MAX_FAMILIES = 64 };

/* Beside each finding: what it is found by. */
struct entry {
	char race[FINGERPRINT_HEX + 1];
	struct fingerprint print; /* of a report on memory: for lost sides */
	enum kind kind;
	size_t at;
	UT_hash_handle hh;
};

struct unite {
	struct result *result;
	struct entry *entries; /* hash by race; in order of findings */
};

static struct entry *lookup(struct unite *u, const char *race)
{
	struct entry *e;

	HASH_FIND_STR(u->entries, race, e);
	return e;
}

static void enter(struct unite *u, size_t at, const struct fingerprint *print)
{
	const struct finding *f = &u->result->findings[at];
	struct entry *e;

	if (lookup(u, f->fingerprint))
		return;
	e = must_alloc(sizeof(*e));
	*e = (struct entry){.print = *print, .at = at};
	e->kind = f->report ? f->report->kind : KIND_UNKNOWN;
	memcpy(e->race, f->fingerprint, sizeof(e->race));
	HASH_ADD_STR(u->entries, race, e);
}

struct unite *unite_new(struct result *result)
{
	struct unite *u = must_alloc(sizeof(*u));

	*u = (struct unite){.result = result};
	for (size_t i = 0; i < result->finding_count; i++) {
		struct fingerprint print = {0};

		if (result->findings[i].report)
			fingerprint_of(result->findings[i].report, &print);
		enter(u, i, &print);
	}
	return u;
}

void unite_free(struct unite *unite)
{
	struct entry *e, *next;

	if (!unite)
		return;
	HASH_ITER (hh, unite->entries, e, next) {
		HASH_DEL(unite->entries, e);
		free(e);
	}
	free(unite);
}

static size_t frames_of(const struct report *report)
{
	size_t n = report->location_count;

	for (size_t i = 0; i < report->access_count; i++)
		n += report->accesses[i].stack.count;
	return n;
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

/* Into a sorted set, so that equal findings are stored equal. */
static void add_sorted(struct arena *arena, const char ***set, size_t *count,
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
	struct entry *e = lookup(u, print->race);

	if (e || !print->is_partial)
		return e;
	for (e = u->entries; e; e = e->hh.next)
		if (e->kind == kind && fingerprint_matches(print, &e->print))
			return e;
	return NULL;
}

static struct finding *place_for(struct unite *u,
				 const struct fingerprint *print,
				 enum kind kind, size_t *at)
{
	struct result *r = u->result;
	struct entry *e = find(u, print, kind);
	struct finding *f;

	if (e) {
		*at = e->at;
		return &r->findings[e->at];
	}
	*at = r->finding_count;
	if (r->finding_count >= UNITE_MAX_FINDINGS) {
		*at = UNITE_FULL;
		return NULL;
	}
	f = arena_push(&r->arena, &r->findings, &r->finding_count, sizeof(*f));
	f->fingerprint = arena_dup(&r->arena, print->race);
	return f;
}

size_t unite_add(struct unite *u, const struct report *report,
		 const char *outcome, const char *subject)
{
	struct arena *arena = &u->result->arena;
	struct fingerprint print;
	struct finding *f;
	size_t at;

	if (!report->access_count && outcome)
		fingerprint_of_outcome(report->kind, outcome, subject, &print);
	else
		fingerprint_of(report, &print);
	f = place_for(u, &print, report->kind, &at);
	if (!f)
		return at;
	if (!f->report || is_better(report, f->report))
		f->report = report_copy(arena, report);
	if (!f->subject) {
		f->family = arena_dup(arena, print.family);
		f->subject = subject;
		f->outcome = outcome ? arena_dup(arena, outcome) : NULL;
		enter(u, at, &print);
	}
	f->kinds |= UINT64_C(1) << report->kind;
	add_sorted(arena, &f->families, &f->family_count, MAX_FAMILIES,
		   print.family);
	add_sorted(arena, &f->exact, &f->exact_count, MAX_EXACT, print.exact);
	return at;
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
	size_t at;

	fingerprint_of(from->report, &print);
	/* As it was stored: what was cut from its frames is not known here. */
	memcpy(print.race, from->fingerprint, sizeof(print.race));
	f = place_for(u, &print, from->report->kind, &at);
	if (!f)
		return at;
	if (!f->report || is_better(from->report, f->report)) {
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
		enter(u, at, &print);
	}
	f->count += from->count;
	f->kinds |=
		from->kinds ? from->kinds : UINT64_C(1) << from->report->kind;
	for (size_t i = 0; i < from->family_count; i++)
		add_sorted(arena, &f->families, &f->family_count, MAX_FAMILIES,
			   from->families[i]);
	for (size_t i = 0; i < from->exact_count; i++)
		add_sorted(arena, &f->exact, &f->exact_count, MAX_EXACT,
			   from->exact[i]);
	return at;
}
