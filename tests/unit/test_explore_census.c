/*
 * What dfs runs of a kernel, against a search that knows nothing of it: each
 * schedule that can be replayed, found by trying every thread after every
 * beginning.
 */
#include "explore_bench.h"

enum { MOST = 1000, NODES = 4096, STEPS = 40, THREADS = 5, AT_ONCE = 120 };

struct one {
	uint64_t hash, preemptions;
	char outcome[16];
};

struct census {
	size_t count;
	struct one all[MOST];
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
	{"reorder_1", 56},            /* 8 over 3 */
	{"atomic_plain_atomic", 70},  /* 8 over 4 */
	{"atomic_throughout", 70},    /* 8 over 4 */
	{"steps_4", 792},             /* 12 over 5 */
	{"deadlock_2", 0},            /* some end in the middle */
	{"lost_wakeup", 0},           /* a condition's */
	{"wakeup_tested", 0},
	{"split_increment", 0},       /* a mutex, twice */
	{"whole_increment", 0},
	{"inversion_behind_gate", 0}, /* three mutexes */
	{"audit", 0},
	{"audit_whole", 0},
	{"upgrade_stale", 0},         /* a rwlock */
	{"twostage_2", 0},
	{"created_early", 0},         /* a thread of a thread */
};

static struct beginning *now, *next; /* of as many steps, all */
static size_t now_count, next_count;

static void add(struct census *c, uint64_t hash, uint64_t preemptions,
		const char *outcome)
{
	struct one *one = &c->all[c->count];

	assert_true(c->count++ < MOST);
	one->hash = hash;
	one->preemptions = preemptions;
	snprintf(one->outcome, sizeof(one->outcome), "%s", outcome);
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
		add(c, tried->trace_hash, tried->preemptions, tried->outcome);
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
				(struct schedule_turn){.thread = t,
						       .steps = 1};
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

/* A batch for each iteration: every one has a process of its own.  True: it
 * was not the last. */
static bool run_next(struct rerun *rerun, const char *bound, struct census *c)
{
	const struct snag_explore *x = rerun_worker(rerun)->explore;
	const struct run *run = &rerun->result.subjects[0].runs[0];
	struct snag_batch_order order = rerun->order;
	struct err err = {0};

	snprintf(order.strategy, sizeof(order.strategy), "dfs:%s", bound);
	order.first = c->count;
	if (!rerun_order(rerun, &order, &err))
		fail_msg("%s", err.text);
	x = rerun_worker(rerun)->explore;
	if (run->iterations) {
		assert_int_equal(run->outcome_count, 1);
		add(c, x->live_hash, x->live_preemptions,
		    run->outcomes[0].name);
	}
	return !x->is_exhausted;
}

static void run_dfs(struct rerun *rerun, const char *bound, struct census *c)
{
	uint64_t level = 0;

	c->count = 0;
	rerun_worker(rerun)->explore->replay_schedules = 0;
	while (run_next(rerun, bound, c)) {
		assert_true(c->all[c->count - 1].preemptions >= level);
		level = c->all[c->count - 1].preemptions;
	}
	assert_true(c->count > 0);
}

static void is_the_same(const struct census *a, const struct census *b,
			const char *name)
{
	if (a->count != b->count)
		fail_msg("%s: dfs %zu, the search %zu", name, a->count,
			 b->count);
	for (size_t i = 0; i < a->count; i++) {
		assert_true(a->all[i].hash == b->all[i].hash);
		assert_int_equal(a->all[i].preemptions, b->all[i].preemptions);
		assert_string_equal(a->all[i].outcome, b->all[i].outcome);
		assert_true(!i || a->all[i].hash != a->all[i - 1].hash);
	}
}

/* Of those, the ones with few preemptions. */
static void bound(struct census *c, uint64_t most)
{
	size_t n = 0;

	for (size_t i = 0; i < c->count; i++)
		if (c->all[i].preemptions <= most)
			c->all[n++] = c->all[i];
	c->count = n;
}

static void compare_kernel(const struct kernel *kernel)
{
	static struct census found, all;
	char name[64];
	struct schedule s = bench_schedule(
		bench_host("/tests/kernels/snag-kernels"), name);
	struct rerun *rerun;

	snprintf(name, sizeof(name), "kernels/%s", kernel->name);
	rerun = bench_open(&s);
	all.count = 0;
	search(rerun, &s, &all);
	qsort(all.all, all.count, sizeof(all.all[0]), compare);
	run_dfs(rerun, "1000", &found);
	if (kernel->schedules)
		assert_int_equal(found.count, kernel->schedules);
	printf("%s: %zu schedules\n", name, found.count);
	qsort(found.all, found.count, sizeof(found.all[0]), compare);
	is_the_same(&found, &all, name);
	run_dfs(rerun, "1", &found);
	qsort(found.all, found.count, sizeof(found.all[0]), compare);
	bound(&all, 1);
	is_the_same(&found, &all, name);
	rerun_close(rerun);
}

static void dfs_runs_each_schedule_there_is_and_none_twice(void **state)
{
	(void)state;
	now = must_alloc(NODES * sizeof(*now));
	next = must_alloc(NODES * sizeof(*next));
	for (size_t i = 0; i < sizeof(kernels) / sizeof(kernels[0]); i++)
		if (!getenv("ONLY") || !strcmp(getenv("ONLY"), kernels[i].name))
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
