/*
 * The threads of a batch.
 *
 * They are made once and released together for each iteration: a thread costs
 * ThreadSanitizer 60 to 90 microseconds, a release only a futex.  The futexes
 * are invisible to ThreadSanitizer; the edges it must know are stated:
 *
 *   setup --release(start)--> acquire(start)-- body --release(end)--> check
 *
 * each thread with an `end` of its own, so that nothing orders two bodies.
 */
#include <limits.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "internal.h"

enum {
	SPINS_BEFORE_SLEEP = 2000,
	SPINS_TIMED = 1000,
	SPIN_NS = 50 * 1000, /* at most, of a thread in its place */
	STACK_BYTES = 1024 * 1024,
};

struct pool {
	_Alignas(128) uint32_t generation; /* a step begins when it moves  */
	_Alignas(128) uint32_t arrived;    /* threads awake in this step   */
	_Alignas(128) uint32_t left;       /* bodies still running         */
	uint32_t is_broken;                /* a body ended its thread      */
	uint32_t count, spins, must_meet;
	uint32_t spins_in_place; /* 0: threads have no places (place.c) */
	int32_t main_processor;  /* where main began the step */
	bool is_counting;        /* points, in a batch's first iteration */
	uint64_t seed;
	void *state;
	char start; /* its address carries "setup is over" */
	pthread_key_t on_exit;
	struct snag_self selves[];
};

static unsigned spins_worth(unsigned threads)
{
	return threads <= noise_processors() ? SPINS_BEFORE_SLEEP : 0;
}

/* False when the spins are used up and it is still so. */
static bool has_changed(const uint32_t *word, uint32_t value, unsigned spins)
{
	for (unsigned i = 0; i < spins; i++)
		if (__atomic_load_n(word, __ATOMIC_ACQUIRE) != value)
			return true;
	return false;
}

static void wait_while(const uint32_t *word, uint32_t value, unsigned spins)
{
	if (has_changed(word, value, spins))
		return;
	while (__atomic_load_n(word, __ATOMIC_ACQUIRE) == value)
		futex_wait(word, value);
}

static bool shares_with_main(const struct pool *pool,
			     const struct snag_self *self)
{
	return place_holds() &&
	       self->processor ==
		       __atomic_load_n(&pool->main_processor, __ATOMIC_RELAXED);
}

/* With a processor of its own a thread waits for main awake; the one that main
 * runs beside must make room for it. */
static unsigned spins_between(const struct pool *pool,
			      const struct snag_self *self)
{
	if (!place_holds())
		return pool->spins;
	return shares_with_main(pool, self) ? 0 : pool->spins_in_place;
}

/* Where every thread has a processor they also start in the same moment. */
static void meet(struct pool *pool)
{
	uint32_t target = pool->must_meet;

	if (!target)
		return;
	__atomic_fetch_add(&pool->arrived, 1, __ATOMIC_ACQ_REL);
	for (unsigned i = 0; i < 20 * SPINS_BEFORE_SLEEP; i++)
		if (__atomic_load_n(&pool->arrived, __ATOMIC_ACQUIRE) >= target)
			return;
}

/* The thread that shares main's processor wakes it there, where main can begin
 * at once: so it is the last to finish, unless others take long. */
static void let_others_finish(const struct pool *pool,
			      const struct snag_self *self)
{
	if (!shares_with_main(pool, self))
		return;
	for (unsigned i = 0; i < pool->spins_in_place; i++)
		if (__atomic_load_n(&pool->left, __ATOMIC_ACQUIRE) == 1)
			return;
}

static void finish(struct pool *pool, struct snag_self *self)
{
	__tsan_release(&self->end);
	let_others_finish(pool, self);
	if (__atomic_sub_fetch(&pool->left, 1, __ATOMIC_ACQ_REL) == 0)
		futex_wake_all(&pool->left);
}

static void count_points(const struct snag_self *self, uint64_t points)
{
	if (self->pool->is_counting)
		__atomic_fetch_add(&snag_table->role_points[self->role_number],
				   points, __ATOMIC_RELAXED);
}

static void run_body(struct pool *pool, struct snag_self *self)
{
	self->random = random_mix(pool->seed, self->number);
	noise_enter(random_mix(~pool->seed, self->number));
	self->role->body(self, pool->state);
	count_points(self, noise_leave());
}

/* By the thread itself: from outside it would go through /proc, and a process
 * that was seen in /proc ends slowly. */
static void set_name(const char *role)
{
	char name[16] = {0};

	strncpy(name, role, sizeof(name) - 1);
	pthread_setname_np(pthread_self(), name);
}

static void *thread_main(void *argument)
{
	struct snag_self *self = argument;
	struct pool *pool = self->pool;
	uint32_t seen = 0;

	set_name(self->role->name);
	if (pool->spins_in_place)
		self->processor = place_thread(self->number);
	pthread_setspecific(pool->on_exit, self);
	for (;;) {
		wait_while(&pool->generation, seen, spins_between(pool, self));
		seen = __atomic_load_n(&pool->generation, __ATOMIC_ACQUIRE);
		meet(pool);
		__tsan_acquire(&pool->start);
		run_body(pool, self);
		finish(pool, self);
	}
	return NULL;
}

/* A body that calls pthread_exit, or is cancelled, still ends its part. */
static void on_thread_exit(void *argument)
{
	struct snag_self *self = argument;

	/* The program's own destructors still belong to the body: ours, which
	 * was first, goes last, but before that which ends ThreadSanitizer's
	 * view of the thread in the last round of all. */
	if (++self->exit_rounds < PTHREAD_DESTRUCTOR_ITERATIONS - 1) {
		pthread_setspecific(self->pool->on_exit, self);
		return;
	}
	count_points(self, noise_leave());
	__atomic_store_n(&self->pool->is_broken, 1, __ATOMIC_RELAXED);
	finish(self->pool, self);
}

static void start_thread(struct snag_self *self)
{
	pthread_attr_t attr;
	pthread_t thread;

	pthread_attr_init(&attr);
	pthread_attr_setdetachstate(&attr, PTHREAD_CREATE_DETACHED);
	pthread_attr_setstacksize(&attr, STACK_BYTES);
	if (pthread_create(&thread, &attr, thread_main, self))
		abort();
	pthread_attr_destroy(&attr);
}

/* How many turns of wait_while take SPIN_NS. */
static uint32_t spins_to_sleep(void)
{
	uint32_t word = 0;
	struct timespec a, b;
	uint64_t ns;

	clock_gettime(CLOCK_MONOTONIC, &a);
	has_changed(&word, 0, SPINS_TIMED);
	clock_gettime(CLOCK_MONOTONIC, &b);
	ns = (uint64_t)(b.tv_sec - a.tv_sec) * 1000000000 +
	     (uint64_t)b.tv_nsec - (uint64_t)a.tv_nsec;
	return (uint32_t)((uint64_t)SPINS_TIMED * SPIN_NS / (ns + 1)) + 1;
}

/* Places are for threads that have the host's processors to themselves; noise
 * moves them about. */
static bool has_places(const struct snag_run *run,
		       const struct snag_batch_order *order)
{
	return run->total_threads > 1 &&
	       run->total_threads <= order->processors &&
	       order->noise == SNAG_NOISE_OFF &&
	       place_init(order->first_processor);
}

struct pool *pool_start(struct snag_run *run,
			const struct snag_batch_order *order)
{
	unsigned n = run->total_threads, number = 0;
	size_t bytes = sizeof(struct pool) + n * sizeof(struct snag_self);
	struct pool *pool = aligned_alloc(128, (bytes + 127) / 128 * 128);

	if (!pool)
		abort();
	memset(pool, 0, bytes);
	pool->count = n;
	pool->spins = spins_worth(n + 1);
	pool->must_meet = spins_worth(n) ? n : 0;
	pool->main_processor = sched_getcpu();
	pool->spins_in_place = has_places(run, order) ? spins_to_sleep() : 0;
	pthread_key_create(&pool->on_exit, on_thread_exit);
	for (unsigned r = 0; r < run->role_count; r++) {
		for (unsigned i = 0; i < run->role_threads[r]; i++) {
			struct snag_self *self = &pool->selves[number];

			self->role = &run->entry->scenario->roles[r];
			self->role_number = r;
			self->index = i;
			self->threads = run->role_threads[r];
			self->number = number++;
			self->pool = pool;
		}
	}
	for (unsigned i = 0; i < n; i++)
		start_thread(&pool->selves[i]);
	return pool;
}

/*
 * While this thread waits, signals to the process are for the threads of the
 * program: ThreadSanitizer would put off the handler until the waiting one
 * makes a call that it sees.
 */
static void block_signals(uint64_t *before)
{
	const uint64_t all = ~UINT64_C(0);

	syscall(SYS_rt_sigprocmask, SIG_SETMASK, &all, before, sizeof(all));
}

static void allow_signals(const uint64_t *before)
{
	syscall(SYS_rt_sigprocmask, SIG_SETMASK, before, NULL, sizeof(*before));
}

void pool_step(struct pool *pool, struct snag_run *run, void *state)
{
	uint64_t blocked;

	pool->seed = run->seed;
	pool->state = state;
	pool->is_counting = !pool->generation;
	__atomic_store_n(&pool->main_processor, sched_getcpu(),
			 __ATOMIC_RELAXED);
	noise_arm(pool->is_counting);
	__tsan_release(&pool->start);
	__atomic_store_n(&pool->arrived, 0, __ATOMIC_RELAXED);
	__atomic_store_n(&pool->left, pool->count, __ATOMIC_RELAXED);
	__atomic_fetch_add(&pool->generation, 1, __ATOMIC_ACQ_REL);
	futex_wake_all(&pool->generation);
	block_signals(&blocked);
	for (;;) {
		uint32_t left = __atomic_load_n(&pool->left, __ATOMIC_ACQUIRE);

		if (!left)
			break;
		wait_while(&pool->left, left, pool->spins);
	}
	allow_signals(&blocked);
	for (unsigned i = 0; i < pool->count; i++)
		__tsan_acquire(&pool->selves[i].end);
}

bool pool_is_broken(const struct pool *pool)
{
	return __atomic_load_n(&pool->is_broken, __ATOMIC_RELAXED);
}
