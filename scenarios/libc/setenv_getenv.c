/*
 * Host and port are kept in the environment: one thread moves to another
 * server with setenv while the others look it up with getenv.
 *
 * Broken: the environment is one global array without a usable lock.  Right:
 * read it once, at the start, and share a struct that a lock guards.
 */
#include <pthread.h>
#include <sched.h>
#include <snag/scenario.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

enum { LOOKUPS = 8 };

struct place {
	const char *host, *port;
};

static const struct place places[2] = {{"alpha", "1111"}, {"beta", "2222"}};

struct settings {
	pthread_mutex_t lock;
	struct place place;  /* guarded by lock */
	atomic_uint clients; /* that still look up */
	atomic_uint mixed;
};

static void put_environment(const struct place *place)
{
	if (setenv("SNAG_DEMO_HOST", place->host, 1) ||
	    setenv("SNAG_DEMO_PORT", place->port, 1))
		abort();
}

static bool start_in_environment(struct snag_run *run, void *state)
{
	struct settings *settings = state;
	atomic_init(&settings->clients, snag_role_threads(run, 1));
	put_environment(&places[1]);
	put_environment(&places[0]);
	return true;
}

static bool copy_environment(struct snag_run *run, void *state)
{
	struct settings *settings = state;
	start_in_environment(run, state);
	pthread_mutex_init(&settings->lock, NULL);
	settings->place.host = getenv("SNAG_DEMO_HOST");
	settings->place.port = getenv("SNAG_DEMO_PORT");
	return true;
}

static void compare(struct settings *settings, const struct place *seen)
{
	for (int i = 0; i < 2; i++) {
		if (!strcmp(seen->host, places[i].host) &&
		    !strcmp(seen->port, places[i].port))
			return;
	}
	atomic_fetch_add_explicit(&settings->mixed, 1, memory_order_relaxed);
}

static bool is_watched(struct settings *settings)
{
	return atomic_load_explicit(&settings->clients, memory_order_relaxed);
}

static void leave(struct settings *settings)
{
	atomic_fetch_sub_explicit(&settings->clients, 1, memory_order_relaxed);
}

/* Different lengths, or two threads could go in step for ever. */
static void dawdle(struct snag_self *self)
{
	snag_point(self);
	for (uint32_t n = snag_random(self, 4); n; n--)
		sched_yield();
}

static void move_by_setenv(struct snag_self *self, void *state)
{
	struct settings *settings = state;
	for (int i = 1; is_watched(settings); i++) {
		setenv("SNAG_DEMO_HOST", places[i % 2].host, 1);
		dawdle(self);
		setenv("SNAG_DEMO_PORT", places[i % 2].port, 1);
		dawdle(self);
	}
}

static void look_up_getenv(struct snag_self *self, void *state)
{
	for (int i = 0; i < LOOKUPS; i++) {
		struct place seen;
		seen.host = getenv("SNAG_DEMO_HOST");
		dawdle(self);
		seen.port = getenv("SNAG_DEMO_PORT");
		if (seen.host && seen.port)
			compare(state, &seen);
	}
	leave(state);
}

static void move_under_lock(struct snag_self *self, void *state)
{
	struct settings *settings = state;
	for (int i = 1; is_watched(settings); i++) {
		pthread_mutex_lock(&settings->lock);
		settings->place = places[i % 2];
		pthread_mutex_unlock(&settings->lock);
		dawdle(self);
	}
}

static void look_up_under_lock(struct snag_self *self, void *state)
{
	struct settings *settings = state;
	for (int i = 0; i < LOOKUPS; i++) {
		pthread_mutex_lock(&settings->lock);
		struct place seen = settings->place;
		pthread_mutex_unlock(&settings->lock);
		dawdle(self);
		compare(settings, &seen);
	}
	leave(settings);
}

static void check(struct snag_run *run, void *state)
{
	struct settings *settings = state;
	snag_outcome(run, settings->mixed ? "mixed" : "one place");
}

static void clear_environment(void *state)
{
	(void)state;
	unsetenv("SNAG_DEMO_HOST");
	unsetenv("SNAG_DEMO_PORT");
}

static void clear_settings(void *state)
{
	struct settings *settings = state;
	pthread_mutex_destroy(&settings->lock);
	clear_environment(state);
}

SNAG_SCENARIO(libc, setenv_getenv) = {
	.summary = "environment changed while other threads read it",
	.refs = {"POSIX.1-2017 setenv",
		 "SEI CERT C CON33-C: Avoid race conditions when using "
		 "library functions"},
	.tags = "libc environment configuration",
	.practice = SNAG_IMMUTABLE,
	.lesson = "move_by_setenv changes two variables that belong together; "
		  "look_up_getenv reads them one after the other and may get "
		  "the new host with the old port. No lock of the C library "
		  "can help against that, because it would be free between the "
		  "two calls. And it is the harmless half: POSIX lets getenv "
		  "run without any protection, so a setenv that adds a "
		  "variable may move the whole array, and a getenv or "
		  "localtime in another thread then reads freed memory. "
		  "ThreadSanitizer does not see inside either. (This scenario "
		  "only replaces values that exist, which glibc survives.) The "
		  "repair treats the environment as something to read once, "
		  "before threads start, and keeps what changes in a struct "
		  "with a lock.",
	.in_python =
		"os.environ[k] = v calls setenv: extension code that calls "
		"getenv in another thread may crash. Read os.environ once, "
		"at the start.",
	.expect = SNAG_BLIND,
	.state_size = sizeof(struct settings),
	.setup = start_in_environment,
	.roles = {{"mover", move_by_setenv, 1}, {"client", look_up_getenv, 0}},
	.check = check,
	.teardown = clear_environment,
	.outcomes = {{.when = "mixed",
		      .grade = SNAG_REQUIRED,
		      .why = "the host of one place with the port of the other",
		      .cause = "atomicity-violation"},
		     {.when = "one place",
		      .grade = SNAG_ALLOWED,
		      .why = "no change came between the two lookups"},
		     {.when = "@crash",
		      .grade = SNAG_ALLOWED,
		      .why = "getenv met the array while it was changed"}},
};

SNAG_SCENARIO(libc, settings_copied) = {
	.summary = "environment read once; changes in a struct with a lock",
	.repairs = "libc/setenv_getenv",
	.refs = {"POSIX.1-2017 setenv"},
	.tags = "libc environment configuration lock",
	.practice = SNAG_IMMUTABLE,
	.lesson = "copy_environment reads both variables before any other "
		  "thread exists and never writes them again: the environment "
		  "is frozen from then on, and reading it needs no lock. What "
		  "has to change while the program runs lives in struct "
		  "settings, where one lock covers host and port together, so "
		  "a reader gets both from the same place. To give a child "
		  "process another environment, pass one to execve or "
		  "posix_spawn.",
	.in_python = "config = (host, port), swapped whole; a child gets "
		     "subprocess.run(..., env=...).",
	.expect = SNAG_CLEAN,
	.state_size = sizeof(struct settings),
	.setup = copy_environment,
	.roles = {{"mover", move_under_lock, 1},
		  {"client", look_up_under_lock, 0}},
	.check = check,
	.teardown = clear_settings,
	.outcomes = {{.when = "one place",
		      .grade = SNAG_REQUIRED,
		      .why = "one lock covers the pair"}},
};
