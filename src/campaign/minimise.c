#include "campaign/minimise.h"

#include <string.h>

#include "base/clock.h"
#include "campaign/minimise_part.h"

void candidate_begin(struct search *s, bool is_first)
{
	if (is_first) {
		arena_release(&s->scratch);
		s->count = 0;
	}
	s->candidates[s->count++] = (struct turns){0};
}

void candidate_add(struct search *s, uint32_t thread, uint32_t steps)
{
	struct turns *last = &s->candidates[s->count - 1];

	schedule_add(&s->scratch, &last->list, &last->count, thread, steps);
}

void candidate_copy(struct search *s, size_t from, size_t to)
{
	for (size_t i = from; i < to && i < s->best.count; i++)
		candidate_add(s, s->best.list[i].thread, s->best.list[i].steps);
}

bool search_is_over(struct search *s)
{
	if (s->tries >= s->limits->tries ||
	    clock_ms() - s->started_ms >= s->limits->time_ms)
		s->is_cut = true;
	return s->is_cut || s->has_failed;
}

static bool run_one(struct search *s, const struct turns *turns,
		    struct rerun_seen *seen)
{
	s->tries++;
	if (rerun_turns(s->rerun, turns->list, turns->count, seen, s->err))
		return true;
	s->has_failed = true;
	return false;
}

bool candidate_shows(struct search *s, uint64_t *left_at)
{
	struct rerun_seen seen;

	if (!run_one(s, &s->candidates[0], &seen))
		return false;
	*left_at = seen.left_at;
	return rerun_shows(s->rerun, &seen, s->schedule);
}

/* As it was followed to its end. */
static void adopt(struct search *s, const struct rerun_seen *seen)
{
	size_t bytes = seen->turn_count * sizeof(*seen->turns);

	s->best.list =
		memcpy(arena_alloc(s->arena, bytes + 1), seen->turns, bytes);
	s->best.count = seen->turn_count;
	s->switches = schedule_switches(seen->turns, seen->turn_count);
	s->preemptions = seen->preemptions;
	s->steps = seen->steps;
}

static int compare(uint64_t a, uint64_t b)
{
	return (a > b) - (a < b);
}

/* Is one that was tried less than another, or (NULL) than the best? */
static bool is_less(const struct search *s, const struct rerun_tried *a,
		    const struct rerun_tried *b)
{
	int order = compare(a->switches, b ? b->switches : s->switches);

	if (!order)
		order = compare(a->preemptions,
				b ? b->preemptions : s->preemptions);
	if (!order)
		order = compare(a->steps, b ? b->steps : s->steps);
	return order < 0;
}

static struct rerun_tried *least(const struct search *s,
				 struct rerun_tried *tried)
{
	struct rerun_tried *best = NULL;

	for (size_t i = 0; i < s->count; i++)
		if (tried[i].is_done && tried[i].is_shown &&
		    is_less(s, &tried[i], best))
			best = &tried[i];
	return best;
}

/* Runs all candidates; the least of those that show it is the best from now,
 * if it shows it by itself, too. */
static bool try_all(struct search *s)
{
	struct rerun_tried tried[SEARCH_CANDIDATES] = {{0}}, *found;
	struct rerun_seen seen;
	bool is_shown = false;

	if (!s->count || search_is_over(s))
		return false;
	for (size_t i = 0; i < s->count; i++) {
		tried[i].turns = s->candidates[i].list;
		tried[i].turn_count = s->candidates[i].count;
	}
	s->tries += s->count;
	if (!rerun_many(s->rerun, tried, s->count, s->schedule, s->err)) {
		s->has_failed = true;
		return false;
	}
	while (!is_shown && (found = least(s, tried)) != NULL) {
		const struct turns turns = {
			(struct schedule_turn *)(uintptr_t)found->turns,
			found->turn_count};

		if (!run_one(s, &turns, &seen))
			return false;
		is_shown = !seen.is_cut &&
			   rerun_shows(s->rerun, &seen, s->schedule);
		found->is_done = is_shown;
	}
	if (is_shown)
		adopt(s, &seen);
	s->count = 0;
	return is_shown;
}

/* Is there room for one more?  If not, those that there are are tried;
 * *is_any: one of them was better. */
static bool has_room(struct search *s, bool *is_any)
{
	if (s->count < SEARCH_CANDIDATES)
		return true;
	*is_any = try_all(s);
	return !*is_any && !search_is_over(s);
}

/* So many turns, and then a thread as long as it can. */
static bool add_prefix(struct search *s, size_t turns, bool *is_any)
{
	enum { THREADS = 8 };
	uint32_t seen[THREADS];
	size_t n = 0;

	for (size_t i = turns ? turns - 1 : 0; i < s->best.count && n < THREADS;
	     i++) {
		uint32_t thread = s->best.list[i].thread;
		bool is_known = false;

		for (size_t j = 0; j < n; j++)
			is_known |= seen[j] == thread;
		if (is_known)
			continue;
		if (!has_room(s, is_any))
			return false;
		seen[n++] = thread;
		candidate_begin(s, !s->count);
		candidate_copy(s, 0, turns);
		candidate_add(s, thread, SCHEDULE_MAX_STEPS);
	}
	return true;
}

/* The shortest beginnings that are enough. */
static bool cut_end(struct search *s)
{
	bool is_any = false;

	s->count = 0;
	for (size_t n = 0; n < s->best.count; n += n < 64 ? 1 : n / 16)
		if (!add_prefix(s, n, &is_any))
			return is_any;
	return try_all(s);
}

/* The turns of the window, thread by thread: in the order in which they come
 * first, or (is_last) in which they come last. */
static void add_sorted(struct search *s, size_t from, size_t to, bool is_last)
{
	for (size_t i = from; i < to; i++) {
		uint32_t thread = s->best.list[i].thread;
		bool is_turn = true;

		for (size_t j = is_last ? i + 1 : from; j < (is_last ? to : i);
		     j++)
			is_turn &= s->best.list[j].thread != thread;
		for (size_t j = from; is_turn && j < to; j++)
			if (s->best.list[j].thread == thread)
				candidate_add(s, thread, s->best.list[j].steps);
	}
}

static void add_window(struct search *s, size_t from, size_t to, bool is_last)
{
	candidate_begin(s, !s->count);
	candidate_copy(s, 0, from);
	add_sorted(s, from, to, is_last);
	candidate_copy(s, to, s->best.count);
}

/* All windows of that many turns. */
static bool sort_windows(struct search *s, size_t turns)
{
	size_t pace = turns > 8 ? turns / 4 : 1;
	bool is_any = false;

	s->count = 0;
	for (size_t at = 0; at + turns <= s->best.count; at += pace) {
		for (int is_last = 0; is_last < 2; is_last++) {
			if (!has_room(s, &is_any))
				return is_any;
			add_window(s, at, at + turns, is_last);
		}
	}
	return try_all(s);
}

static bool sort_all(struct search *s)
{
	size_t turns = s->best.count;
	bool is_any = false;

	while (turns >= 3 && !search_is_over(s)) {
		if (turns > s->best.count)
			turns = s->best.count;
		if (turns >= 3 && sort_windows(s, turns))
			is_any = true;
		else
			turns = turns > 6 ? turns / 2 : turns - 1;
	}
	return is_any;
}

/* A turn that ends some steps sooner may make others needless. */
static bool move_edges(struct search *s)
{
	enum { MOST = 16 };
	bool is_any = false;

	s->count = 0;
	for (size_t i = 0; i + 1 < s->best.count; i++) {
		const struct schedule_turn *t = &s->best.list[i];

		uint32_t least = t->steps > MOST ? t->steps - MOST : 1;

		for (uint32_t keep = t->steps - 1; keep >= least; keep--) {
			if (!has_room(s, &is_any))
				return is_any;
			candidate_begin(s, !s->count);
			candidate_copy(s, 0, i);
			candidate_add(s, t->thread, keep);
			candidate_add(s, s->best.list[i + 1].thread,
				      SCHEDULE_MAX_STEPS);
		}
	}
	return try_all(s);
}

static bool begin(struct search *s)
{
	const struct schedule *from = s->schedule;
	struct rerun_seen seen;

	candidate_begin(s, true);
	for (size_t i = 0; i < from->turn_count; i++)
		candidate_add(s, from->turns[i].thread, from->turns[i].steps);
	if (!run_one(s, &s->candidates[0], &seen))
		return false;
	if (!rerun_shows(s->rerun, &seen, from))
		return err_set(s->err, EXIT_FINDING,
			       "the schedule does not show what it was kept "
			       "for: outcome '%s', %zu findings",
			       seen.outcome ? seen.outcome : "(none)",
			       seen.fingerprint_count);
	if (seen.is_cut)
		return err_set(s->err, EXIT_TROUBLE,
			       "the schedule has more than %d turns, which is "
			       "more than is kept",
			       SCHEDULE_MAX_TURNS);
	adopt(s, &seen);
	return true;
}

static void reduce(struct search *s)
{
	bool is_any = true;

	while (is_any && !search_is_over(s)) {
		is_any = false;
		while (cut_end(s))
			is_any = true;
		is_any |= sort_all(s);
		while (move_edges(s))
			is_any = true;
	}
}

bool minimise(struct rerun *rerun, const struct schedule *schedule,
	      const struct minimise_limits *limits, struct arena *arena,
	      struct minimised *out, struct err *err)
{
	struct search s = {.rerun = rerun,
			   .schedule = schedule,
			   .limits = limits,
			   .err = err,
			   .arena = arena,
			   .started_ms = clock_ms()};

	*out = (struct minimised){0};
	if (!begin(&s)) {
		arena_release(&s.scratch);
		return false;
	}
	out->switches_before = s.switches;
	out->preemptions_before = s.preemptions;
	reduce(&s);
	out->is_cut = s.is_cut;
	if (!s.has_failed)
		find_pair(&s, &out->first, &out->second);
	out->turns = s.best.list;
	out->turn_count = s.best.count;
	out->switches = s.switches;
	out->preemptions = s.preemptions;
	out->tries = s.tries;
	out->time_ms = clock_ms() - s.started_ms;
	arena_release(&s.scratch);
	return !s.has_failed;
}
