/*
 * What dfs runs of a kernel, against a search that knows nothing of it: each
 * schedule that can be replayed, found by trying every thread after every
 * beginning.
 */
#include "explore_bench.h"

enum {
	MOST = 1000,
	NODES = 1024, /* beginnings of one length */
	STEPS = 40,
	THREADS = 4, /* main, and those that there are in any kernel */
	AT_ONCE = SNAG_REPLAYS,
	OUTCOMES = 64,
	REGISTERS = SNAG_DISTINCT_REGISTERS,
	LONGEST_BATCH = 16,
	UNBOUNDED = 1000,
};

struct one {
	uint64_t hash, preemptions, steps;
	char outcome[16];
};

struct census {
	size_t count;
	struct one all[MOST];
};

/* What is to be the same: how many, and of the set of hashes what a count of
 * distinct ones keeps. */
struct summary {
	size_t count, outcome_count;
	uint64_t steps, preemptions;
	struct {
		char name[16];
		uint64_t count;
	} outcomes[OUTCOMES];
	uint8_t registers[REGISTERS];
};

/* Picks, one a step. */
struct beginning {
	struct schedule_turn turns[STEPS];
	size_t count;
};

static const struct kernel {
	const char *name;
	unsigned schedules; /* without a bound, counted by hand; 0: not */
} kernels[] = {
	/* The loads and stores of two threads, and their beginnings. */
	{"reorder_1", 56},           /* 8 over 3 */
	{"atomic_plain_atomic", 70}, /* 8 over 4 */
	{"atomic_throughout", 70},   /* 8 over 4 */
	{"steps_4", 792},            /* 12 over 5 */
	{"deadlock_2", 0},           /* some end in the middle */
	{"lost_wakeup", 0},          /* a condition's */
	{"wakeup_tested", 0},
	{"split_increment", 0}, /* a mutex, twice */
	{"whole_increment", 0},
	{"inversion_behind_gate", 0}, /* three mutexes */
	{"audit", 0},
	{"audit_whole", 0},
	{"upgrade_stale", 0}, /* a rwlock */
	{"twostage_2", 0},
	{"created_early", 0}, /* a thread of a thread */
};

static struct beginning *now, *next; /* of as many steps, all */
static size_t now_count, next_count;

static void add(struct census *c, const struct rerun_tried *tried)
{
	struct one *one = &c->all[c->count];

	assert_true(c->count++ < MOST);
	one->hash = tried->trace_hash;
	one->preemptions = tried->preemptions;
	one->steps = tried->steps;
	snprintf(one->outcome, sizeof(one->outcome), "%s", tried->outcome);
}

static int compare(const void *left, const void *right)
{
	const struct one *a = left, *b = right;

	return (a->hash > b->hash) - (a->hash < b->hash);
}

static void go_on(const struct beginning *from, struct census *c,
		  const struct rerun_tried *tried)
{
	if (tried->left_at && tried->left_at <= from->count)
		return; /* that thread could not run there */
	if (tried->steps == from->count) {
		add(c, tried);
		return;
	}
	assert_true(next_count < NODES && from->count < STEPS);
	next[next_count++] = *from;
}

/* Each thread after each of some beginnings. */
static void extend(struct rerun *rerun, const struct schedule *s,
		   struct census *c, size_t from, size_t to)
{
	static struct beginning tries[AT_ONCE];
	struct rerun_tried tried[AT_ONCE] = {{0}};
	struct err err = {0};
	size_t n = 0;

	for (size_t i = from; i < to; i++) {
		for (unsigned t = 0; t < THREADS; t++) {
			tries[n] = now[i];
			tries[n].turns[tries[n].count++] =
				(struct schedule_turn){.thread = t, .steps = 1};
			tried[n].turns = tries[n].turns;
			tried[n].turn_count = tries[n].count;
			n++;
		}
	}
	if (!rerun_many(rerun, tried, n, s, &err))
		fail_msg("%s", err.text);
	for (size_t i = 0; i < n; i++)
		go_on(&tries[i], c, &tried[i]);
}

static void search(struct rerun *rerun, const struct schedule *s,
		   struct census *c)
{
	struct beginning *old;

	now_count = 1;
	now[0].count = 0;
	while (now_count) {
		const size_t step = AT_ONCE / THREADS;

		next_count = 0;
		for (size_t i = 0; i < now_count; i += step)
			extend(rerun, s, c, i,
			       i + step < now_count ? i + step : now_count);
		old = now;
		now = next;
		next = old;
		now_count = next_count;
	}
}

/* As harness/explore/schedule.c does. */
static void note(struct summary *to, uint64_t hash)
{
	uint64_t h = (hash ^ (hash >> 31)) * 0xbf58476d1ce4e5b9U;
	uint8_t rank, *r;

	h ^= h >> 32;
	r = &to->registers[h >> 52];
	rank = (uint8_t)(__builtin_clzll(h << 12 | 1U << 11) + 1);
	*r = rank > *r ? rank : *r;
}

static void count_outcome(struct summary *to, const char *name, uint64_t count)
{
	size_t i = 0;

	while (i < to->outcome_count && strcmp(to->outcomes[i].name, name) != 0)
		i++;
	assert_true(i < OUTCOMES);
	if (i == to->outcome_count) {
		to->outcome_count++;
		snprintf(to->outcomes[i].name, sizeof(to->outcomes[i].name),
			 "%s", name);
	}
	to->outcomes[i].count += count;
}

/* Of what the search found, those with so few preemptions. */
static void sum_up(const struct census *c, uint64_t bound, struct summary *to)
{
	*to = (struct summary){0};
	for (size_t i = 0; i < c->count; i++) {
		const struct one *one = &c->all[i];

		assert_true(!i || one->hash != c->all[i - 1].hash);
		if (one->preemptions > bound)
			continue;
		to->count++;
		to->steps += one->steps;
		to->preemptions += one->preemptions;
		note(to, one->hash);
		count_outcome(to, one->outcome, 1);
	}
}

/* The next batch of dfs.  True: it was not the last. */
static bool run_batch(struct rerun *rerun, unsigned bound, struct summary *to)
{
	const struct run *run = &rerun->result.subjects[0].runs[0];
	struct snag_batch_order order = rerun->order;
	const struct snag_explore *x;
	struct err err = {0};

	snprintf(order.strategy, sizeof(order.strategy), "dfs:%u", bound);
	order.first = to->count;
	order.count = 1 + to->count % LONGEST_BATCH;
	if (!rerun_order(rerun, &order, &err))
		fail_msg("%s", err.text);
	x = rerun_worker(rerun)->explore;
	to->count += run->iterations;
	to->steps += x->steps;
	to->preemptions += x->preemptions;
	for (size_t i = 0; i < REGISTERS; i++)
		if (x->distinct[i] > to->registers[i])
			to->registers[i] = x->distinct[i];
	for (size_t i = 0; i < run->outcome_count; i++)
		count_outcome(to, run->outcomes[i].name,
			      run->outcomes[i].count);
	return !x->is_exhausted;
}

static void run_dfs(struct rerun *rerun, unsigned bound, struct summary *to)
{
	*to = (struct summary){0};
	rerun_worker(rerun)->explore->replay_schedules = 0;
	while (run_batch(rerun, bound, to))
		assert_true(to->count < 2 * MOST);
}

static uint64_t count_of(const struct summary *s, const char *outcome)
{
	for (size_t i = 0; i < s->outcome_count; i++)
		if (!strcmp(s->outcomes[i].name, outcome))
			return s->outcomes[i].count;
	return 0;
}

static void is_the_same(const struct summary *dfs, const struct summary *all,
			const char *name)
{
	if (dfs->count != all->count)
		fail_msg("%s: dfs ran %zu, the search %zu", name, dfs->count,
			 all->count);
	assert_int_equal(dfs->steps, all->steps);
	assert_int_equal(dfs->preemptions, all->preemptions);
	assert_memory_equal(dfs->registers, all->registers, REGISTERS);
	assert_int_equal(dfs->outcome_count, all->outcome_count);
	for (size_t i = 0; i < all->outcome_count; i++)
		assert_int_equal(count_of(dfs, all->outcomes[i].name),
				 all->outcomes[i].count);
}

static void compare_kernel(const struct kernel *kernel)
{
	static const unsigned bounds[] = {UNBOUNDED, 1};
	static struct census c;
	struct summary dfs, all;
	char name[64];
	struct schedule s =
		bench_schedule(bench_host("/tests/kernels/snag-kernels"), name);
	struct rerun *rerun;

	snprintf(name, sizeof(name), "kernels/%s", kernel->name);
	rerun = bench_open(&s);
	/* Reports of lock orders need a process each, and none is wanted. */
	rerun->campaign.targets[0].no_deadlock_detection = true;
	worker_stop(rerun_worker(rerun));
	c.count = 0;
	search(rerun, &s, &c);
	qsort(c.all, c.count, sizeof(c.all[0]), compare);
	printf("%s: %zu schedules\n", name, c.count);
	if (kernel->schedules)
		assert_int_equal(c.count, kernel->schedules);
	for (size_t i = 0; i < sizeof(bounds) / sizeof(bounds[0]); i++) {
		sum_up(&c, bounds[i], &all);
		run_dfs(rerun, bounds[i], &dfs);
		is_the_same(&dfs, &all, name);
	}
	rerun_close(rerun);
}

static void dfs_runs_each_schedule_there_is_and_none_twice(void **state)
{
	(void)state;
	now = must_alloc(NODES * sizeof(*now));
	next = must_alloc(NODES * sizeof(*next));
	for (size_t i = 0; i < sizeof(kernels) / sizeof(kernels[0]); i++)
		compare_kernel(&kernels[i]);
	free(now);
	free(next);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			dfs_runs_each_schedule_there_is_and_none_twice),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
