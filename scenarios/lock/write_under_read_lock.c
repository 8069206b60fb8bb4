/*
 * A cache is read under a read lock, and counts its hits.  Broken: the count
 * is changed while only the read lock is held, which other readers hold too.
 * Right: what is changed is changed under the write lock.
 */
#include <pthread.h>
#include <snag/scenario.h>

enum { ENTRIES = 8, LOOKUPS = 16 };

struct cache {
	pthread_rwlock_t lock;
	unsigned values[ENTRIES];
	unsigned long hits;
	unsigned sums[SNAG_MAX_THREADS]; /* what each client looked up */
};

static bool setup(struct snag_run *run, void *state)
{
	struct cache *cache = state;

	(void)run;
	pthread_rwlock_init(&cache->lock, NULL);
	for (unsigned i = 0; i < ENTRIES; i++)
		cache->values[i] = i;
	return true;
}

static void teardown(void *state)
{
	struct cache *cache = state;

	pthread_rwlock_destroy(&cache->lock);
}

static unsigned find_read_locked(struct cache *cache, unsigned key)
{
	unsigned value;

	pthread_rwlock_rdlock(&cache->lock);
	value = cache->values[key];
	cache->hits++;
	pthread_rwlock_unlock(&cache->lock);
	return value;
}

static unsigned find_write_locked(struct cache *cache, unsigned key)
{
	unsigned value;

	pthread_rwlock_wrlock(&cache->lock);
	value = cache->values[key];
	cache->hits++;
	pthread_rwlock_unlock(&cache->lock);
	return value;
}

static void look_up_read_locked(struct snag_self *self, void *state)
{
	struct cache *cache = state;

	for (unsigned i = 0; i < LOOKUPS; i++)
		cache->sums[snag_index(self)] +=
			find_read_locked(cache, i % ENTRIES);
}

static void look_up_write_locked(struct snag_self *self, void *state)
{
	struct cache *cache = state;

	for (unsigned i = 0; i < LOOKUPS; i++)
		cache->sums[snag_index(self)] +=
			find_write_locked(cache, i % ENTRIES);
}

static void check(struct snag_run *run, void *state)
{
	const struct cache *cache = state;
	unsigned long expected = (unsigned long)snag_role_threads(run, 0);

	expected *= LOOKUPS;
	snag_outcome(run, cache->hits == expected ? "exact" : "lost");
}

SNAG_SCENARIO(lock, write_under_read_lock) = {
	.summary = "a count is changed while only a read lock is held",
	.refs = {"CWE-821", "POSIX.1-2017 XSH pthread_rwlock_rdlock"},
	.tags = "lock rwlock counter",
	.practice = SNAG_LOCKING,
	.lesson = "find_read_locked takes the lock for reading, which is right "
		  "for values, and then does hits++, which is a write.  Any "
		  "number of threads may hold a read lock at the same time; "
		  "that is its purpose.  So two of them can read the same "
		  "hits, add one each and store the same number: an update is "
		  "lost, with a lock held on both sides.  Statistics, caches "
		  "and reference counts inside a \"const\" lookup are where "
		  "this hides.  The repair is to take the write lock for "
		  "whatever is changed, or to move the count out of what the "
		  "lock guards, into an atomic variable.",
	.in_python =
		"self.hits += 1 in the reading section of a readers-writer "
		"lock (the standard library has none) is lost just so: += on "
		"an attribute is a load and a store.",
	.expect = SNAG_BROKEN,
	.state_size = sizeof(struct cache),
	.setup = setup,
	.roles = {{"client", look_up_read_locked, 0}},
	.min_threads = 2,
	.check = check,
	.teardown = teardown,
	.reports = {{
		.kind = SNAG_DATA_RACE,
		.cause = "write-under-read-lock",
		.grade = SNAG_REQUIRED,
		.between = {"find_read_locked", "find_read_locked"},
		.why = "both sides hold the lock for reading, and one writes",
	}},
	.outcomes =
		{
			{.when = "exact",
			 .grade = SNAG_ALLOWED,
			 .why = "no two additions happened to overlap"},
			{.when = "lost",
			 .grade = SNAG_ALLOWED,
			 .why = "two readers stored the same count"},
		},
};

SNAG_SCENARIO(lock, write_lock) = {
	.summary = "a count is changed under the write lock",
	.repairs = "lock/write_under_read_lock",
	.refs = {"POSIX.1-2017 XSH pthread_rwlock_wrlock"},
	.tags = "lock rwlock counter",
	.practice = SNAG_LOCKING,
	.lesson = "Whoever changes something that a readers-writer lock guards "
		  "takes it for writing, and then is alone: no reader and no "
		  "other writer.  hits++ is done in full before the next "
		  "thread begins.  The price is that lookups no longer run at "
		  "the same time, so a lock for reading has become useless "
		  "here and a plain mutex would do; if the lookups matter more "
		  "than the count, make hits atomic and keep the read lock for "
		  "the values.",
	.in_python = "with self.lock: self.hits += 1; return self.values[key]",
	.expect = SNAG_CLEAN,
	.state_size = sizeof(struct cache),
	.setup = setup,
	.roles = {{"client", look_up_write_locked, 0}},
	.min_threads = 2,
	.check = check,
	.teardown = teardown,
	.outcomes =
		{
			{.when = "exact",
			 .grade = SNAG_ALLOWED,
			 .why = "every addition was done alone"},
			{.when = "lost",
			 .grade = SNAG_FORBIDDEN,
			 .why = "two writers would have to hold the lock at "
				"once"},
		},
};
