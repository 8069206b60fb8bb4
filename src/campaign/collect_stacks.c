#include "campaign/collect_part.h"
#include "judge/own_frame.h"
#include "judge/paths.h"
#include "read/stacks.h"

/* In flight; what a wild pointer has put there is not repeated. */
static uint64_t iteration_of(const struct worker *w)
{
	uint64_t current =
		__atomic_load_n(&w->table->current, __ATOMIC_ACQUIRE);

	return current - w->order.first < w->order.count ? current
							 : w->order.first;
}

void collect_stacks(struct campaign *c, struct worker *w, enum ended_by why)
{
	struct cell *cell = &c->cells[w->cell];
	const char *outcome = why == ENDED_FOR_DEADLOCK ? "@deadlock" : "@hang";
	struct report report = {.kind = kind_by_outcome(outcome)};
	struct thread_stack *threads = NULL;
	size_t count = 0, finding;
	struct err err = {0};

	if (!stacks_dump(w->batch, c->symbols, &c->scratch, &threads, &count,
			 &err)) {
		report.is_incomplete = true;
		report.missing = arena_dup(&c->scratch, err.text);
	}
	stacks_as_sides(&c->scratch, &report, threads, count);
	own_frame_keep_sides(&report);
	collect_strip(&report);
	paths_shorten(c->result, &report);
	finding = finding_add(c, &report, outcome, cell_subject(c, cell));
	finding_count(c, finding, 1);
	finding_hit(c, cell, finding, iteration_of(w));
}
