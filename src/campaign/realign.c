/* A schedule of another build, by its places in the source. */
#include <string.h>

#include "campaign/rerun_part.h"

enum {
	SLACK = 256,     /* steps that a turn may be longer than it was */
	MAX_TURNS = 256, /* that are looked for: each is an iteration */
};

static bool is_same(const char *a, const char *b)
{
	return a && b && !strcmp(a, b);
}

/* How sure is it that the event is where the turn began? */
static int likeness(const struct trace_event *e, const struct schedule_turn *t)
{
	if (!is_same(e->function, t->function))
		return 0;
	if (is_same(e->source, t->source))
		return 3;
	return e->line == t->line ? 2 : 1;
}

/* The turn of the same thread that comes next; NULL: none, or nothing is known
 * of its place. */
static const struct schedule_turn *next_of(const struct schedule *s,
					   size_t turn)
{
	for (size_t i = turn + 1; i < s->turn_count; i++)
		if (s->turns[i].thread == s->turns[turn].thread)
			return s->turns[i].function ? &s->turns[i] : NULL;
	return NULL;
}

/* After how many of the thread's steps from `from` on it is where the next turn
 * began: of the likeliest the nearest to what it was.  0: nowhere. */
static uint32_t find_end(const struct trace *trace, uint64_t from,
			 const struct schedule_turn *turn,
			 const struct schedule_turn *next)
{
	uint32_t steps = 0, best = 0, best_far = 0;
	int best_like = 0;

	for (size_t i = 0; i < trace->event_count; i++) {
		const struct trace_event *e = &trace->events[i];
		uint32_t far;
		int like;

		if (e->number <= from)
			continue;
		if (e->thread != turn->thread)
			break;
		like = steps ? likeness(e, next) : 0;
		far = steps > turn->steps ? steps - turn->steps
					  : turn->steps - steps;
		if (like > best_like ||
		    (like && like == best_like && far < best_far)) {
			best = steps;
			best_far = far;
			best_like = like;
		}
		steps++;
	}
	return best;
}

struct aligning {
	struct rerun *rerun;
	const struct schedule *schedule;
	struct arena *arena;
	struct schedule_turn **turns;
	size_t *count;
	uint64_t steps; /* of the turns so far */
};

/* *length: 0 when the place of the next turn was not met. */
static bool find_length(struct aligning *a, size_t turn, uint32_t *length,
			struct err *err)
{
	const struct schedule_turn *t = &a->schedule->turns[turn];
	const struct schedule_turn *next = next_of(a->schedule, turn);
	struct schedule_turn *tried = NULL;
	struct arena scratch = {0};
	struct rerun_seen seen;
	struct trace trace;
	size_t count = 0;
	bool is_run;

	*length = t->steps;
	if (!next)
		return true;
	for (size_t i = 0; i < *a->count; i++)
		schedule_add(&scratch, &tried, &count, (*a->turns)[i].thread,
			     (*a->turns)[i].steps);
	schedule_add(&scratch, &tried, &count, t->thread, t->steps + SLACK);
	is_run = rerun_traced(a->rerun, tried, count, &scratch, &seen, &trace,
			      err);
	if (is_run)
		*length = find_end(&trace, a->steps, t, next);
	arena_release(&scratch);
	return is_run;
}

bool rerun_realign(struct rerun *rerun, const struct schedule *schedule,
		   struct arena *arena, struct schedule_turn **turns,
		   size_t *count, size_t *fitted, struct err *err)
{
	struct aligning a = {.rerun = rerun,
			     .schedule = schedule,
			     .arena = arena,
			     .turns = turns,
			     .count = count};
	bool is_lost = false;

	*turns = NULL;
	*count = *fitted = 0;
	for (size_t i = 0; i < schedule->turn_count; i++) {
		const struct schedule_turn *t = &schedule->turns[i];
		uint32_t length = t->steps;

		if (!is_lost && i < MAX_TURNS &&
		    !find_length(&a, i, &length, err))
			return false;
		is_lost |= !length;
		*fitted += !is_lost;
		length = length ? length : t->steps;
		schedule_add(arena, turns, count, t->thread, length);
		a.steps += length;
	}
	return true;
}
