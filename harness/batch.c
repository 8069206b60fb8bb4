/*
 * A batch: a child of the host that runs iterations one after another, until
 * their count, the time, or a reason to begin afresh.  All it learns stands in
 * the shared table at once.  It ends with `done` and, through _exit, with
 * ThreadSanitizer's own last look (thread leaks); without `done` the tool
 * blames the iteration in flight.
 */
#include <stdlib.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "explore/engine.h"
#include "internal.h"

enum { SLOW_REPORTS = 200 };

void (*batch_of_program)(const struct snag_batch_order *order);

static void set_phase(enum snag_phase phase)
{
	__atomic_store_n(&snag_table->phase, (uint32_t)phase, __ATOMIC_RELEASE);
}

static void init_run(struct snag_run *run, const struct snag_entry *entry,
		     unsigned threads)
{
	const struct snag_scenario *s = entry->scenario;
	unsigned fixed = 0, shared = 0;

	*run = (struct snag_run){.entry = entry};
	while (run->role_count < SNAG_MAX_ROLES &&
	       s->roles[run->role_count].body) {
		fixed += s->roles[run->role_count].threads;
		shared += !s->roles[run->role_count].threads;
		run->role_count++;
	}
	for (unsigned r = 0; r < run->role_count; r++) {
		unsigned n = s->roles[r].threads;

		if (!n)
			n = snag_share_of(threads, fixed, shared,
					  s->min_threads);
		run->role_threads[r] = n;
		run->total_threads += n;
	}
}

uint32_t batch_record_outcome(const char *name, uint64_t iteration)
{
	for (uint32_t i = 0; i < SNAG_SHARED_OUTCOMES; i++) {
		struct snag_shared_outcome *o = &snag_table->outcomes[i];

		if (i == snag_table->outcome_count) {
			strncpy(o->name, name, sizeof(o->name) - 1);
			o->first = iteration;
			__atomic_store_n(&snag_table->outcome_count, i + 1,
					 __ATOMIC_RELEASE);
		}
		if (!strncmp(o->name, name, sizeof(o->name) - 1)) {
			__atomic_fetch_add(&o->count, 1, __ATOMIC_RELAXED);
			return i;
		}
	}
	snag_table->dropped_outcomes++;
	return SNAG_SHARED_OUTCOMES;
}

static void *new_state(size_t bytes)
{
	void *state = calloc(1, bytes ? bytes : 1);

	if (!state)
		abort();
	return state;
}

bool batch_iterate(batch_bodies *bodies, struct pool *pool,
		   struct snag_run *run, void *state)
{
	const struct snag_scenario *s = run->entry->scenario;

	set_phase(SNAG_PHASE_SETUP);
	if (s->setup && !s->setup(run, state)) {
		memcpy(snag_table->skip_reason, run->skip_reason,
		       sizeof(run->skip_reason));
		snag_table->is_skipped = 1;
		return false;
	}
	set_phase(SNAG_PHASE_BODIES);
	bodies(pool, run, state);
	set_phase(SNAG_PHASE_CHECK);
	if (s->check)
		s->check(run, state);
	set_phase(SNAG_PHASE_TEARDOWN);
	if (s->teardown)
		s->teardown(state);
	return true;
}

/* By the system call: the program's clock may be virtual. */
uint64_t batch_now_ms(void)
{
	struct timespec t;

	syscall(SYS_clock_gettime, CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000 + (uint64_t)t.tv_nsec / 1000000;
}

/* Reasons to begin afresh before the count is reached. */
static bool wants_end(const struct pool *pool, uint64_t deadline_ms)
{
	if (hook_wants_renewal() || pool_is_broken(pool))
		return true;
	/* A full table would lose the next name; the next batch has an empty
	 * one. */
	if (snag_table->outcome_count >= SNAG_SHARED_OUTCOMES)
		return true;
	/* The longer a thread's history, the longer ThreadSanitizer needs to
	 * restore the older stack of a report. */
	if (snag_table->reports >= SLOW_REPORTS)
		return true;
	return batch_now_ms() >= deadline_ms;
}

/* True: go on.  The leak is looked for after teardown, which may join. */
static bool settle(struct snag_run *run, uint64_t number)
{
	enum leak leak = leak_end();

	if (leak != LEAK_RUNNING)
		rewatch_all();
	batch_record_outcome(
		leak == LEAK_RUNNING ? "@thread-leak" : run->outcome, number);
	__atomic_fetch_add(&snag_table->completed, 1, __ATOMIC_RELEASE);
	return leak == LEAK_NONE;
}

void *batch_begin_iteration(struct snag_run *run,
			    const struct snag_batch_order *order,
			    uint64_t number)
{
	run->iteration = number;
	run->seed = random_mix(order->seed, number);
	run->outcome[0] = '\0';
	__atomic_store_n(&snag_table->current, number, __ATOMIC_RELEASE);
	hook_begin(number);
	return new_state(run->entry->scenario->state_size);
}

void batch_count_as(uint64_t number)
{
	__atomic_store_n(&snag_table->current, number, __ATOMIC_RELEASE);
	hook_begin(number);
}

static void run_iterations(struct snag_run *run, struct pool *pool,
			   const struct snag_batch_order *order)
{
	uint64_t deadline_ms = batch_now_ms() + order->limit_ms;
	pid_t self = getpid();

	for (uint64_t i = 0; i < order->count; i++) {
		uint64_t number = order->first + i;
		void *state = batch_begin_iteration(run, order, number);
		bool is_run;

		leak_begin();
		is_run = batch_iterate(pool_step, pool, run, state);
		/* A child that setup or check forked and did not end. */
		if (getpid() != self)
			_exit(0);
		free(state);
		if (!is_run || !settle(run, number) ||
		    wants_end(pool, deadline_ms))
			return;
	}
}

_Noreturn void batch_end(void)
{
	set_phase(SNAG_PHASE_ENDING);
	__atomic_store_n(&snag_table->done, 1, __ATOMIC_RELEASE);
	_exit(0);
}

_Noreturn void batch_run(const struct snag_entry *entry,
			 const struct snag_batch_order *order)
{
	struct snag_run run;

	init_run(&run, entry, order->threads);
	snag_table->threads = run.total_threads;
	hook_init(order->scenario);
	if (batch_of_program) {
		batch_of_program(order);
	} else if (order->engine == SNAG_EXPLORE) {
		explore_run(&run, order);
	} else {
		noise_init((enum snag_noise)order->noise);
		run_iterations(&run, pool_start(&run, order), order);
	}
	batch_end();
}
