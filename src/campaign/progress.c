#include "campaign/progress.h"

#include "base/stats.h"

static uint64_t iterations_of(const struct campaign *c)
{
	uint64_t n = 0;

	for (size_t i = 0; i < c->cell_count; i++)
		n += cell_run(c, &c->cells[i])->iterations;
	return n;
}

static size_t waiting_for(const struct campaign *c)
{
	size_t n = 0;

	for (size_t i = 0; i < c->result->subject_count; i++)
		n += c->targets[i].is_unmet && !c->targets[i].is_over;
	return n;
}

static const char *running(const struct campaign *c)
{
	for (unsigned i = 0; i < c->worker_count; i++)
		if (c->workers[i].state == WORKER_BUSY)
			return cell_subject(c, &c->cells[c->workers[i].cell])
				->id;
	return "";
}

void progress_show(struct campaign *c)
{
	struct arena arena = {0};
	uint64_t s;

	if (!status_line_is_due(&c->progress))
		return;
	s = (clock_ms() - c->started_ms) / 1000;
	status_line_show(
		&c->progress,
		arena_printf(
			&arena,
			"%2llu:%02llu  %s iterations  %zu findings  "
			"%zu still to show  %s",
			(unsigned long long)s / 60, (unsigned long long)s % 60,
			stats_count(&arena, iterations_of(c)),
			c->result->finding_count, waiting_for(c), running(c)));
	arena_release(&arena);
}
