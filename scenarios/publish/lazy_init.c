/*
 * A global table is built by whoever needs it first.  Broken: the test and the
 * assignment are plain and unordered, so that two threads build it and others
 * may see one half built.  Right: pthread_once builds it exactly once, and
 * everyone returns from it after it is built.
 */
#include <pthread.h>
#include <snag/scenario.h>
#include <stdatomic.h>
#include <stdlib.h>

enum { ENTRIES = 16, KEY = 7 };

struct table {
	unsigned squares[ENTRIES];
};

static struct table *shared_table;
static pthread_once_t table_once = PTHREAD_ONCE_INIT;

/* Every table ever built, to count and to free them. */
static struct table *built[SNAG_MAX_THREADS];
static atomic_uint built_count;

struct answers {
	unsigned found[SNAG_MAX_THREADS]; /* by each user */
};

static bool setup(struct snag_run *run, void *state)
{
	static const pthread_once_t never = PTHREAD_ONCE_INIT;

	(void)run;
	(void)state;
	shared_table = NULL;
	table_once = never;
	atomic_store(&built_count, 0);
	return true;
}

static void teardown(void *state)
{
	(void)state;
	for (unsigned i = 0; i < atomic_load(&built_count); i++)
		free(built[i]);
}

static struct table *build_table(void)
{
	struct table *table = malloc(sizeof(*table));
	unsigned number = atomic_fetch_add_explicit(&built_count, 1,
						    memory_order_relaxed);

	if (table == NULL)
		abort();
	for (unsigned i = 0; i < ENTRIES; i++)
		table->squares[i] = i * i;
	built[number] = table;
	return table;
}

static struct table *table_lazily(void)
{
	if (shared_table == NULL)
		shared_table = build_table();
	return shared_table;
}

static void look_up_lazily(struct snag_self *self, void *state)
{
	struct answers *answers = state;

	answers->found[snag_index(self)] = table_lazily()->squares[KEY];
}

static void build_shared_table(void)
{
	shared_table = build_table();
}

static struct table *table_once_built(void)
{
	pthread_once(&table_once, build_shared_table);
	return shared_table;
}

static void look_up_once_built(struct snag_self *self, void *state)
{
	struct answers *answers = state;

	answers->found[snag_index(self)] = table_once_built()->squares[KEY];
}

static void check(struct snag_run *run, void *state)
{
	const struct answers *answers = state;
	const char *outcome = atomic_load(&built_count) == 1 ? "once" : "twice";

	for (unsigned i = 0; i < snag_role_threads(run, 0); i++)
		if (answers->found[i] != KEY * KEY)
			outcome = "incomplete";
	snag_outcome(run, "%s", outcome);
}

SNAG_SCENARIO(publish, lazy_init) = {
	.summary = "a global table is built by whoever finds it missing",
	.refs = {"CWE-362", "CWE-543"},
	.tags = "publish initialisation global",
	.practice = SNAG_IMMUTABLE,
	.lesson = "table_lazily tests shared_table and, when it is NULL, "
		  "builds a table and stores it.  Two threads that come first "
		  "together both find NULL and both build: the second store "
		  "overwrites the first, and what was in the first table is "
		  "lost, leaked or used by one thread only.  The test and the "
		  "store are plain accesses without any order, a data race, "
		  "and so are the entries of the table for a thread that finds "
		  "the pointer set.  The repair is pthread_once, which runs "
		  "the function once, lets the others wait until it has "
		  "returned, and makes its stores visible to all of them; or "
		  "building the table before any thread starts.",
	.in_python =
		"`if self._t is None: self._t = build()` and "
		"functools.cached_property (since 3.12) may build twice.  "
		"What is built in a module's top level is built once: import "
		"holds a lock.",
	.expect = SNAG_BROKEN,
	.state_size = sizeof(struct answers),
	.setup = setup,
	.roles = {{"user", look_up_lazily, 0}},
	.min_threads = 2,
	.check = check,
	.teardown = teardown,
	.reports =
		{
			{.kind = SNAG_DATA_RACE,
			 .cause = "lazy-init",
			 .grade = SNAG_REQUIRED,
			 .between = {"table_lazily", "table_lazily"},
			 .why = "two threads test and store the pointer "
				"unordered"},
			{.kind = SNAG_DATA_RACE,
			 .grade = SNAG_ALLOWED,
			 .between = {"build_table", "look_up_lazily"},
			 .why = "what the pointer leads to is not ordered "
				"either"},
		},
	.outcomes =
		{
			{.when = "once",
			 .grade = SNAG_ALLOWED,
			 .why = "one thread had stored the table before others "
				"came"},
			{.when = "twice",
			 .grade = SNAG_ALLOWED,
			 .why = "several threads found NULL and built a table "
				"each"},
			{.when = "incomplete",
			 .grade = SNAG_ALLOWED,
			 .why = "a user saw the pointer before what it points "
				"to"},
		},
};

SNAG_SCENARIO(publish, once_init) = {
	.summary = "a global table is built by pthread_once",
	.repairs = "publish/lazy_init",
	.refs = {"POSIX.1-2017 XSH pthread_once"},
	.tags = "publish initialisation global once",
	.practice = SNAG_IMMUTABLE,
	.lesson = "pthread_once calls build_shared_table in exactly one "
		  "thread.  A thread that comes while it runs waits until it "
		  "has returned, and every return from pthread_once is ordered "
		  "after it, so that all see the finished table and may read "
		  "shared_table as a plain pointer.  Later calls cost one "
		  "atomic load.  The table is never changed afterwards: build "
		  "once, freeze, then publish.  (Only this demonstration sets "
		  "table_once back, between iterations; real code never does.)",
	.in_python = "Build it at import time, or test again under a "
		     "threading.Lock; there is no threading.once.",
	.expect = SNAG_CLEAN,
	.state_size = sizeof(struct answers),
	.setup = setup,
	.roles = {{"user", look_up_once_built, 0}},
	.min_threads = 2,
	.check = check,
	.teardown = teardown,
	.outcomes =
		{
			{.when = "once",
			 .grade = SNAG_ALLOWED,
			 .why = "one thread built the table, the others "
				"waited"},
			{.when = "twice",
			 .grade = SNAG_FORBIDDEN,
			 .why = "pthread_once runs its function once"},
			{.when = "incomplete",
			 .grade = SNAG_FORBIDDEN,
			 .why = "pthread_once returns after the table is "
				"built"},
		},
};
