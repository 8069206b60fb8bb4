#include <poll.h>
#include <snag/scenario.h>
#include <string.h>
#include <sys/wait.h>

#include "base/text.h"
#include "campaign/confirm_part.h"
#include "campaign/hosts.h"
#include "campaign/table.h"
#include "judge/wrong.h"

enum {
	POLL_MS = 5,
	KILL_AFTER_MS = 500, /* the time is up: a batch ends by itself */
	LOSE_AFTER_MS = 5000,
};

static bool is_time_up(const struct steering *s)
{
	return *s->campaign->options->is_interrupted ||
	       clock_ms() >= s->until_ms;
}

static void lose(const struct steering *s, struct worker *w)
{
	worker_stop(w);
	hosts_end_orphans(s->campaign);
}

/* One batch, from its order to its end; false: it did not end well. */
static bool run_batch(const struct steering *s, struct worker *w)
{
	for (;;) {
		struct pollfd p = {.fd = w->channel.fd, .events = POLLIN};
		uint64_t now_ms = clock_ms();
		enum worker_event event;

		poll(&p, 1, POLL_MS);
		event = worker_poll(w);
		if (event == WORKER_ENDED)
			return true;
		if (event == WORKER_LOST ||
		    now_ms >= s->until_ms + LOSE_AFTER_MS) {
			lose(s, w);
			return false;
		}
		if ((*s->campaign->options->is_interrupted ||
		     now_ms >= s->until_ms + KILL_AFTER_MS) &&
		    w->ended_by == ENDED_BY_ITSELF)
			worker_kill_batch(w, ENDED_FOR_TIME);
	}
}

static enum confirm_effect effect_of(const struct steering *st,
				     const char *name)
{
	static const char *const crashes[] = {
		"@crash",       "@abort",        "@use-after-free",
		"@double-free", "@invalid-free", "@out-of-bounds"};
	const struct cell *cell = &st->campaign->cells[st->cell];

	if (!strcmp(name, "@deadlock"))
		return CONFIRM_DEADLOCKED;
	for (size_t i = 0; i < sizeof(crashes) / sizeof(crashes[0]); i++)
		if (!strcmp(name, crashes[i]))
			return CONFIRM_CRASHED;
	return name[0] == '@' || wrong_outcome(st->scenarios,
					       cell_subject(st->campaign, cell),
					       name)
		       ? CONFIRM_WRONG
		       : CONFIRM_NOTHING;
}

static void add_name(struct seen *seen, const char *name)
{
	for (size_t i = 0; i < seen->name_count; i++)
		if (!strcmp(seen->names[i], name))
			return;
	if (seen->name_count < CONFIRM_NAMES)
		seen->names[seen->name_count++] = name;
}

/* True: this is what to keep a schedule of, from now. */
static bool add_outcome(const struct steering *st, struct worst *worst,
			const char *name, uint64_t count)
{
	enum confirm_effect effect = effect_of(st, name);

	if (effect == CONFIRM_NOTHING || effect < worst->effect)
		return false;
	if (worst->outcome && effect == worst->effect) {
		if (!strcmp(worst->outcome, name))
			worst->count += count;
		return false;
	}
	*worst = (struct worst){
		.effect = effect, .outcome = name, .count = count};
	return true;
}

static void keep(const struct steering *st, struct worst *worst,
		 const struct worker *w, uint64_t iteration,
		 const struct snag_turn *turns, uint32_t count, bool is_cut)
{
	struct arena *arena = &st->campaign->result->arena;
	struct keeping_one *one = &worst->kept;

	*one = (struct keeping_one){
		.cell = st->cell,
		.iteration = iteration,
		.strategy = arena_dup(arena, w->order.strategy),
		.effect = worst->outcome,
		.count = count,
		.room = count,
		.is_cut = is_cut,
	};
	one->turns = arena_alloc(arena, (count + 1) * sizeof(*one->turns));
	if (count)
		memcpy(one->turns, turns, count * sizeof(*turns));
}

static void keep_of_table(const struct steering *st, struct worst *worst,
			  const struct worker *w, enum snag_kept_for why,
			  uint32_t outcome)
{
	const struct snag_explore *x = w->explore;

	for (uint32_t i = 0; i < x->kept_count && i < SNAG_KEPT; i++) {
		/* A copy: what is checked is what is used. */
		const struct snag_kept kept = x->kept[i];

		if (kept.kept_for != (uint32_t)why || kept.index != outcome ||
		    kept.first > SNAG_KEPT_TURNS ||
		    kept.count > SNAG_KEPT_TURNS - kept.first)
			continue;
		keep(st, worst, w, kept.iteration, x->kept_turns + kept.first,
		     kept.count, kept.is_cut != 0);
		return;
	}
}

static void take_outcome(const struct steering *st, const struct worker *w,
			 struct seen *seen, uint32_t i)
{
	const struct snag_shared_outcome *o = &w->table->outcomes[i];
	uint64_t met = w->explore->confirm.outcomes[i];
	const char *name =
		text_clean(&st->campaign->result->arena, o->name,
			   strnlen(o->name, SNAG_OUTCOME_BYTES), false);

	if (add_outcome(st, &seen->of_all, name, o->count))
		keep_of_table(st, &seen->of_all, w, SNAG_KEPT_OUTCOME, i);
	if (!met)
		return;
	add_name(seen, name);
	if (add_outcome(st, &seen->of_met, name, met))
		keep_of_table(st, &seen->of_met, w, SNAG_KEPT_MET, i);
}

static void take_outcomes(const struct steering *st, const struct worker *w,
			  struct seen *seen)
{
	uint32_t n = w->table->outcome_count;

	_Static_assert((int)SNAG_MET_OUTCOMES == (int)SNAG_SHARED_OUTCOMES,
		       "one count an outcome");
	if (n > SNAG_SHARED_OUTCOMES)
		n = SNAG_SHARED_OUTCOMES;
	for (uint32_t i = 0; i < n; i++)
		take_outcome(st, w, seen, i);
}

/* How the iteration in flight ended the process; NULL: not by itself. */
static const char *end_of(const struct worker *w)
{
	static const char *const deadly[] = {
		"ThreadSanitizer: SEGV", "ThreadSanitizer: BUS",
		"ThreadSanitizer: ILL",  "ThreadSanitizer: FPE",
		"ThreadSanitizer: TRAP", "ThreadSanitizer: stack-overflow"};

	if (w->ended_by != ENDED_BY_ITSELF || (w->table->done && !w->status) ||
	    w->table->phase == SNAG_PHASE_IDLE || worker_has_fatal_text(w) ||
	    (WIFSIGNALED(w->status) && WTERMSIG(w->status) == SIGKILL))
		return NULL;
	if (WIFSIGNALED(w->status))
		return WTERMSIG(w->status) == SIGABRT ? "@abort" : "@crash";
	if (worker_has_text(w, "ThreadSanitizer: ABRT"))
		return "@abort";
	for (size_t i = 0; i < sizeof(deadly) / sizeof(deadly[0]); i++)
		if (worker_has_text(w, deadly[i]))
			return "@crash";
	return "@exit";
}

static void take_end_of(const struct steering *st, const struct worker *w,
			struct worst *worst, const char *end)
{
	const struct snag_explore *x = w->explore;

	if (add_outcome(st, worst, end, 1))
		keep(st, worst, w, w->table->current, x->live,
		     x->live_count < SNAG_LIVE_TURNS ? x->live_count
						     : SNAG_LIVE_TURNS,
		     x->live_is_cut != 0);
}

static void take_end(const struct steering *st, const struct worker *w,
		     struct seen *seen)
{
	const char *end = end_of(w);

	if (!end)
		return;
	seen->schedules++;
	take_end_of(st, w, &seen->of_all, end);
	if (!w->explore->confirm.is_met)
		return;
	seen->met++;
	add_name(seen, end);
	take_end_of(st, w, &seen->of_met, end);
}

static void take_values(const struct snag_confirm *v, struct seen *seen)
{
	for (uint32_t i = 0; i < v->final_count && i < SNAG_FINAL_VALUES; i++) {
		size_t k = 0;

		while (k < seen->final_count && seen->finals[k] != v->finals[i])
			k++;
		if (k == seen->final_count && k < SNAG_FINAL_VALUES)
			seen->finals[seen->final_count++] = v->finals[i];
	}
}

static void take(const struct steering *st, const struct worker *w,
		 struct seen *seen)
{
	const struct snag_confirm *v = &w->explore->confirm;
	uint64_t completed = w->table->completed;

	seen->schedules +=
		completed < w->order.count ? completed : w->order.count;
	seen->met += v->met;
	seen->differences += v->differences;
	seen->first[0] += v->first[0];
	seen->first[1] += v->first[1];
	seen->came[0] += v->came[0];
	seen->came[1] += v->came[1];
	seen->is_exhausted |= w->explore->is_exhausted == 1;
	take_values(v, seen);
	take_outcomes(st, w, seen);
	take_end(st, w, seen);
}

static struct snag_batch_order order_of(const struct steering *st,
					const char *strategy)
{
	const struct campaign *c = st->campaign;
	const struct cell *cell = &c->cells[st->cell];
	struct snag_batch_order order = {
		.scenario = c->targets[cell->target].facts.index,
		.threads = cell->threads_asked,
		.seed = c->options->seed,
		.processors = 1,
		.engine = SNAG_EXPLORE,
		.points = SNAG_POINTS_ALL,
		.max_steps = c->options->max_steps,
	};

	snprintf(order.strategy, sizeof(order.strategy), "%s", strategy);
	return order;
}

static void set_targets(const struct steering *st, struct snag_explore *x)
{
	memcpy(x->targets, st->targets,
	       st->target_count * sizeof(x->targets[0]));
	x->target_count = (uint32_t)st->target_count;
}

/* False: nothing came of it. */
static bool steer_on(const struct steering *st, struct worker *w,
		     struct snag_batch_order *order, struct seen *seen)
{
	uint64_t before = seen->schedules, now_ms;
	bool is_sound;

	now_ms = clock_ms();
	if (now_ms >= st->until_ms)
		return false;
	order->limit_ms = (uint32_t)(st->until_ms - now_ms);
	set_targets(st, w->explore);
	worker_order(w, order);
	if (!run_batch(st, w))
		return false;
	is_sound = table_is_sound(w->table, &w->order);
	if (is_sound)
		take(st, w, seen);
	worker_text_drop(w);
	if (!is_sound)
		worker_stop(w);
	order->first += seen->schedules - before;
	return seen->schedules > before;
}

void confirm_steer(const struct steering *st, const char *strategy,
		   uint64_t first, uint64_t end, struct seen *seen)
{
	struct worker *w = &st->campaign->workers[0];
	struct snag_batch_order order = order_of(st, strategy);

	order.first = first;
	while (order.first < end && !is_time_up(st) && !seen->is_exhausted &&
	       seen->of_met.effect < CONFIRM_CRASHED) {
		if (!worker_is_ready(w, st->campaign->options->host_path))
			return;
		order.count = end - order.first;
		if (!steer_on(st, w, &order, seen))
			break;
	}
	if (w->explore)
		w->explore->target_count = 0;
}
