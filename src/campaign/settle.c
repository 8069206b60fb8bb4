#include "campaign/settle.h"

#include <stdlib.h>
#include <string.h>

#include "model/finding_index.h"

enum { MAX_SAMPLES = 256 };

static int by_number(uint64_t a, uint64_t b)
{
	return a < b ? -1 : a > b;
}

static int outcomes_by_first(const void *left, const void *right)
{
	const struct run_outcome *a = left, *b = right;
	int order = by_number(a->first, b->first);

	return order ? order : strcmp(a->name, b->name);
}

static int findings_by_first(const void *left, const void *right)
{
	const struct run_finding *a = left, *b = right;
	int order = by_number(a->first, b->first);

	return order ? order : strcmp(a->fingerprint, b->fingerprint);
}

static void sort_run(struct run *run)
{
	if (run->outcome_count)
		qsort(run->outcomes, run->outcome_count, sizeof(*run->outcomes),
		      outcomes_by_first);
	if (run->finding_count)
		qsort(run->findings, run->finding_count, sizeof(*run->findings),
		      findings_by_first);
}

static void add_sample(struct arena *arena, struct run *run,
		       uint64_t iterations, size_t findings, size_t outcomes)
{
	struct growth *last =
		run->growth_count ? &run->growth[run->growth_count - 1] : NULL;

	if (!last || last->iterations < iterations) {
		if (run->growth_count >= MAX_SAMPLES)
			return;
		last = arena_push(arena, &run->growth, &run->growth_count,
				  sizeof(*last));
		last->iterations = iterations;
	}
	last->findings = findings;
	last->outcomes = outcomes;
}

/* By the iterations in which things were first seen, not by when batches came
 * back. */
static void grow(struct arena *arena, struct run *run)
{
	size_t f = 0, o = 0;
	uint64_t at = 0;

	run->growth_count = 0;
	run->growth = NULL;
	while (f < run->finding_count || o < run->outcome_count) {
		if (o == run->outcome_count ||
		    (f < run->finding_count &&
		     run->findings[f].first <= run->outcomes[o].first))
			at = run->findings[f++].first;
		else
			at = run->outcomes[o++].first;
		add_sample(arena, run, at, f, o);
	}
	if (run->iterations)
		add_sample(arena, run,
			   run->iterations > at ? run->iterations : at, f, o);
}

static void settle_cell(struct campaign *c, struct cell *cell)
{
	struct arena *arena = &c->result->arena;
	struct run *run = cell_run(c, cell);
	struct explored *explored;

	sort_run(run);
	if (!cell->explore)
		return;
	grow(arena, run);
	explored = exploration_settle(cell->exploration, arena);
	explored->is_exhausted = cell->explore->is_exhausted;
	run->explored = explored;
}

/* The index is of the findings as they stand. */
static void order_findings(struct result *r, const struct finding_index *index,
			   struct finding *ordered, bool *is_moved)
{
	size_t n = 0;

	for (size_t i = 0; i < r->subject_count; i++)
		for (size_t j = 0; j < r->subjects[i].run_count; j++) {
			const struct run *run = &r->subjects[i].runs[j];

			for (size_t k = 0; k < run->finding_count; k++) {
				const struct finding *f = finding_index_find(
					index, run->findings[k].fingerprint);

				if (!f || is_moved[f - r->findings])
					continue;
				is_moved[f - r->findings] = true;
				ordered[n] = *f;
				ordered[n++].subject = r->subjects[i].id;
			}
		}
	for (size_t i = 0; i < r->finding_count; i++)
		if (!is_moved[i])
			ordered[n++] = r->findings[i];
}

void settle_result(struct campaign *c)
{
	struct result *r = c->result;
	struct finding_index index;
	struct finding *ordered;
	bool *is_moved;

	for (size_t i = 0; i < c->cell_count; i++)
		settle_cell(c, &c->cells[i]);
	if (!r->finding_count)
		return;
	index = finding_index_of(&c->scratch, r);
	is_moved = arena_alloc(&c->scratch, r->finding_count);
	ordered = arena_alloc(&c->scratch, r->finding_count * sizeof(*ordered));
	order_findings(r, &index, ordered, is_moved);
	memcpy(r->findings, ordered, r->finding_count * sizeof(*ordered));
	arena_release(&c->scratch);
}
