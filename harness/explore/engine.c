/*
 * An exploring batch: iterations on virtual threads, one after another in one
 * process.  Main, which runs setup, check and teardown, is thread 0; the
 * threads of the roles follow.
 */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "explore/engine.h"
#include "explore/lasting.h"
#include "explore/pairs.h"
#include "explore/replays.h"
#include "explore/shared.h"
#include "explore/stack.h"
#include "explore/tally.h"
#include "explore/target.h"
#include "explore/trace.h"
#include "explore/world_part.h"
#include "internal.h"
#include "oracle/oracle.h"
#include "virtual/thread.h"

enum {
	/* Iterations on the same fibers: the longer their histories, the longer
	 * a report takes. */
	RENEW_REPORTED = 64, /* in a batch that has seen one */
	RENEW_QUIET = 4096,
	LOOK_AT_CLOCK = 16,
	MAX_FIBERS = 150 * 1000, /* ThreadSanitizer keeps 300 bytes of each */
};

static struct explore_order order_now;

static struct snag_self *selves;
static struct vthread **role_threads; /* of the selves */
static struct snag_run *run_now;
static char edge;      /* its address carries "setup is over" */
static bool is_ending; /* only what the program left behind still runs */
/* Threads that nobody joins are reported while the process ends. */
static bool is_leaking;
static uint64_t fibers_made;
static unsigned since_renewal;

static void *role_main(void *argument)
{
	struct snag_self *self = argument;

	__tsan_acquire(&edge);
	self->random = random_mix(run_now->seed, self->number);
	self->role->body(self, self->state);
	return NULL;
}

static bool roles_are_done(const void *object, const struct vthread *self)
{
	(void)object;
	(void)self;
	for (unsigned i = 0; i < run_now->total_threads; i++)
		if (role_threads[i]->state != V_ENDED)
			return false;
	return true;
}

static bool all_is_done(const void *object, const struct vthread *self)
{
	(void)object;
	(void)self;
	return world_all_ended();
}

/* In the place of pool_step(): all bodies of one iteration. */
static void run_bodies(struct pool *pool, struct snag_run *run, void *state)
{
	(void)pool;
	__tsan_release(&edge);
	for (unsigned i = 0; i < run->total_threads; i++) {
		selves[i].state = state;
		role_threads[i] = world_role(i, selves[i].role->name, role_main,
					     &selves[i]);
		if (!role_threads[i])
			abort();
	}
	world_acquire(SNAG_EVENT_JOIN, &world, NULL, roles_are_done, 0);
	for (unsigned i = 0; i < run->total_threads; i++)
		__tsan_acquire(&role_threads[i]->end);
}

static void make_selves(struct snag_run *run)
{
	unsigned number = 0;

	selves = aligned_alloc(128, (run->total_threads + 1) * sizeof(*selves));
	role_threads = calloc(run->total_threads + 1, sizeof(*role_threads));
	if (!selves || !role_threads)
		abort();
	memset(selves, 0, (run->total_threads + 1) * sizeof(*selves));
	for (unsigned r = 0; r < run->role_count; r++) {
		for (unsigned i = 0; i < run->role_threads[r]; i++, number++) {
			selves[number].role = &run->entry->scenario->roles[r];
			selves[number].role_number = r;
			selves[number].index = i;
			selves[number].threads = run->role_threads[r];
			selves[number].number = number;
		}
	}
}

/* Reports slow down with the length of the fibers' histories. */
static void renew(void)
{
	if (++since_renewal <
	    (snag_table->reports ? RENEW_REPORTED : RENEW_QUIET))
		return;
	world_renew_roles();
	since_renewal = 0;
}

static uint64_t distinct_outcomes(void)
{
	return snag_table->outcome_count;
}

/* Of the strategy, or of the portfolio's member that ran. */
static uint32_t index_of_strategy(void)
{
	const char *name = order_now.name;

	if (order_now.strategy->member && !order_now.is_replay)
		name = order_now.strategy->member(order_now.state);
	return tally_index(name);
}

void explore_saw_report(uint32_t signature, bool is_new)
{
	if (!world.is_active && !is_leaking)
		return;
	if (is_new)
		schedule_want(SNAG_KEPT_FINDING, signature);
	/* It is over, and its turns are still there. */
	if (is_leaking)
		schedule_keep(snag_table->current, index_of_strategy());
	if (trace_is_on())
		trace_report(world.current->number, signature);
}

void explore_end_iteration(const char *outcome, bool is_cut)
{
	uint64_t before = distinct_outcomes();
	struct strategy_end end = {.steps = explore_shared->live_steps,
				   .threads = explore_shared->live_threads,
				   .new_pairs =
					   explore_shared->live_fresh_pairs,
				   .is_cut = is_cut};
	uint64_t number = snag_table->current;
	uint32_t index = batch_record_outcome(outcome, number);

	if (distinct_outcomes() > before)
		schedule_want(SNAG_KEPT_OUTCOME, (uint32_t)before);
	if (target_end_iteration(index))
		schedule_want(SNAG_KEPT_MET, index);
	end.is_news = schedule_keep(number, index_of_strategy());
	replays_end(outcome);
	tally_iteration();
	if (order_now.strategy->end && !order_now.is_replay)
		order_now.strategy->end(order_now.state, &end);
	tally_strategy(index_of_strategy(), &end);
	__atomic_fetch_add(&snag_table->completed, 1, __ATOMIC_RELEASE);
}

_Noreturn void world_stop(const char *outcome)
{
	if (is_ending && !strcmp(outcome, "@deadlock"))
		outcome = "@thread-leak";
	stuck_dump();
	target_stuck();
	explore_end_iteration(outcome, true);
	world.is_active = false;
	if (order_now.is_program)
		syscall(SYS_exit_group, 0);
	batch_end();
}

/* What the program's own threads still do belongs to the iteration. */
static void wait_for_rest(void)
{
	is_ending = true;
	if (!world_all_ended())
		world_acquire(SNAG_EVENT_JOIN, &world, NULL, all_is_done, 0);
	is_ending = false;
}

static bool run_one(struct snag_run *run, void *state, uint64_t in_batch)
{
	bool is_run;

	explore_begin_iteration(run->iteration, run->seed, in_batch);
	is_run = batch_iterate(run_bodies, NULL, run, state);
	/* A child that setup or check forked and did not end. */
	if (!world.is_active)
		_exit(0);
	wait_for_rest();
	explore_arm(false);
	world.is_active = false;
	return is_run;
}

/* What the roles did in a batch's first iteration. */
static void count_points(const struct snag_run *run)
{
	for (unsigned i = 0; i < run->total_threads; i++)
		snag_table->role_points[selves[i].role_number] +=
			role_threads[i]->points;
}

/* The same schedule once more: what differs now is not in our hands. */
static void check_twice(struct snag_run *run,
			const struct snag_batch_order *order)
{
	struct snag_explore *x = explore_shared;
	void *state;

	if (order_now.is_replay || order->first || x->live_is_cut)
		return;
	schedule_replay_own();
	schedule_compare(true);
	turn_set_replay(true);
	hook_mute(true);
	state = batch_begin_iteration(run, order, order->first);
	run_one(run, state, 0);
	free(state);
	world_settle();
	rewatch_all();
	oracle_end();
	hook_mute(false);
	turn_set_replay(false);
	if (schedule_differs_at() || x->left_at) {
		x->has_diverged = 1;
		snprintf(x->divergence, sizeof(x->divergence),
			 "at event %llu of %llu",
			 (unsigned long long)(x->left_at
						      ? x->left_at
						      : schedule_differs_at()),
			 (unsigned long long)world.step);
	}
	x->left_at = 0;
	x->replay_count = 0;
	schedule_compare(false);
}

static bool wants_end(void)
{
	/* What begins anew loses its place: a word that is no longer watched
	 * costs reports, and no outcome.  With targets nobody wants reports. */
	return (hook_wants_renewal() && !order_now.strategy->is_lasting &&
		!target_is_on()) ||
	       fibers_made > MAX_FIBERS ||
	       snag_table->outcome_count >= SNAG_SHARED_OUTCOMES;
}

const struct explore_order *explore_open(const struct snag_batch_order *order,
					 bool is_program)
{
	struct explore_order *now = &order_now;

	now->is_program = is_program;
	target_set(explore_shared->targets, explore_shared->target_count);
	now->is_replay = !strcmp(order->strategy, "replay");
	if (is_program)
		strategy_share();
	now->strategy = lasting_strategy(&now->state);
	if (!now->strategy)
		now->strategy = strategy_new(now->is_replay ? "random"
							    : order->strategy,
					     &now->state);
	if (!now->strategy)
		return NULL;
	now->name = order->strategy;
	turn_init(now->strategy, now->state, order->max_steps);
	turn_set_replay(now->is_replay);
	turn_set_spurious(order->flags & SNAG_EXPLORE_SPURIOUS);
	trace_init(order->flags & SNAG_EXPLORE_TRACE);
	schedule_compare(false);
	explore_watch_crashes();
	explore_configure(order, now->strategy->is_lasting);
	oracle_open(order, !strncmp(now->strategy->name, "dfs", 3));
	return now;
}

void explore_begin_iteration(uint64_t number, uint64_t seed, uint64_t in_batch)
{
	schedule_begin();
	if (replays_are_many(order_now.is_replay))
		replays_begin(in_batch);
	trace_begin();
	shared_begin(number);
	pairs_begin(in_batch, order_now.strategy->wants_pairs);
	world_begin(number);
	turn_begin(seed);
	world.is_active = true;
	explore_arm(true);
}

void explore_drew(void)
{
	const struct explore_order *now = &order_now;

	if (world.is_active && !now->is_replay && now->strategy->number)
		now->strategy->number(now->state, 0);
}

bool explore_is_exhausted(void)
{
	if (order_now.is_replay || !order_now.strategy->is_exhausted ||
	    !order_now.strategy->is_exhausted(order_now.state))
		return false;
	explore_shared->is_exhausted = 1;
	return true;
}

void explore_run(struct snag_run *run, const struct snag_batch_order *order)
{
	uint64_t deadline_ms = batch_now_ms() + order->limit_ms;

	/* The iteration that ended the last batch may have been the last. */
	if (!explore_open(order, false) || explore_is_exhausted())
		return;
	run_now = run;
	make_selves(run);
	for (uint64_t i = 0; i < order->count; i++) {
		/* Several replays are of one iteration, under numbers of
		 * their own. */
		uint64_t counted = order->first + i;
		uint64_t number = replays_are_many(order_now.is_replay)
					  ? order->first
					  : counted;
		void *state;
		bool is_run;

		oracle_begin(random_mix(order->seed, number));
		state = batch_begin_iteration(run, order, number);
		batch_count_as(counted);
		is_run = run_one(run, state, i);

		free(state);
		if (!is_run)
			return;
		fibers_made += world.thread_count - 1 - run->total_threads;
		if (!i)
			count_points(run);
		explore_end_iteration(run->outcome, false);
		/* The report comes when the process ends. */
		is_leaking = virtual_report_leaked();
		if (is_leaking)
			return;
		world_settle();
		rewatch_all();
		oracle_end();
		if (!i)
			check_twice(run, order);
		renew();
		if (wants_end() || (i % LOOK_AT_CLOCK == LOOK_AT_CLOCK - 1 &&
				    batch_now_ms() >= deadline_ms))
			return;
		if (explore_is_exhausted())
			return;
	}
}
