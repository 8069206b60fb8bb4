/*
 * One more piece of the same subject: sources, notes, and runs whose counts
 * are added.  Iterations are numbered on from those of the pieces before.
 */
#include <string.h>

#include "gather/evidence_part.h"

#define COUNT_MAX (UINT64_C(1) << 53)

/* Of one run and of one subject; more is nobody's work but an attacker's. */
enum { OUTCOMES_MOST = 4096, NOTES_MOST = 1000, RUNS_MOST = 4096 };

static uint64_t sum(uint64_t a, uint64_t b)
{
	return a > COUNT_MAX - (b < COUNT_MAX ? b : COUNT_MAX) ? COUNT_MAX
							       : a + b;
}

static bool is_same_text(const char *a, const char *b)
{
	return !strcmp(a ? a : "", b ? b : "");
}

static struct run *run_like(struct evidence *e, struct subject *into,
			    const struct run *run)
{
	struct run *to;

	for (size_t i = 0; i < into->run_count; i++) {
		to = &into->runs[i];
		if (is_same_text(to->engine, run->engine) &&
		    is_same_text(to->strategy, run->strategy) &&
		    to->threads == run->threads)
			return to;
	}
	to = arena_push(&e->result->arena, &into->runs, &into->run_count,
			sizeof(*to));
	to->engine = run->engine;
	to->strategy = run->strategy;
	to->threads = run->threads;
	to->growth = run->growth;
	to->growth_count = run->growth_count;
	to->explored = run->explored;
	return to;
}

/* What one of them called a bad end stays one. */
static enum grade worse(enum grade a, enum grade b)
{
	return a == GRADE_NONE || (b != GRADE_NONE && b < a) ? b : a;
}

static void merge_outcome(struct evidence *e, struct run *to,
			  const struct run_outcome *from)
{
	struct run_outcome *o = NULL;

	for (size_t i = 0; !o && i < to->outcome_count; i++)
		if (!strcmp(to->outcomes[i].name, from->name))
			o = &to->outcomes[i];
	if (!o && to->outcome_count >= OUTCOMES_MOST) {
		to->dropped = sum(to->dropped, 1);
		return;
	}
	if (!o) {
		o = arena_push(&e->result->arena, &to->outcomes,
			       &to->outcome_count, sizeof(*o));
		o->name = from->name;
		o->grade = from->grade;
	}
	if (!o->first && from->first)
		o->first = sum(to->iterations, from->first);
	o->count = sum(o->count, from->count);
	o->grade = worse(o->grade, from->grade);
	if (!o->why)
		o->why = from->why;
	if (!o->words)
		o->words = from->words;
}

/* hits are those of this piece alone, while it is merged. */
static struct run_finding *seen_in(struct evidence *e, struct run *piece,
				   size_t place)
{
	size_t *slot = &e->slots[place];
	struct run_finding *seen;

	if (*slot)
		return &piece->findings[*slot - 1];
	seen = arena_push(&e->result->arena, &piece->findings,
			  &piece->finding_count, sizeof(*seen));
	seen->fingerprint = e->result->findings[place].fingerprint;
	seen->grade = GRADE_NONE;
	*slot = piece->finding_count;
	return seen;
}

static void translate_one(struct evidence *e, const struct run_finding *from,
			  size_t place, struct run *to)
{
	struct run_finding *seen = seen_in(e, to, place);

	/* Two findings that turn out to be one were seen in at least as many
	 * iterations as either. */
	if (from->hits > seen->hits)
		seen->hits = from->hits;
	if (from->first && (!seen->first || from->first < seen->first))
		seen->first = from->first;
	seen->grade = worse(seen->grade, from->grade);
	if (!seen->why)
		seen->why = from->why;
}

/* The piece's own hits, by the fingerprints of the whole. */
static void translate(struct evidence *e, const struct run *from,
		      const struct stored *stored, struct run *to)
{
	for (size_t i = 0; i < from->finding_count; i++) {
		size_t place =
			evidence_place(stored, from->findings[i].fingerprint);

		if (place == UNITE_FULL)
			to->dropped = sum(to->dropped, 1);
		else
			translate_one(e, &from->findings[i], place, to);
	}
	for (size_t i = 0; i < from->finding_count; i++) {
		size_t place =
			evidence_place(stored, from->findings[i].fingerprint);

		if (place != UNITE_FULL)
			e->slots[place] = 0;
	}
}

static void merge_finding(struct evidence *e, struct run *to,
			  const struct run_finding *from)
{
	struct run_finding *seen = NULL;

	for (size_t i = 0; !seen && i < to->finding_count; i++)
		if (to->findings[i].fingerprint == from->fingerprint)
			seen = &to->findings[i];
	if (!seen) {
		seen = arena_push(&e->result->arena, &to->findings,
				  &to->finding_count, sizeof(*seen));
		*seen = (struct run_finding){.fingerprint = from->fingerprint,
					     .grade = from->grade};
	}
	if (!seen->first && from->first)
		seen->first = sum(to->iterations, from->first);
	seen->hits = sum(seen->hits, from->hits);
	seen->grade = worse(seen->grade, from->grade);
	if (!seen->why)
		seen->why = from->why;
}

static void recompute(struct run *run)
{
	for (size_t i = 0; i < run->finding_count; i++) {
		struct run_finding *seen = &run->findings[i];

		if (run->iterations && seen->hits > run->iterations)
			seen->hits = run->iterations;
		run_finding_bound(seen, run->iterations);
	}
}

static void merge_run(struct evidence *e, struct subject *into,
		      const struct run *from, const struct stored *stored)
{
	struct run *to = run_like(e, into, from);
	struct run piece = {0};

	/* A curve of several does not add up, nor do sets whose members are
	 * not known. */
	if (to->iterations) {
		to->growth_count = 0;
		to->explored = NULL;
	}
	translate(e, from, stored, &piece);
	for (size_t i = 0; i < piece.finding_count; i++)
		merge_finding(e, to, &piece.findings[i]);
	for (size_t i = 0; i < from->outcome_count; i++)
		merge_outcome(e, to, &from->outcomes[i]);
	to->iterations = sum(to->iterations, from->iterations);
	to->duration_ms = sum(to->duration_ms, from->duration_ms);
	to->reports = sum(to->reports, from->reports);
	to->dropped = sum(to->dropped, sum(from->dropped, piece.dropped));
	to->unwatched = sum(to->unwatched, from->unwatched);
	recompute(to);
}

static void merge_sources(struct evidence *e, struct subject *into,
			  const struct subject *from)
{
	for (size_t i = 0; i < from->source_count; i++) {
		struct source *source =
			arena_push(&e->result->arena, &into->sources,
				   &into->source_count, sizeof(*source));

		*source = from->sources[i];
		/* Shards of scenarios are no attempts. */
		if (into->type != SUBJECT_SCENARIO)
			source->attempt = (unsigned)into->source_count;
	}
}

static void merge_notes(struct evidence *e, struct subject *into,
			const struct subject *from)
{
	for (size_t i = 0; i < from->note_count && i < NOTES_MOST; i++) {
		bool is_there = false;

		for (size_t j = 0; !is_there && j < into->note_count; j++)
			is_there = j >= NOTES_MOST ||
				   !strcmp(into->notes[j], from->notes[i]);
		if (!is_there)
			subject_note(e->result, into, "%s", from->notes[i]);
	}
}

void evidence_merge(struct evidence *e, struct subject *into,
		    const struct piece *piece)
{
	const struct subject *from = piece->subject;

	merge_sources(e, into, from);
	merge_notes(e, into, from);
	for (size_t i = 0; i < from->run_count && i < RUNS_MOST; i++)
		merge_run(e, into, &from->runs[i], &e->stored[piece->stored]);
}
