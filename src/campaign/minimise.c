#include "campaign/minimise.h"

#include <string.h>

#include "base/clock.h"
#include "campaign/minimise_part.h"

void candidate_begin(struct search *s)
{
	arena_release(&s->scratch);
	s->candidate = (struct turns){0};
}

void candidate_add(struct search *s, uint32_t thread, uint32_t steps)
{
	schedule_add(&s->scratch, &s->candidate.list, &s->candidate.count,
		     thread, steps);
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

static bool run_candidate(struct search *s, struct rerun_seen *seen)
{
	s->tries++;
	if (rerun_turns(s->rerun, s->candidate.list, s->candidate.count, seen,
			s->err))
		return true;
	s->has_failed = true;
	return false;
}

bool candidate_shows(struct search *s, uint64_t *left_at)
{
	struct rerun_seen seen;

	if (!run_candidate(s, &seen))
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

static bool is_less(const struct search *s, const struct rerun_seen *seen)
{
	uint64_t switches = schedule_switches(seen->turns, seen->turn_count);

	if (switches != s->switches)
		return switches < s->switches;
	if (seen->preemptions != s->preemptions)
		return seen->preemptions < s->preemptions;
	return seen->steps < s->steps;
}

static bool try_candidate(struct search *s)
{
	struct rerun_seen seen;

	if (search_is_over(s) || !run_candidate(s, &seen) || seen.is_cut ||
	    !is_less(s, &seen) || !rerun_shows(s->rerun, &seen, s->schedule))
		return false;
	adopt(s, &seen);
	return true;
}

/* So many turns, and then one thread as long as it can. */
static bool try_prefix(struct search *s, size_t turns)
{
	uint32_t last = turns ? s->best.list[turns - 1].thread : 0;
	uint32_t seen[8];
	size_t n = 0;

	candidate_begin(s);
	candidate_copy(s, 0, turns);
	if (turns && try_candidate(s))
		return true;
	for (size_t i = turns; i < s->best.count && n < 8; i++) {
		uint32_t thread = s->best.list[i].thread;
		bool is_known = thread == last;

		for (size_t j = 0; j < n; j++)
			is_known |= seen[j] == thread;
		if (is_known)
			continue;
		seen[n++] = thread;
		candidate_begin(s);
		candidate_copy(s, 0, turns);
		candidate_add(s, thread, SCHEDULE_MAX_STEPS);
		if (try_candidate(s))
			return true;
	}
	return false;
}

/* The shortest beginning, by doubling, that is enough. */
static bool cut_end(struct search *s)
{
	bool is_any = false, is_less_now = true;

	while (is_less_now && !search_is_over(s)) {
		is_less_now = false;
		for (size_t n = 1; n < s->best.count && !is_less_now;
		     n += n < 16 ? 1 : n / 4)
			is_less_now = try_prefix(s, n);
		is_any |= is_less_now;
	}
	return is_any;
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

static bool try_window(struct search *s, size_t from, size_t to)
{
	for (int is_last = 0; is_last < 2; is_last++) {
		candidate_begin(s);
		candidate_copy(s, 0, from);
		add_sorted(s, from, to, is_last);
		candidate_copy(s, to, s->best.count);
		if (try_candidate(s))
			return true;
	}
	return false;
}

/* All windows of that many turns; what was made less is looked at again. */
static bool sort_windows(struct search *s, size_t turns)
{
	size_t pace = turns > 8 ? turns / 4 : 1;
	bool is_any = false;

	for (size_t at = 0;
	     at + turns <= s->best.count && !search_is_over(s);) {
		if (try_window(s, at, at + turns))
			is_any = true;
		else
			at += pace;
	}
	return is_any;
}

static bool sort_all(struct search *s)
{
	size_t turns = s->best.count;
	bool is_any = false;

	while (turns >= 3 && !search_is_over(s)) {
		if (turns > s->best.count)
			turns = s->best.count;
		if (sort_windows(s, turns))
			is_any = true;
		turns = turns > 6 ? turns / 2 : turns - 1;
	}
	return is_any;
}

/* A turn that begins or ends some steps later may make another needless. */
static bool move_edges(struct search *s)
{
	bool is_any = false;

	for (size_t i = 0; i + 2 < s->best.count && !search_is_over(s); i++) {
		const struct schedule_turn *t = &s->best.list[i];
		bool is_less_now = false;

		for (uint32_t keep = t->steps; keep-- > 1 && !is_less_now &&
					       t->steps - keep <= 8 &&
					       !search_is_over(s);) {
			candidate_begin(s);
			candidate_copy(s, 0, i);
			candidate_add(s, t->thread, keep);
			candidate_add(s, s->best.list[i + 1].thread,
				      SCHEDULE_MAX_STEPS);
			is_less_now = try_candidate(s);
		}
		is_any |= is_less_now;
	}
	return is_any;
}

static bool begin(struct search *s)
{
	const struct schedule *from = s->schedule;
	struct rerun_seen seen;

	candidate_begin(s);
	for (size_t i = 0; i < from->turn_count; i++)
		candidate_add(s, from->turns[i].thread, from->turns[i].steps);
	if (!run_candidate(s, &seen))
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
		is_any = cut_end(s);
		is_any |= sort_all(s);
		is_any |= move_edges(s);
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
