/*
 * All findings into the result, the whole ones first: a report of which a side
 * is lost then finds the one that it belongs to, in whatever file that is.
 */
#include <stdlib.h>
#include <string.h>

#include "gather/evidence_part.h"
#include "judge/fingerprint.h"

enum { ORIGIN_TRIES = 10000 };

static bool is_partial(const struct finding *f)
{
	struct fingerprint print;

	if (f->outcome)
		return false;
	fingerprint_of(f->report, &print);
	return print.is_partial;
}

/* Of that stored result: the piece that the finding says it was seen in. */
static size_t origin_of(const struct evidence *e, const struct stored *stored,
			const struct finding *f)
{
	size_t most = stored->piece_count < ORIGIN_TRIES ? stored->piece_count
							 : ORIGIN_TRIES;

	for (size_t i = 0; f->subject && i < most; i++)
		if (!strcmp(e->pieces[stored->first_piece + i].subject->id,
			    f->subject))
			return stored->first_piece + i;
	return stored->first_piece;
}

static void take(struct evidence *e, struct unite *unite, struct stored *stored,
		 size_t i)
{
	size_t before = e->result->finding_count;

	stored->places[i] = unite_finding(unite, &stored->findings[i]);
	if (e->result->finding_count > before)
		*(size_t *)arena_push(&e->result->arena, &e->origins,
				      &e->origin_count, sizeof(size_t)) =
			origin_of(e, stored, &stored->findings[i]);
}

static int by_fingerprint(const void *a, const void *b, void *context)
{
	const struct finding *findings = context;

	return strcmp(findings[*(const size_t *)a].fingerprint,
		      findings[*(const size_t *)b].fingerprint);
}

static void sort(struct arena *arena, struct stored *stored)
{
	size_t n = stored->finding_count;

	stored->places = arena_alloc(arena, (n + 1) * sizeof(size_t));
	stored->order = arena_alloc(arena, (n + 1) * sizeof(size_t));
	for (size_t i = 0; i < n; i++)
		stored->order[i] = i;
	if (n)
		qsort_r(stored->order, n, sizeof(size_t), by_fingerprint,
			stored->findings);
}

void evidence_unite_findings(struct evidence *e)
{
	struct unite *unite = unite_new(e->result);

	for (size_t i = 0; i < e->stored_count; i++)
		sort(&e->result->arena, &e->stored[i]);
	for (int pass = 0; pass < 2; pass++)
		for (size_t i = 0; i < e->stored_count; i++) {
			struct stored *stored = &e->stored[i];

			for (size_t j = 0; j < stored->finding_count; j++)
				if (is_partial(&stored->findings[j]) ==
				    (pass == 1))
					take(e, unite, stored, j);
		}
	unite_free(unite);
	e->slots = arena_alloc(&e->result->arena, (e->result->finding_count +
						   1) * sizeof(*e->slots));
}

size_t evidence_place(const struct stored *stored, const char *fingerprint)
{
	size_t low = 0, high = stored->finding_count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		size_t at = stored->order[middle];
		int order =
			strcmp(stored->findings[at].fingerprint, fingerprint);

		if (!order)
			return stored->places[at];
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return UNITE_FULL;
}
