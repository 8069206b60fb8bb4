/*
 * The schedule of the iteration in flight, written down as it happens in
 * memory that outlives the process; and those worth keeping.
 */
#include <string.h>

#include "explore/world_part.h"

enum { MAX_STEPS_A_TURN = UINT16_MAX, MAX_COMPARED = 16 * 1024 };

struct snag_explore *explore_shared;

extern const char __executable_start[];

static uint32_t noted[MAX_COMPARED]; /* a hash of each event */
static uint64_t step, differs_at;
static bool is_checking;
/* Turn, and steps of it; and where the schedule ends. */
static uint32_t replay_at, replay_done, replay_end;

void schedule_begin(void)
{
	explore_shared->live_count = 0;
	explore_shared->live_is_cut = 0;
	explore_shared->live_steps = explore_shared->live_preemptions = 0;
	explore_shared->live_hash = 0;
	explore_shared->live_threads = 1;
	explore_shared->live_fresh_pairs = 0;
	step = 0;
	schedule_replay_part(0, explore_shared->replay_count);
	explore_shared->wanted_count = 0;
}

void schedule_replay_part(uint32_t first, uint32_t end)
{
	replay_at = first;
	replay_done = 0;
	replay_end = end < SNAG_REPLAY_TURNS ? end : SNAG_REPLAY_TURNS;
}

static void compare(uint32_t what)
{
	if (step < MAX_COMPARED) {
		if (is_checking && noted[step] != what && !differs_at)
			differs_at = step + 1;
		noted[step] = what;
	}
	step++;
}

void schedule_compare(bool checks)
{
	is_checking = checks;
	differs_at = 0;
}

uint64_t schedule_differs_at(void)
{
	return differs_at;
}

void schedule_replay_own(void)
{
	struct snag_explore *x = explore_shared;

	x->replay_count = x->live_count;
	memcpy(x->replay, x->live, x->live_count * sizeof(x->live[0]));
}

void schedule_note(unsigned thread, const struct event *e)
{
	struct snag_explore *x = explore_shared;
	uint32_t n = x->live_count;
	/* Addresses may differ between machines, places in the code do not. */
	uint64_t place = e->pc - (uint64_t)(uintptr_t)__executable_start;
	uint64_t what = place << 24 ^ (uint64_t)e->kind << 16 ^ thread;

	uint64_t hash = (x->live_hash ^ what) * 0x9e3779b97f4a7c15U;

	x->live_hash = hash ^ hash >> 29;
	x->live_steps++;
	compare((uint32_t)(what * 0x9e3779b97f4a7c15U >> 32));
	if (n && x->live[n - 1].thread == thread &&
	    x->live[n - 1].steps < MAX_STEPS_A_TURN) {
		x->live[n - 1].steps++;
	} else if (n < SNAG_LIVE_TURNS) {
		x->live[n] = (struct snag_turn){(uint16_t)thread, 1};
		x->live_count = n + 1;
	} else {
		x->live_is_cut = 1;
	}
}

/* Where a debugger has a breakpoint. */
__attribute__((noinline, used)) void schedule_stop(void)
{
	__asm__ volatile("");
}

int schedule_replay(void)
{
	const struct snag_explore *x = explore_shared;

	if (x->stop_at == x->live_steps + 1)
		schedule_stop();

	while (replay_at < replay_end &&
	       replay_done == x->replay[replay_at].steps) {
		replay_at++;
		replay_done = 0;
	}
	if (replay_at >= replay_end)
		return -1;
	replay_done++;
	return x->replay[replay_at].thread;
}

void schedule_want(enum snag_kept_for why, uint32_t index)
{
	struct snag_explore *x = explore_shared;

	if (x->wanted_count >= SNAG_KEPT)
		return;
	x->wanted[x->wanted_count].kept_for = (uint32_t)why;
	x->wanted[x->wanted_count++].index = index;
}

/* One copy of the turns for all that this iteration was the first to show. */
bool schedule_keep(uint64_t iteration, uint32_t strategy)
{
	struct snag_explore *x = explore_shared;
	uint32_t room = SNAG_KEPT_TURNS - x->kept_turn_count;
	uint32_t n = x->live_count;
	bool is_cut = x->live_is_cut || n > room;

	if (!x->wanted_count)
		return false;
	n = n < room ? n : room;
	memcpy(&x->kept_turns[x->kept_turn_count], x->live,
	       n * sizeof(x->live[0]));
	for (unsigned i = 0; i < x->wanted_count && x->kept_count < SNAG_KEPT;
	     i++) {
		x->kept[x->kept_count] =
			(struct snag_kept){.iteration = iteration,
					   .kept_for = x->wanted[i].kept_for,
					   .index = x->wanted[i].index,
					   .strategy = strategy,
					   .first = x->kept_turn_count,
					   .count = n,
					   .is_cut = is_cut};
		__atomic_store_n(&x->kept_count, x->kept_count + 1,
				 __ATOMIC_RELEASE);
	}
	x->kept_turn_count += n;
	x->wanted_count = 0;
	return true;
}

/* HyperLogLog: 4,096 registers by the upper bits, each the longest run of
 * zeros below them. */
void schedule_count_distinct(void)
{
	uint64_t hash = explore_shared->live_hash;
	uint64_t h = (hash ^ (hash >> 31)) * 0xbf58476d1ce4e5b9U;
	uint8_t *r;
	uint8_t rank;

	h ^= h >> 32;
	r = &explore_shared->distinct[h >> 52];
	rank = (uint8_t)(__builtin_clzll(h << 12 | 1U << 11) + 1);
	if (rank > *r)
		*r = rank;
}
