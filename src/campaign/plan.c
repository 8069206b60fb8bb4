#include "campaign/plan.h"

#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <snag/scenario.h>

#include "base/stats.h"
#include "judge/tally.h"

enum {
	BATCH_MS = 150,
	BATCH_LEAST_MS = 20,
	BATCHES_A_SHARE = 4,
	BATCH_MAX = 100 * 1000,
	UNMET_WEIGHT = 4,
	KNOWN_AFTER_MS = 200, /* a cell runs at least so long ... */
	KNOWN_AFTER = 300,    /* ... and so often, before it yields */
	MAX_FRUITLESS = 3,
};

/* Rates are known well enough at a relative half width of 20 %. */
#define KNOWN_WIDTH 0.2

static unsigned total_threads(const struct scenario_facts *f, unsigned asked)
{
	return f->fixed_threads +
	       f->shared_roles * snag_share_of(asked, f->fixed_threads,
					       f->shared_roles,
					       f->least_threads);
}

static bool has_run(const struct subject *s, const char *engine,
		    unsigned threads)
{
	for (size_t i = 0; i < s->run_count; i++)
		if (s->runs[i].threads == threads &&
		    !strcmp(s->runs[i].engine, engine))
			return true;
	return false;
}

/* Under stress the kernel schedules; noise makes it do so otherwise. */
static const char *strategy_name(const char *noise)
{
	return !strcmp(noise, "heavy")   ? "noise-heavy"
	       : !strcmp(noise, "light") ? "noise-light"
					 : "kernel";
}

static bool can_have(struct campaign *c, size_t target, unsigned threads)
{
	struct subject *s = &c->result->subjects[target];

	if (threads > SNAG_MAX_THREADS) {
		c->targets[target].is_over = true;
		s->verdict = VERDICT_ERROR;
		s->why = arena_printf(&c->result->arena,
				      "its roles come to %u threads, at most "
				      "1,024 can run: ask for fewer with "
				      "--threads",
				      threads);
	}
	return !c->targets[target].is_over;
}

static void add_cell(struct campaign *c, size_t target, unsigned asked,
		     unsigned engine)
{
	struct subject *s = &c->result->subjects[target];
	unsigned threads = total_threads(&c->targets[target].facts, asked);
	const char *name = engine == ENGINE_EXPLORE ? "explore" : "stress";
	struct cell *cell;
	struct run *run;

	if (!can_have(c, target, threads) || has_run(s, name, threads))
		return;
	cell = arena_push(&c->result->arena, &c->cells, &c->cell_count,
			  sizeof(*cell));
	cell->target = target;
	cell->run = s->run_count;
	cell->threads_asked = asked;
	c->targets[target].cell_count++;
	run = arena_push(&c->result->arena, &s->runs, &s->run_count,
			 sizeof(*run));
	run->engine = name;
	run->strategy = strategy_name(c->options->noise);
	run->threads = threads;
	if (engine != ENGINE_EXPLORE)
		return;
	run->strategy = c->options->strategy;
	cell->explore = exploring_new(&c->result->arena, c->worker_count,
				      run->strategy);
	cell->exploration =
		arena_alloc(&c->result->arena, sizeof(*cell->exploration));
	cell->exploration->sum.seed = c->options->seed;
}

static void add_cells(struct campaign *c, size_t target, unsigned asked)
{
	if (c->options->engines & ENGINE_STRESS)
		add_cell(c, target, asked, ENGINE_STRESS);
	if (c->options->engines & ENGINE_EXPLORE)
		add_cell(c, target, asked, ENGINE_EXPLORE);
}

/* That each host may count as its own. */
static uint32_t processors_a_host(const struct campaign *c)
{
	unsigned processors = 1;
	cpu_set_t set;

	if (!sched_getaffinity(0, sizeof(set), &set))
		processors = (unsigned)CPU_COUNT(&set) / c->worker_count;
	return processors ? processors : 1;
}

void plan_cells(struct campaign *c)
{
	c->processors_a_host = processors_a_host(c);
	for (size_t t = 0; t < c->result->subject_count; t++) {
		c->targets[t].first_cell = c->cell_count;
		c->targets[t].is_unmet =
			c->result->subjects[t].expect != EXPECT_CLEAN;
		if (c->targets[t].is_over)
			continue;
		for (size_t i = 0; i < c->options->thread_count; i++)
			add_cells(c, t, c->options->threads[i]);
	}
}

static uint64_t iterations_wanted(const struct campaign *c)
{
	if (c->options->iterations)
		return c->options->iterations;
	if (c->options->until_rate > 0)
		return stats_iterations_for(c->options->until_rate, 0.95);
	return UINT64_MAX;
}

static bool may_run(const struct campaign *c, const struct cell *cell)
{
	const struct run *run = cell_run(c, cell);
	uint64_t wanted = iterations_wanted(c);

	if (c->targets[cell->target].is_over)
		return false;
	if (cell->explore)
		return !(wanted == UINT64_MAX && cell->is_known) &&
		       exploring_has_next(cell->explore, cell->next, wanted,
					  cell->batches_in_flight);
	if (wanted != UINT64_MAX)
		return run->iterations + cell->in_flight < wanted;
	return !cell->is_known;
}

static uint64_t urgency(const struct campaign *c, const struct cell *cell)
{
	uint64_t weight = c->targets[cell->target].is_unmet ? UNMET_WEIGHT : 1;

	/* What is in flight counts as used, lest all workers take one cell. */
	return (cell->used_ms + cell->batches_in_flight * BATCH_MS) / weight;
}

/* Of the campaign's time, in milliseconds of one worker. */
static uint64_t share_ms(const struct campaign *c)
{
	return c->options->time_ms * c->worker_count / c->cell_count;
}

/* Short enough that every cell has several batches in its share. */
static uint32_t batch_ms(const struct campaign *c)
{
	uint64_t part = share_ms(c) / BATCHES_A_SHARE;

	if (!c->options->time_ms || part > BATCH_MS)
		return BATCH_MS;
	return part < BATCH_LEAST_MS ? BATCH_LEAST_MS : (uint32_t)part;
}

static uint32_t noise_level(const struct campaign *c)
{
	return !strcmp(c->options->noise, "heavy")   ? SNAG_NOISE_HEAVY
	       : !strcmp(c->options->noise, "light") ? SNAG_NOISE_LIGHT
						     : SNAG_NOISE_OFF;
}

static uint32_t points_level(const struct campaign *c)
{
	return !strcmp(c->options->points, "sync")     ? SNAG_POINTS_SYNC
	       : !strcmp(c->options->points, "shared") ? SNAG_POINTS_SHARED
						       : SNAG_POINTS_ALL;
}

static void order_stress(const struct campaign *c, const struct cell *cell,
			 struct snag_batch_order *order)
{
	uint64_t left = iterations_wanted(c) - cell_run(c, cell)->iterations -
			cell->in_flight;

	order->engine = SNAG_STRESS;
	order->first = cell->next;
	order->count = left < BATCH_MAX ? left : BATCH_MAX;
	order->noise = noise_level(c);
	/* With places threads overlap more, without them they drift apart
	 * more: each shows what the other seldom does. */
	order->processors = cell->batches % 2 ? 1 : c->processors_a_host;
}

/* Where a number of iterations is wanted, time must not decide which. */
static void order_explore(const struct campaign *c, const struct cell *cell,
			  struct snag_batch_order *order)
{
	uint64_t wanted = iterations_wanted(c);

	exploring_next(cell->explore, cell->next, wanted, &order->first,
		       &order->count);
	if (wanted != UINT64_MAX)
		order->limit_ms = UINT32_MAX;
	order->engine = SNAG_EXPLORE;
	order->processors = 1;
	order->points = points_level(c);
	order->flags = c->options->is_spurious ? SNAG_EXPLORE_SPURIOUS : 0;
	order->max_steps = c->options->max_steps;
	snprintf(order->strategy, sizeof(order->strategy), "%s",
		 c->options->strategy);
}

static bool is_for(const struct cell *cell, int worker)
{
	return worker == PLAN_ANY_WORKER || !cell->explore ||
	       cell->explore->worker < 0 || cell->explore->worker == worker;
}

bool plan_next(struct campaign *c, int worker, size_t *chosen,
	       struct snag_batch_order *order)
{
	struct cell *best = NULL;

	for (size_t i = 0; i < c->cell_count; i++) {
		struct cell *cell = &c->cells[i];

		if (may_run(c, cell) && is_for(cell, worker) &&
		    (!best || urgency(c, cell) < urgency(c, best)))
			best = cell;
	}
	if (!best)
		return false;
	*chosen = (size_t)(best - c->cells);
	*order = (struct snag_batch_order){
		.scenario = c->targets[best->target].facts.index,
		.threads = best->threads_asked,
		.seed = c->options->seed,
		.limit_ms = batch_ms(c),
	};
	if (best->explore)
		order_explore(c, best, order);
	else
		order_stress(c, best, order);
	return true;
}

void plan_take(struct campaign *c, int worker, size_t at,
	       const struct snag_batch_order *order)
{
	struct cell *cell = &c->cells[at];

	if (cell->explore) {
		cell->next = exploring_take(cell->explore, cell->next,
					    order->first, order->count);
		if (cell->explore->is_one_by_one)
			cell->explore->worker = worker;
	} else {
		cell->next += order->count;
	}
	cell->in_flight += order->count;
	cell->batches++;
	cell->batches_in_flight++;
}

/* Is something required of the scenario still to be seen? */
static bool is_unmet(struct campaign *c, struct subject *subject)
{
	struct tally tally = tally_of(c->result, subject);

	for (size_t i = 0; i < tally.required_count; i++)
		if (!tally.required[i].hits)
			return true;
	return false;
}

/* Of the cell itself: the finding or the outcome that it shows most. */
static bool is_rate_known(const struct campaign *c, const struct cell *cell)
{
	const struct run *run = cell_run(c, cell);
	uint64_t most = 0;

	for (size_t i = 0; i < run->finding_count; i++)
		if (run->findings[i].hits > most)
			most = run->findings[i].hits;
	return stats_is_known(most, run->iterations, KNOWN_WIDTH);
}

/* Nothing was seen here though other numbers of threads show it: once its
 * share is used that is a fact too. */
static bool is_share_used(const struct campaign *c, const struct cell *cell)
{
	return c->options->time_ms && cell->used_ms > share_ms(c);
}

void plan_update(struct campaign *c, struct cell *cell, bool has_news)
{
	struct target *target = &c->targets[cell->target];
	struct subject *subject = cell_subject(c, cell);
	const struct run *run = cell_run(c, cell);

	if (has_news && target->is_unmet)
		target->is_unmet = is_unmet(c, subject);
	if (target->hangs >= MAX_HANGS || cell->fruitless >= MAX_FRUITLESS)
		target->is_over = true;
	if (subject->expect == EXPECT_CLEAN || target->is_unmet)
		return;
	cell->is_known =
		is_share_used(c, cell) ||
		(cell->used_ms >= KNOWN_AFTER_MS &&
		 run->iterations >= KNOWN_AFTER && is_rate_known(c, cell));
}
