/*
 * strategy_world.h - a world without threads, to see what strategies do in it.
 *
 * A thread is a list of operations on small variables and locks.  It is run as
 * the engine runs one: it publishes an event, waits for its turn, performs it,
 * and goes on at once to its next one.  Worlds are values: copies go on apart.
 */
#ifndef STRATEGY_WORLD_H
#define STRATEGY_WORLD_H

#include <string.h>

#include "explore/strategy.h"

enum {
	SIM_THREADS = 128,
	SIM_VARS = 48,
	SIM_REGS = 4,
	SIM_BODIES = 4,
	SIM_MOST_STEPS = 50000, /* more are a livelock */
};

enum sim_what {
	SIM_STOP = 0, /* the thread's last */
	SIM_READ,     /* reg[a] = var */
	SIM_WRITE,    /* var = value */
	SIM_STORE,    /* var = reg[a] + value */
	SIM_SWAP,     /* var == reg[a]: var = reg[b], reg[value] = 1; else 0 */
	SIM_LOCK,
	SIM_UNLOCK,
	SIM_YIELD,
	SIM_SPAWN, /* a thread of body `var` */
	/* Not seen by others: no events. */
	SIM_NUMBER,      /* reg[a] = a number below value */
	SIM_SKIP_UNLESS, /* reg[a] == value, or it goes on at operation b */
	SIM_FAIL_IF,     /* reg[a] == value */
};

struct sim_op {
	enum sim_what what;
	unsigned var, a, b;
	int value;
};

struct sim_kernel {
	const char *name;
	struct {
		const struct sim_op *ops;
		unsigned copies; /* threads that begin with it */
	} bodies[SIM_BODIES];
	int first[SIM_VARS];
	int final_var, final_value; /* fails unless; final_var 0: never */
};

struct sim_thread {
	uint8_t body, at, is_ended, is_waiting;
	int8_t reg[SIM_REGS];
};

struct sim {
	const struct sim_kernel *kernel;
	uint64_t shift, shuffle, seed;
	/* Numbers come from here; NULL: from the seed. */
	const struct strategy *strategy;
	void *state;
	int8_t vars[SIM_VARS];
	struct sim_thread threads[SIM_THREADS];
	struct event pending[SIM_THREADS];
	uint16_t runnable[SIM_THREADS];
	struct strategy_view view;
	bool has_failed, is_stuck;
	uint64_t hash, preemptions;
};

/* Where the variable lives in this world. */
static inline uint64_t sim_address(const struct sim *s, unsigned var)
{
	uint64_t at = var;

	if (s->shuffle)
		at = (var * 29 + s->shuffle) % 64; /* 29 is odd */
	return 0x10000 + s->shift + at * 16;
}

static inline const struct sim_op *sim_op(const struct sim *s, unsigned thread)
{
	const struct sim_thread *t = &s->threads[thread];

	return &s->kernel->bodies[t->body].ops[t->at];
}

static inline int sim_number(struct sim *s, unsigned below)
{
	if (s->strategy && s->strategy->number)
		return (int)s->strategy->number(s->state, below);
	return (int)strategy_below(&s->seed, below);
}

static inline void sim_local(struct sim *s, struct sim_thread *t,
			     const struct sim_op *op)
{
	t->at++;
	if (op->what == SIM_NUMBER)
		t->reg[op->a] = (int8_t)sim_number(s, (unsigned)op->value);
	else if (op->what == SIM_FAIL_IF)
		s->has_failed |= t->reg[op->a] == op->value;
	else if (t->reg[op->a] != op->value)
		t->at = (uint8_t)op->b;
}

/* The thread goes on to its next event. */
static inline void sim_publish(struct sim *s, unsigned thread)
{
	static const uint8_t kinds[] = {
		[SIM_READ] = SNAG_EVENT_READ,
		[SIM_WRITE] = SNAG_EVENT_WRITE,
		[SIM_STORE] = SNAG_EVENT_WRITE,
		[SIM_SWAP] = SNAG_EVENT_ATOMIC_UPDATE,
		[SIM_LOCK] = SNAG_EVENT_LOCK,
		[SIM_UNLOCK] = SNAG_EVENT_UNLOCK,
		[SIM_YIELD] = SNAG_EVENT_YIELD,
		[SIM_SPAWN] = SNAG_EVENT_CREATE,
	};
	struct sim_thread *t = &s->threads[thread];
	const struct sim_op *op;
	struct event *e = &s->pending[thread];

	while ((op = sim_op(s, thread))->what >= SIM_NUMBER)
		sim_local(s, t, op);
	t->is_ended = op->what == SIM_STOP;
	if (t->is_ended)
		return;
	*e = (struct event){
		.pc = 0x400000U + t->body * 0x100U + t->at,
		.kind = kinds[op->what],
	};
	if (op->what < SIM_YIELD)
		e->address = sim_address(s, op->var);
	if (op->what <= SIM_SWAP)
		e->size = 4;
}

static inline void sim_spawn(struct sim *s, unsigned body)
{
	unsigned number = s->view.thread_count++;

	s->threads[number] = (struct sim_thread){.body = (uint8_t)body};
	s->pending[number] = (struct event){.kind = SNAG_EVENT_BEGIN,
					    .pc = 0x400080U + body * 0x100U};
}

static inline void sim_begin(struct sim *s, const struct sim_kernel *kernel,
			     uint64_t seed)
{
	memset(s, 0, sizeof(*s));
	s->kernel = kernel;
	s->seed = seed;
	s->view.thread_count = 1; /* main, which waits for the others */
	s->threads[0].is_ended = true;
	for (unsigned i = 0; i < SIM_VARS; i++)
		s->vars[i] = (int8_t)kernel->first[i];
	for (unsigned b = 0; b < SIM_BODIES; b++)
		for (unsigned i = 0; i < kernel->bodies[b].copies; i++)
			sim_spawn(s, b);
}

static inline bool sim_is_begin(const struct sim *s, unsigned thread)
{
	return s->pending[thread].kind == SNAG_EVENT_BEGIN;
}

static inline bool sim_is_able(const struct sim *s, unsigned thread)
{
	const struct sim_op *op;

	if (s->threads[thread].is_ended)
		return false;
	op = sim_op(s, thread);
	return sim_is_begin(s, thread) || op->what != SIM_LOCK ||
	       !s->vars[op->var];
}

/* Fills the view.  False: the run is over. */
static inline bool sim_look(struct sim *s)
{
	struct strategy_view *v = &s->view;
	bool with_waiting = false, is_anybody_left = false;

	v->pending = s->pending;
	v->runnable = s->runnable;
	v->is_last_runnable = sim_is_able(s, v->last);
	v->is_last_waiting = s->threads[v->last].is_waiting;
	do {
		v->runnable_count = 0;
		for (unsigned t = 0; t < v->thread_count; t++) {
			is_anybody_left |= !s->threads[t].is_ended;
			if (sim_is_able(s, t) &&
			    (with_waiting || !s->threads[t].is_waiting))
				s->runnable[v->runnable_count++] = (uint16_t)t;
		}
		with_waiting = !with_waiting;
	} while (!v->runnable_count && with_waiting);
	s->is_stuck = is_anybody_left &&
		      (!v->runnable_count || v->step > SIM_MOST_STEPS);
	if (!v->runnable_count && s->kernel->final_var)
		s->has_failed |=
			s->vars[s->kernel->final_var] != s->kernel->final_value;
	return v->runnable_count && !s->has_failed && !s->is_stuck;
}

static inline void sim_effect(struct sim *s, struct sim_thread *t,
			      const struct sim_op *op)
{
	int8_t *var = &s->vars[op->var];

	switch (op->what) {
	case SIM_READ:
		t->reg[op->a] = *var;
		break;
	case SIM_WRITE:
		*var = (int8_t)op->value;
		break;
	case SIM_STORE:
		*var = (int8_t)(t->reg[op->a] + op->value);
		break;
	case SIM_SWAP:
		t->reg[op->value] = *var == t->reg[op->a];
		if (t->reg[op->value])
			*var = t->reg[op->b];
		break;
	case SIM_LOCK:
		*var = 1;
		break;
	case SIM_UNLOCK:
		*var = 0;
		break;
	case SIM_SPAWN:
		sim_spawn(s, op->var);
		break;
	default:
		break;
	}
}

/* The chosen one of view.runnable performs its event. */
static inline void sim_perform(struct sim *s, unsigned chosen)
{
	unsigned thread = s->runnable[chosen];
	struct sim_thread *t = &s->threads[thread];
	const struct sim_op *op = sim_op(s, thread);

	s->preemptions += thread != s->view.last && s->view.is_last_runnable &&
			  !s->view.is_last_waiting;
	if (s->strategy && s->strategy->event)
		s->strategy->event(s->state, &s->view, thread);
	for (unsigned i = 0; i < s->view.thread_count; i++)
		s->threads[i].is_waiting = false;
	s->hash = (s->hash ^ (thread + 1)) * 0x100000001b3U;
	s->view.step++;
	s->view.last = thread;
	if (!sim_is_begin(s, thread)) {
		t->at++;
		sim_effect(s, t, op);
	}
	sim_publish(s, thread);
	t->is_waiting =
		!t->is_ended && s->pending[thread].kind == SNAG_EVENT_YIELD;
}

/* A whole run, that has begun.  Returns an index that was none; or -1. */
static inline int sim_go(struct sim *s)
{
	while (sim_look(s)) {
		unsigned count = s->view.runnable_count, at = 0;

		if (count > 1)
			at = s->strategy->next(s->state, &s->view);
		if (at >= count)
			return (int)at;
		sim_perform(s, at);
	}
	return -1;
}

static inline void sim_end(struct sim *s, bool is_news)
{
	const struct strategy_end end = {
		.steps = s->view.step,
		.threads = s->view.thread_count,
		.is_news = is_news,
		.is_cut = s->is_stuck,
	};

	if (s->strategy->end)
		s->strategy->end(s->state, &end);
}

/* begin, a run, end. */
static inline int sim_run(struct sim *s, const struct sim_kernel *kernel,
			  const struct strategy *strategy, void *state,
			  uint64_t seed)
{
	uint64_t shift = s->shift, shuffle = s->shuffle;
	int wrong;

	sim_begin(s, kernel, seed);
	s->shift = shift;
	s->shuffle = shuffle;
	s->strategy = strategy;
	s->state = state;
	strategy->begin(state, seed);
	wrong = sim_go(s);
	sim_end(s, false);
	return wrong;
}

#endif
