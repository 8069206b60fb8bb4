/*
 * One object is chosen, and only the order in which threads come to it is
 * drawn: always with the weight of what each still has to do with it, so that
 * all orders are equally likely.  The thread that shall come next is intended;
 * others that stand before the object wait for it, everybody else runs freely.
 */
#include "strategy/profile.h"

enum {
	NOBODY = -1,
	MAX_CHAIN = 64,
	PATIENCE = 32, /* with threads that wait, maybe for one held back */
};

enum standing { UNKNOWN = 0, ELSEWHERE, BEFORE_OBJECT };

struct surw {
	uint64_t random, iteration;
	bool is_profiling;
	struct profile profile;
	/* Of this iteration. */
	const struct profile_object *object; /* NULL: none */
	uint64_t address;                    /* 0: not met yet */
	int intended;
	unsigned waits, refusals;
	unsigned known, used; /* threads; entries below that were written */
	uint16_t allowed[STRATEGY_THREADS];
	struct surw_thread {
		uint64_t pc; /* where it first meets the object: ... */
		uint32_t nth, visits;
		uint32_t remaining; /* that it still comes to the object */
		uint32_t unborn;    /* and what threads will that it makes */
		uint8_t standing;
	} threads[STRATEGY_THREADS];
};

static void clear_threads(struct surw *s)
{
	for (unsigned t = 0; t < s->used; t++)
		s->threads[t] = (struct surw_thread){0};
	s->used = 0;
}

static const struct profile_touch *next_touch(const struct surw *s,
					      uint32_t which)
{
	return which ? &s->profile.touches[which - 1] : NULL;
}

static void expect(struct surw *s)
{
	const struct profile_touch *t = next_touch(s, s->object->touches);

	for (; t; t = next_touch(s, t->next)) {
		struct surw_thread *thread = &s->threads[t->thread];

		thread->pc = t->pc;
		thread->nth = t->nth;
		thread->remaining = t->count;
	}
	s->used = s->profile.threads;
}

/* Again at powers of four: code that no schedule before had reached. */
static bool is_profile_due(uint64_t iteration)
{
	return iteration < 1 || (!(iteration & (iteration - 1)) &&
				 (iteration & 0x5555555555555554U));
}

static void surw_begin(void *state, uint64_t seed)
{
	struct surw *s = state;

	s->random = seed;
	clear_threads(s);
	s->known = s->waits = s->refusals = 0;
	s->address = 0;
	s->intended = NOBODY;
	s->object = NULL;
	s->is_profiling = is_profile_due(s->iteration++);
	if (s->is_profiling)
		profile_begin(&s->profile);
	else
		s->object = profile_draw(&s->profile, &s->random);
	if (s->object)
		expect(s);
}

/* What a thread that is not born yet will do counts for its nearest ancestor
 * that is. */
static void count_unborn(struct surw *s, unsigned born)
{
	const struct profile_touch *t = next_touch(s, s->object->touches);

	for (unsigned i = 0; i < born; i++)
		s->threads[i].unborn = 0;
	for (; t; t = next_touch(s, t->next)) {
		unsigned ancestor = t->thread, n = 0;

		while (ancestor >= born && n++ < MAX_CHAIN)
			ancestor = s->profile.parents[ancestor];
		if (t->thread >= born && ancestor < born)
			s->threads[ancestor].unborn += t->count;
	}
}

static uint32_t weight(const struct surw *s, unsigned thread)
{
	const struct surw_thread *t = &s->threads[thread];
	uint32_t least = t->standing == BEFORE_OBJECT;

	return (t->remaining > least ? t->remaining : least) + t->unborn;
}

/* Threads were born.  If the intended is a parent, the intention may have been
 * for its child. */
static void meet(struct surw *s, const struct strategy_view *view)
{
	unsigned first = s->known;

	s->known = view->thread_count;
	if (s->used < s->known)
		s->used = s->known;
	if (!s->object)
		return;
	count_unborn(s, s->known);
	for (unsigned t = first; first && t < s->known; t++) {
		uint32_t child = weight(s, t), parent;

		if (!child || s->intended < 0 || t >= s->profile.threads ||
		    s->profile.parents[t] != s->intended)
			continue;
		parent = weight(s, (unsigned)s->intended);
		if (strategy_below(&s->random, parent + child) >= parent)
			s->intended = (int)t;
	}
}

static void forget_standings(struct surw *s)
{
	for (unsigned t = 0; t < s->known; t++)
		s->threads[t].standing = UNKNOWN;
}

static enum standing find_standing(struct surw *s, unsigned thread,
				   const struct event *e)
{
	struct surw_thread *t = &s->threads[thread];

	if (t->standing != UNKNOWN)
		return t->standing;
	if (!s->address && t->nth && e->pc == t->pc &&
	    t->visits + 1 == t->nth && profile_is_touch(e)) {
		s->address = e->address;
		forget_standings(s);
	}
	t->standing =
		s->address && e->address == s->address && profile_is_touch(e)
			? BEFORE_OBJECT
			: ELSEWHERE;
	return t->standing;
}

/* Any of those that live, if `among` is NULL. */
static int draw_intended(struct surw *s, const struct strategy_view *among)
{
	unsigned count = among ? among->runnable_count : s->known;
	uint32_t sum = 0, at;

	for (unsigned i = 0; i < count; i++)
		sum += weight(s, among ? among->runnable[i] : i);
	if (!sum)
		return NOBODY;
	at = strategy_below(&s->random, sum);
	for (unsigned i = 0; i < count; i++) {
		unsigned t = among ? among->runnable[i] : i;
		uint32_t w = weight(s, t);

		if (at < w)
			return (int)t;
		at -= w;
	}
	return NOBODY;
}

/* Has a thread, by what it is about to do, met the object? */
static void look(struct surw *s, const struct strategy_view *view)
{
	bool is_met = s->address != 0;

	for (unsigned i = 0; i < view->runnable_count; i++) {
		unsigned t = view->runnable[i];

		if (s->threads[t].standing == UNKNOWN)
			find_standing(s, t, &view->pending[t]);
	}
	if (!is_met && s->address)
		look(s, view);
}

static unsigned pick_allowed(struct surw *s, const struct strategy_view *view)
{
	unsigned count = 0;
	int at;

	if (s->intended < 0)
		s->intended = draw_intended(s, NULL);
	for (unsigned i = 0; i < view->runnable_count; i++) {
		unsigned t = view->runnable[i];

		s->allowed[count] = (uint16_t)i;
		count += s->threads[t].standing != BEFORE_OBJECT ||
			 (int)t == s->intended;
	}
	s->refusals += count < view->runnable_count;
	if (count)
		return s->allowed[strategy_below(&s->random, count)];
	/* All wait for one that cannot come. */
	s->intended = draw_intended(s, view);
	at = strategy_find(view, (unsigned)s->intended);
	return at < 0 ? 0 : (unsigned)at;
}

static unsigned surw_next(void *state, const struct strategy_view *view)
{
	struct surw *s = state;

	if (s->known < view->thread_count)
		meet(s, view);
	s->waits += view->is_last_waiting;
	if (s->waits > PATIENCE || s->refusals > STRATEGY_PATIENCE)
		s->object = NULL;
	if (!s->object)
		return strategy_below(&s->random, view->runnable_count);
	look(s, view);
	return pick_allowed(s, view);
}

static void surw_event(void *state, const struct strategy_view *view,
		       unsigned thread)
{
	struct surw *s = state;
	struct surw_thread *t = &s->threads[thread];
	const struct event *e = &view->pending[thread];

	if (s->known < view->thread_count)
		meet(s, view);
	if (s->is_profiling)
		profile_event(&s->profile, view, thread);
	if (!s->object)
		return;
	if (find_standing(s, thread, e) == BEFORE_OBJECT) {
		t->remaining -= t->remaining != 0;
		s->intended = NOBODY;
	}
	t->visits += e->pc == t->pc && profile_is_touch(e);
	t->standing = UNKNOWN;
	if (e->kind == SNAG_EVENT_END) {
		t->remaining = 0;
		if (s->intended == (int)thread)
			s->intended = NOBODY;
	}
}

static void surw_end(void *state, const struct strategy_end *end)
{
	struct surw *s = state;

	(void)end;
	if (s->is_profiling)
		profile_end(&s->profile);
}

const struct strategy strategy_surw = {
	.name = "surw",
	.paper = "Zhao, Wolff, Mathur, Roychoudhury: Selectively uniform "
		 "concurrency testing, ASPLOS 2025; the object is memory or a "
		 "lock, the counts are of a random run of the same batch",
	.state_bytes = sizeof(struct surw),
	.begin = surw_begin,
	.next = surw_next,
	.event = surw_event,
	.end = surw_end,
};
