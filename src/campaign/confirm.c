#include "campaign/confirm.h"

#include <poll.h>
#include <snag/scenario.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "base/stats.h"
#include "base/text.h"
#include "campaign/hosts.h"
#include "campaign/plan.h"
#include "judge/match.h"
#include "judge/own_frame.h"

enum {
	SCHEDULES = 300,
	FINDING_MS = 1000, /* at most, of one finding ... */
	ALL_MS = 30 * 1000,
	DFS_MS = 1000,
	POLL_MS = 5,
	MAX_NAMES = 4, /* outcomes that are told */
};

/* What the schedules of one finding came to. */
struct seen {
	uint64_t schedules, bad; /* bad: of those, with the worst outcome */
	const char *worst;       /* an outcome, or NULL */
	enum { NOTHING, WRONG, CRASHED, DEADLOCKED } effect;
	const char *names[MAX_NAMES];
	size_t name_count;
	uint64_t first[2];
	uint32_t values;
	bool is_exhausted;
};

static bool is_race(const struct finding *f)
{
	return f->report->kind == KIND_DATA_RACE ||
	       f->report->kind == KIND_VPTR_RACE ||
	       f->report->kind == KIND_USE_AFTER_FREE ||
	       f->report->kind == KIND_VPTR_USE_AFTER_FREE;
}

static bool is_inversion(const struct finding *f)
{
	return f->report->kind == KIND_LOCK_INVERSION;
}

static bool has(const uint64_t *offsets, size_t count, uint64_t offset)
{
	for (size_t i = 0; i < count; i++)
		if (offsets[i] == offset)
			return true;
	return false;
}

/* "target:1a2b,3c4d" of the own frames; false: the report names no place. */
static bool name_targets(const struct finding *f, char *text, size_t room)
{
	uint64_t offsets[SNAG_TARGETS];
	size_t count = 0, len;
	int n;

	for (size_t i = 0; i < f->report->access_count; i++) {
		const struct frame *own =
			own_frame_first(&f->report->accesses[i].stack);

		if (!own || !own->has_offset ||
		    own_frame_role(own) != FRAME_OWN ||
		    has(offsets, count, own->offset) || count == SNAG_TARGETS)
			continue;
		offsets[count++] = own->offset;
	}
	len = (size_t)snprintf(text, room, "target:");
	for (size_t i = 0; i < count; i++) {
		n = snprintf(text + len, room - len, "%s%llx", i ? "," : "",
			     (unsigned long long)offsets[i]);
		if (n < 0 || (size_t)n >= room - len)
			return false;
		len += (size_t)n;
	}
	return count > 0;
}

/* With as few threads as showed it. */
static struct cell *cell_of(struct campaign *c, const struct finding *f)
{
	struct cell *best = NULL;

	for (size_t i = 0; i < c->cell_count; i++) {
		const struct run *run = cell_run(c, &c->cells[i]);

		for (size_t k = 0; k < run->finding_count; k++)
			if (!strcmp(run->findings[k].fingerprint,
				    f->fingerprint) &&
			    (!best ||
			     run->threads < cell_run(c, best)->threads))
				best = &c->cells[i];
	}
	return best;
}

static bool is_time_up(const struct campaign *c, uint64_t until_ms)
{
	return *c->options->is_interrupted || clock_ms() >= until_ms;
}

/* One batch, from its order to its end; false: it did not end well. */
static bool run_batch(struct campaign *c, struct worker *w,
		      const struct snag_batch_order *order, uint64_t until_ms)
{
	worker_order(w, order);
	for (;;) {
		struct pollfd p = {.fd = w->channel.fd, .events = POLLIN};
		enum worker_event event;

		poll(&p, 1, POLL_MS);
		event = worker_poll(w);
		if (event == WORKER_ENDED)
			return true;
		if (event == WORKER_LOST) {
			worker_stop(w);
			hosts_end_orphans(c);
			return false;
		}
		if (is_time_up(c, until_ms + FINDING_MS))
			worker_kill_batch(w, ENDED_FOR_TIME);
	}
}

static int effect_of(const struct subject *s, const char *name)
{
	if (!strcmp(name, "@deadlock"))
		return DEADLOCKED;
	if (name[0] == '@')
		return CRASHED;
	if (s->type == SUBJECT_PROGRAM)
		return name[0] ? WRONG : NOTHING;
	switch (match_outcome(s, name, SNAG_EXPLORE).grade) {
	case GRADE_FORBIDDEN:
		return WRONG;
	case GRADE_REQUIRED:
		return s->expect == EXPECT_CLEAN ? NOTHING : WRONG;
	default:
		return NOTHING;
	}
}

static void add_outcome(struct seen *seen, const struct subject *s,
			const char *name, uint64_t count)
{
	int effect = effect_of(s, name);
	bool is_new = true;

	for (size_t i = 0; i < seen->name_count; i++)
		is_new &= strcmp(seen->names[i], name) != 0;
	if (is_new && seen->name_count < MAX_NAMES)
		seen->names[seen->name_count++] = name;
	if (effect == NOTHING || effect < (int)seen->effect)
		return;
	if (effect > (int)seen->effect || !seen->worst) {
		seen->effect = (unsigned)effect;
		seen->worst = name;
		seen->bad = 0;
	}
	if (!strcmp(seen->worst, name))
		seen->bad += count;
}

static void take(struct campaign *c, const struct worker *w,
		 const struct subject *s, struct seen *seen)
{
	const struct snag_shared *t = w->table;
	const struct snag_confirm *v = &w->explore->confirm;
	uint32_t n = t->outcome_count;
	uint64_t completed = t->completed;

	if (n > SNAG_SHARED_OUTCOMES)
		n = SNAG_SHARED_OUTCOMES;
	for (uint32_t i = 0; i < n; i++)
		add_outcome(seen, s,
			    text_clean(&c->result->arena, t->outcomes[i].name,
				       strnlen(t->outcomes[i].name,
					       SNAG_OUTCOME_BYTES),
				       false),
			    t->outcomes[i].count);
	if (w->ended_by == ENDED_BY_ITSELF && (!t->done || w->status)) {
		completed++;
		add_outcome(seen, s,
			    WIFSIGNALED(w->status) &&
					    WTERMSIG(w->status) == SIGABRT
				    ? "@abort"
				    : "@crash",
			    1);
	}
	seen->schedules +=
		completed < w->order.count ? completed : w->order.count;
	seen->first[0] += v->first[0];
	seen->first[1] += v->first[1];
	if (v->value_count > seen->values && v->value_count <= SNAG_MEETINGS)
		seen->values = v->value_count;
	seen->is_exhausted |= w->explore->is_exhausted == 1;
}

static struct snag_batch_order order_of(const struct campaign *c,
					const struct cell *cell,
					const char *strategy)
{
	struct snag_batch_order order = {
		.scenario = c->targets[cell->target].facts.index,
		.threads = cell->threads_asked,
		.seed = c->options->seed,
		.limit_ms = FINDING_MS,
		.processors = 1,
		.engine = SNAG_EXPLORE,
		.max_steps = c->options->max_steps,
	};

	snprintf(order.strategy, sizeof(order.strategy), "%s", strategy);
	return order;
}

/* Batches of it until there is an effect, or so many schedules ran. */
static void steer(struct campaign *c, struct worker *w, struct cell *cell,
		  const char *strategy, uint64_t schedules, uint64_t until_ms,
		  struct seen *seen)
{
	struct snag_batch_order order = order_of(c, cell, strategy);
	const struct subject *s = cell_subject(c, cell);

	while (order.first < schedules && !is_time_up(c, until_ms) &&
	       !seen->is_exhausted) {
		uint64_t before = seen->schedules;
		bool is_well;

		if (!worker_is_ready(w, c->options->host_path))
			return;
		order.count = schedules - order.first;
		is_well = run_batch(c, w, &order, until_ms);
		if (!is_well)
			return;
		take(c, w, s, seen);
		worker_text_drop(w);
		order.first += seen->schedules - before;
		if (seen->schedules == before || seen->effect >= CRASHED)
			return;
	}
}

static const char *names_of(struct arena *arena, const struct seen *seen)
{
	const char *text = "";

	for (size_t i = 0; i < seen->name_count; i++)
		text = arena_printf(arena, "%s%s%s", text, i ? ", " : "",
				    *seen->names[i] ? seen->names[i] : "good");
	return text;
}

static void say(struct arena *arena, struct finding *f, const char *effect,
		const char *why)
{
	f->effect = effect;
	f->effect_why = arena_printf(arena, "%s", why);
}

static const char *often(struct arena *arena, const struct seen *seen)
{
	return arena_printf(arena, "%s in %s of %s", seen->worst,
			    stats_count(arena, seen->bad),
			    stats_plural(arena, seen->schedules,
					 "steered schedule",
					 "steered schedules"));
}

static void conclude(struct campaign *c, struct finding *f,
		     const struct seen *seen, uint64_t all_schedules)
{
	struct arena *arena = &c->result->arena;
	const char *ran = stats_plural(arena, seen->schedules,
				       "steered schedule", "steered schedules");

	if (seen->effect == DEADLOCKED)
		say(arena, f, "deadlocks", often(arena, seen));
	else if (seen->effect == CRASHED)
		say(arena, f, "crashes", often(arena, seen));
	else if (seen->effect == WRONG)
		say(arena, f, "wrong outcome", often(arena, seen));
	else if (all_schedules)
		say(arena, f, "exhausted",
		    arena_printf(arena,
				 "none of all %s with at most two preemptions "
				 "deadlocks",
				 stats_plural(arena, all_schedules, "schedule",
					      "schedules")));
	else if (is_race(f) && !seen->first[0] && !seen->first[1])
		say(arena, f, "not reached",
		    arena_printf(arena, "the two did not meet in %s", ran));
	else if (is_race(f) && (seen->name_count > 1 || seen->values > 1))
		say(arena, f, "value differs",
		    arena_printf(arena,
				 "what is read or left there differs in %s%s%s",
				 ran, seen->name_count > 1 ? ": " : "",
				 seen->name_count > 1 ? names_of(arena, seen)
						      : ""));
	else
		say(arena, f, "no effect",
		    arena_printf(arena, "in %s, with either first", ran));
}

static void confirm(struct campaign *c, struct worker *w, struct finding *f)
{
	char targets[SNAG_STRATEGY_BYTES];
	struct cell *cell = cell_of(c, f);
	struct seen seen = {0}, all = {0};
	uint64_t now_ms = clock_ms();

	if (!cell || c->targets[cell->target].is_over ||
	    !name_targets(f, targets, sizeof(targets)))
		return;
	steer(c, w, cell, targets, SCHEDULES, now_ms + FINDING_MS, &seen);
	/* A cycle that nothing enters may be one that nothing can. */
	if (is_inversion(f) && seen.effect == NOTHING)
		steer(c, w, cell, "dfs:2", UINT32_MAX, clock_ms() + DFS_MS,
		      &all);
	if (all.effect > seen.effect)
		seen = all;
	if (seen.schedules)
		conclude(c, f, &seen, all.is_exhausted ? all.schedules : 0);
}

void confirm_findings(struct campaign *c)
{
	struct worker *w = &c->workers[0];
	uint64_t until_ms = clock_ms() + ALL_MS;

	if (c->deadline_ms < until_ms)
		until_ms = c->deadline_ms;
	for (size_t i = 0; i < c->result->finding_count; i++) {
		struct finding *f = &c->result->findings[i];

		if (is_time_up(c, until_ms))
			return;
		if (f->report && (is_race(f) || is_inversion(f)))
			confirm(c, w, f);
	}
}
