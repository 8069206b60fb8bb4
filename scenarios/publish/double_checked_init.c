/*
 * An object is made at its first use, and later uses should not pay for a
 * lock.  Broken: the first of the two checks reads a plain pointer without the
 * lock.  Right: the pointer is atomic, stored with release when the object is
 * complete and loaded with acquire.
 */
#include <pthread.h>
#include <snag/scenario.h>
#include <stdatomic.h>
#include <stdlib.h>

enum { LEVEL = 3 };

struct settings {
	int level;
};

struct logger {
	pthread_mutex_t lock;
	struct settings *settings;
	_Atomic(struct settings *) published;
	int levels[SNAG_MAX_THREADS]; /* what each user found */
};

static bool setup(struct snag_run *run, void *state)
{
	struct logger *logger = state;

	(void)run;
	pthread_mutex_init(&logger->lock, NULL);
	atomic_init(&logger->published, NULL);
	return true;
}

static void teardown(void *state)
{
	struct logger *logger = state;

	free(logger->settings);
	free(atomic_load(&logger->published));
	pthread_mutex_destroy(&logger->lock);
}

static struct settings *make_settings(void)
{
	struct settings *settings = malloc(sizeof(*settings));

	if (settings == NULL)
		abort();
	settings->level = LEVEL;
	return settings;
}

static struct settings *settings_double_checked(struct logger *logger)
{
	if (logger->settings == NULL) {
		pthread_mutex_lock(&logger->lock);
		if (logger->settings == NULL)
			logger->settings = make_settings();
		pthread_mutex_unlock(&logger->lock);
	}
	return logger->settings;
}

static void log_double_checked(struct snag_self *self, void *state)
{
	struct logger *logger = state;

	logger->levels[snag_index(self)] =
		settings_double_checked(logger)->level;
}

static struct settings *settings_acquire_checked(struct logger *logger)
{
	struct settings *settings =
		atomic_load_explicit(&logger->published, memory_order_acquire);

	if (settings != NULL)
		return settings;
	pthread_mutex_lock(&logger->lock);
	settings =
		atomic_load_explicit(&logger->published, memory_order_relaxed);
	if (settings == NULL) {
		settings = make_settings();
		atomic_store_explicit(&logger->published, settings,
				      memory_order_release);
	}
	pthread_mutex_unlock(&logger->lock);
	return settings;
}

static void log_acquire_checked(struct snag_self *self, void *state)
{
	struct logger *logger = state;

	logger->levels[snag_index(self)] =
		settings_acquire_checked(logger)->level;
}

static void check(struct snag_run *run, void *state)
{
	const struct logger *logger = state;
	const char *outcome = "complete";

	for (unsigned i = 0; i < snag_role_threads(run, 0); i++)
		if (logger->levels[i] != LEVEL)
			outcome = "incomplete";
	snag_outcome(run, "%s", outcome);
}

SNAG_SCENARIO(publish, double_checked_init) = {
	.summary = "double-checked initialisation through a plain pointer",
	.refs = {"Meyers and Alexandrescu, C++ and the Perils of "
		 "Double-Checked Locking, 2004",
		 "CWE-609"},
	.tags = "publish initialisation lock",
	.practice = SNAG_IMMUTABLE,
	.lesson = "settings_double_checked tests the pointer without the lock, "
		  "and again with it before it makes the object.  The second "
		  "test is right, and the object is made once.  The first is a "
		  "data race: another thread may just then store the pointer, "
		  "under a lock that this reader does not take.  A reader that "
		  "sees the pointer is not ordered after the making of the "
		  "object either, and may find level not yet set.  On x86 this "
		  "mostly works, which is how the pattern survives.  The "
		  "repair is an atomic pointer, stored with release after the "
		  "object is complete and loaded with acquire, or simply "
		  "pthread_once.",
	.in_python =
		"In CPython a reference is stored so that whoever reads it "
		"sees the object, so `if x is None: with lock: if x is None: "
		"x = make()` works when x is assigned last; do not assign "
		"first and fill in afterwards.",
	.expect = SNAG_BROKEN,
	.state_size = sizeof(struct logger),
	.setup = setup,
	.roles = {{"user", log_double_checked, 0}},
	.min_threads = 2,
	.check = check,
	.teardown = teardown,
	.reports =
		{
			{.kind = SNAG_DATA_RACE,
			 .cause = "double-checked-init",
			 .grade = SNAG_REQUIRED,
			 .between = {"settings_double_checked",
				     "settings_double_checked"},
			 .why = "the first check reads the pointer without the "
				"lock"},
			{.kind = SNAG_DATA_RACE,
			 .grade = SNAG_ALLOWED,
			 .between = {"make_settings", "log_double_checked"},
			 .why = "what the pointer leads to is not ordered "
				"either"},
		},
	.outcomes =
		{
			{.when = "complete",
			 .grade = SNAG_ALLOWED,
			 .why = "x86 keeps stores in order, and so did the "
				"compiler"},
			{.when = "incomplete",
			 .grade = SNAG_ALLOWED,
			 .why = "a user saw the pointer before what it points "
				"to"},
		},
};

SNAG_SCENARIO(publish, acquire_checked_init) = {
	.summary = "double-checked initialisation with acquire and release",
	.repairs = "publish/double_checked_init",
	.refs = {"C11 7.17.3"},
	.tags = "publish initialisation atomics lock",
	.practice = SNAG_IMMUTABLE,
	.lesson = "The pointer is atomic.  It is stored with "
		  "memory_order_release after the object is complete, and the "
		  "check without the lock loads it with memory_order_acquire: "
		  "a thread that sees the pointer is ordered after everything "
		  "that made the object.  The check under the lock may be "
		  "relaxed, because the lock orders it.  Note that the pointer "
		  "is loaded once and then kept in a local variable.  The "
		  "object is not changed once it is published, so reading it "
		  "needs no more than that one load.",
	.in_python =
		"functools.cache may call the function twice when two "
		"threads come first together; where that matters, test again "
		"under a threading.Lock.",
	.expect = SNAG_CLEAN,
	.state_size = sizeof(struct logger),
	.setup = setup,
	.roles = {{"user", log_acquire_checked, 0}},
	.min_threads = 2,
	.check = check,
	.teardown = teardown,
	.outcomes =
		{
			{.when = "complete",
			 .grade = SNAG_ALLOWED,
			 .why = "whoever saw the pointer saw the whole object"},
			{.when = "incomplete",
			 .grade = SNAG_FORBIDDEN,
			 .why = "release and acquire order the making before "
				"the use"},
		},
};
