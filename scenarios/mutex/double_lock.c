/*
 * A mutex made at its first use, after a test that two threads can both pass.
 * The second pthread_mutex_init makes the mutex new while somebody holds it,
 * and then two threads hold it at once.
 *
 * Broken: initialise when first needed.  Right: initialise before the threads
 * that use it can see it.
 */
#include <pthread.h>
#include <sched.h>
#include <snag/scenario.h>
#include <stdatomic.h>
#include <stdlib.h>

enum { METERS = 8 };

struct meter {
	atomic_bool has_lock;
	pthread_mutex_t lock;
	unsigned samples; /* guarded by lock */
};

struct meters {
	struct meter meter[METERS];
	pthread_barrier_t start;
	atomic_uint taken;
};

static void prepare_lock(struct meter *meter)
{
	if (!atomic_load(&meter->has_lock)) {
		sched_yield();
		pthread_mutex_init(&meter->lock, NULL);
		atomic_store(&meter->has_lock, true);
	}
}

/* A sample is worth nothing later, so a busy meter drops it. */
static bool sample(struct meter *meter)
{
	if (pthread_mutex_trylock(&meter->lock))
		return false;
	unsigned before = meter->samples;
	sched_yield();
	meter->samples = before + 1;
	pthread_mutex_unlock(&meter->lock);
	return true;
}

static void *sample_lock_on_demand(void *arg)
{
	struct meters *all = arg;
	pthread_barrier_wait(&all->start);
	for (unsigned i = 0; i < METERS; i++) {
		prepare_lock(&all->meter[i]);
		if (sample(&all->meter[i]))
			atomic_fetch_add_explicit(&all->taken, 1,
						  memory_order_relaxed);
	}
	return NULL;
}

static void *sample_ready_lock(void *arg)
{
	struct meters *all = arg;
	pthread_barrier_wait(&all->start);
	for (unsigned i = 0; i < METERS; i++) {
		if (sample(&all->meter[i]))
			atomic_fetch_add_explicit(&all->taken, 1,
						  memory_order_relaxed);
	}
	return NULL;
}

static void run_sampler(struct meters *all, void *(*sampler)(void *))
{
	pthread_t thread;
	if (pthread_create(&thread, NULL, sampler, all))
		abort();
	pthread_join(thread, NULL);
}

static void start_on_demand(struct snag_self *self, void *state)
{
	(void)self;
	run_sampler(state, sample_lock_on_demand);
}

static void start_ready(struct snag_self *self, void *state)
{
	(void)self;
	run_sampler(state, sample_ready_lock);
}

static bool init_start(struct snag_run *run, void *state)
{
	struct meters *all = state;
	pthread_barrier_init(&all->start, NULL, snag_role_threads(run, 0));
	return true;
}

static bool init_locks_first(struct snag_run *run, void *state)
{
	struct meters *all = state;
	for (unsigned i = 0; i < METERS; i++)
		pthread_mutex_init(&all->meter[i].lock, NULL);
	return init_start(run, state);
}

static void count_samples(struct snag_run *run, void *state)
{
	struct meters *all = state;
	unsigned sum = 0;
	for (unsigned i = 0; i < METERS; i++)
		sum += all->meter[i].samples;
	snag_outcome(run, sum == all->taken ? "exact" : "lost");
}

static void destroy_locks(void *state)
{
	struct meters *all = state;
	for (unsigned i = 0; i < METERS; i++)
		pthread_mutex_destroy(&all->meter[i].lock);
	pthread_barrier_destroy(&all->start);
}

SNAG_SCENARIO(mutex, double_lock) = {
	.summary = "mutex initialised again while held: two threads hold it",
	.refs = {"POSIX.1-2017 pthread_mutex_init",
		 "CWE-764: Multiple Locks of a Critical Resource"},
	.tags = "mutex initialisation lazy",
	.practice = SNAG_LOCKING,
	.lesson = "prepare_lock makes the mutex at its first use. Two threads "
		  "can both find has_lock false; the slower one then calls "
		  "pthread_mutex_init on a mutex that the faster one already "
		  "holds. Initialising writes \"unlocked\" into it, so the "
		  "slower thread's trylock succeeds too: one mutex, two "
		  "holders, and samples are lost between them. POSIX leaves "
		  "the second initialisation undefined. An atomic has_lock "
		  "does not help, because the test and the initialisation are "
		  "two steps. The repair makes every mutex before the threads "
		  "start (a static mutex takes PTHREAD_MUTEX_INITIALIZER, a "
		  "late one pthread_once): then nobody can meet a lock that is "
		  "not there.",
	.in_python = "if self.lock is None: self.lock = threading.Lock() "
		     "gives two threads two different locks; make it in "
		     "__init__.",
	.expect = SNAG_BROKEN,
	.state_size = sizeof(struct meters),
	.setup = init_start,
	.roles = {{"starter", start_on_demand, 0}},
	.min_threads = 2,
	.check = count_samples,
	.teardown = destroy_locks,
	.reports =
		{{.kind = SNAG_MUTEX_DOUBLE_LOCK,
		  .cause = "mutex-misuse",
		  .grade = SNAG_REQUIRED,
		  .between = {"sample", NULL},
		  .why = "trylock succeeds on a mutex that another thread "
			 "holds"},
		 {.kind = SNAG_DATA_RACE,
		  .grade = SNAG_ALLOWED,
		  .between = {"prepare_lock", "sample"},
		  .why = "initialising writes to a mutex that is being locked"},
		 {.kind = SNAG_DATA_RACE,
		  .grade = SNAG_ALLOWED,
		  .between = {"prepare_lock", "prepare_lock"},
		  .why = "two threads initialise one mutex"},
		 {.kind = SNAG_DATA_RACE,
		  .grade = SNAG_ALLOWED,
		  .between = {"sample", "sample"},
		  .why = "two holders of one mutex count at the same time"}},
	.outcomes = {{.when = "exact",
		      .grade = SNAG_ALLOWED,
		      .why = "the two holders did not count at the same time"},
		     {.when = "lost",
		      .grade = SNAG_ALLOWED,
		      .why = "two holders wrote the same next value"}},
};

SNAG_SCENARIO(mutex, initialised_once) = {
	.summary = "mutexes initialised before the threads that use them",
	.repairs = "mutex/double_lock",
	.refs = {"POSIX.1-2017 pthread_mutex_init"},
	.tags = "mutex initialisation",
	.practice = SNAG_LOCKING,
	.lesson = "Every mutex is initialised in init_locks_first, before any "
		  "thread that takes it exists, and once only. Creating a "
		  "thread happens-before all that the thread does, so no flag "
		  "is needed to know that the lock is there. A busy meter "
		  "still drops a sample, as intended, but whoever gets the "
		  "lock is alone: the samples add up to the number that was "
		  "taken.",
	.in_python = "Make the lock in __init__, or at module level.",
	.expect = SNAG_CLEAN,
	.state_size = sizeof(struct meters),
	.setup = init_locks_first,
	.roles = {{"starter", start_ready, 0}},
	.min_threads = 2,
	.check = count_samples,
	.teardown = destroy_locks,
	.outcomes = {{.when = "exact",
		      .grade = SNAG_REQUIRED,
		      .why = "one holder at a time"}},
};
