/*
 * A record comes back from a pool that fills freed memory with a pattern, as
 * debugging allocators do, and is used again without pthread_mutex_init.
 *
 * Broken: the lock call fails, nobody looks at its result, and nobody is kept
 * out.  Right: whoever takes a record out of the pool initialises all of it.
 */
#include <pthread.h>
#include <snag/scenario.h>
#include <string.h>

enum { FREED_PATTERN = 0xff };

struct record {
	pthread_mutex_t lock;
	unsigned hits; /* guarded by lock */
};

static void pool_put(struct record *record)
{
	memset(record, FREED_PATTERN, sizeof(*record));
}

static bool reuse_without_lock(struct snag_run *run, void *state)
{
	struct record *record = state;
	(void)run;
	pool_put(record);
	record->hits = 0;
	return true;
}

static bool reuse_with_lock(struct snag_run *run, void *state)
{
	struct record *record = state;
	(void)run;
	pool_put(record);
	pthread_mutex_init(&record->lock, NULL);
	record->hits = 0;
	return true;
}

static void hit(struct snag_self *self, void *state)
{
	struct record *record = state;
	pthread_mutex_lock(&record->lock);
	unsigned before = record->hits;
	snag_point(self);
	record->hits = before + 1;
	pthread_mutex_unlock(&record->lock);
}

static void check(struct snag_run *run, void *state)
{
	struct record *record = state;
	bool exact = record->hits == snag_role_threads(run, 0);
	snag_outcome(run, exact ? "exact" : "lost");
}

static void destroy_lock(void *state)
{
	struct record *record = state;
	pthread_mutex_destroy(&record->lock);
}

SNAG_SCENARIO(mutex, uninitialised) = {
	.summary = "recycled record whose mutex was never initialised",
	.refs = {"POSIX.1-2017 pthread_mutex_lock",
		 "CWE-908: Use of Uninitialized Resource"},
	.tags = "mutex initialisation pool",
	.practice = SNAG_LOCKING,
	.lesson = "reuse_without_lock resets the counter of a record from the "
		  "pool and forgets its mutex, which still holds the pool's "
		  "pattern. pthread_mutex_lock finds a mutex of no known type "
		  "and returns EINVAL without locking; hit does not look at "
		  "the result and goes on, as does every other thread, and "
		  "updates are lost. With other left-over bytes the same call "
		  "may wait for ever or appear to work: freshly mapped memory "
		  "is zero, which glibc takes for an unlocked mutex, so the "
		  "mistake hides until memory is used again. The repair "
		  "initialises the whole record, lock included, whenever it "
		  "leaves the pool.",
	.in_python = "A lock object is never half made. A Thread subclass "
		     "that forgets super().__init__() is told so: start() "
		     "raises RuntimeError.",
	.expect = SNAG_BROKEN,
	.state_size = sizeof(struct record),
	.setup = reuse_without_lock,
	.roles = {{"worker", hit, 0}},
	.min_threads = 2,
	.check = check,
	.reports = {{.kind = SNAG_MUTEX_INVALID,
		     .cause = "mutex-misuse",
		     .grade = SNAG_REQUIRED,
		     .between = {"hit", NULL},
		     .why = "the mutex is the pool's pattern",
		     /* Only glibc's own call tells it. */
		     .engines = SNAG_STRESS},
		    {.kind = SNAG_MUTEX_BAD_UNLOCK,
		     .grade = SNAG_ALLOWED,
		     .between = {"hit", NULL},
		     .why = "what could not be locked is unlocked"},
		    {.kind = SNAG_DATA_RACE,
		     .grade = SNAG_ALLOWED,
		     .between = {"hit", "hit"},
		     .why = "a lock call that fails excludes nobody"}},
	.outcomes = {{.when = "exact",
		      .grade = SNAG_ALLOWED,
		      .why = "no two threads met"},
		     {.when = "lost",
		      .grade = SNAG_ALLOWED,
		      .why = "two threads wrote the same next value"}},
};

SNAG_SCENARIO(mutex, initialised_on_reuse) = {
	.summary = "recycled record whose mutex is initialised each time",
	.repairs = "mutex/uninitialised",
	.refs = {"POSIX.1-2017 pthread_mutex_init"},
	.tags = "mutex initialisation pool",
	.practice = SNAG_LOCKING,
	.lesson = "reuse_with_lock initialises the mutex together with the "
		  "data that it guards, before any thread can see the record, "
		  "and destroy_lock ends its life before the record goes back. "
		  "Lock and data then always have the same lifetime, and every "
		  "lock call succeeds.",
	.in_python = "Make a new object with a new lock instead of recycling "
		     "an old one.",
	.expect = SNAG_CLEAN,
	.state_size = sizeof(struct record),
	.setup = reuse_with_lock,
	.roles = {{"worker", hit, 0}},
	.min_threads = 2,
	.check = check,
	.teardown = destroy_lock,
	.outcomes = {{.when = "exact",
		      .grade = SNAG_REQUIRED,
		      .why = "one thread at a time"}},
};
