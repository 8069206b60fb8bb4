#include "campaign/finding.h"

#include <string.h>

#include "judge/unite.h"

size_t finding_add(struct campaign *c, const struct report *report,
		   const char *outcome, const struct subject *subject)
{
	return unite_add(c->unite, report, outcome, subject->id);
}

void finding_count(struct campaign *c, size_t finding, uint64_t reports)
{
	if (finding < c->result->finding_count)
		c->result->findings[finding].count += reports;
}

static size_t index_in_run(struct campaign *c, struct cell *cell,
			   const char *fingerprint, bool *is_new)
{
	struct run *run = cell_run(c, cell);
	struct run_finding *rf;
	size_t n = run->finding_count;

	for (size_t i = 0; i < n; i++)
		if (!strcmp(run->findings[i].fingerprint, fingerprint))
			return i;
	rf = arena_push(&c->result->arena, &run->findings, &run->finding_count,
			sizeof(*rf));
	rf->fingerprint = fingerprint;
	cell->last_hit =
		must_realloc(cell->last_hit, (n + 1) * sizeof(*cell->last_hit));
	cell->last_hit[n] = 0;
	*is_new = true;
	return n;
}

bool finding_hit(struct campaign *c, struct cell *cell, size_t finding,
		 uint64_t iteration)
{
	struct run *run = cell_run(c, cell);
	bool is_new = false;
	size_t i;

	if (finding >= c->result->finding_count)
		return false;
	i = index_in_run(c, cell, c->result->findings[finding].fingerprint,
			 &is_new);
	if (cell->last_hit[i] == iteration + 1)
		return false;
	cell->last_hit[i] = iteration + 1;
	if (!run->findings[i].hits++ || iteration + 1 < run->findings[i].first)
		run->findings[i].first = iteration + 1;
	return is_new;
}
