/*
 * Clients give a server "enough time" to start, by sleeping, and then read
 * the port that it listens on.
 *
 * Broken: a sleep makes nothing happen-before anything.  Right: wait for the
 * condition itself, with a mutex and a condition variable.
 */
#include <pthread.h>
#include <snag/scenario.h>
#include <stdatomic.h>
#include <unistd.h>

enum { START_UP_US = 300, PORT = 8080, BACKLOG = 16 };

struct server {
	int port; /* 0: not listening yet */
	int backlog;
	pthread_mutex_t lock;
	pthread_cond_t is_up;
	atomic_uint refused;
};

static bool init_server(struct snag_run *run, void *state)
{
	struct server *server = state;
	(void)run;
	pthread_mutex_init(&server->lock, NULL);
	pthread_cond_init(&server->is_up, NULL);
	return true;
}

static void connect_to(struct server *server)
{
	if (server->port != PORT || server->backlog != BACKLOG)
		atomic_fetch_add_explicit(&server->refused, 1,
					  memory_order_relaxed);
}

static void start_silently(struct snag_self *self, void *state)
{
	struct server *server = state;
	(void)self;
	server->backlog = BACKLOG;
	server->port = PORT;
}

static void connect_after_sleep(struct snag_self *self, void *state)
{
	struct server *server = state;
	(void)self;
	usleep(START_UP_US);
	connect_to(server);
}

static void start_and_tell(struct snag_self *self, void *state)
{
	struct server *server = state;
	snag_point(self);
	pthread_mutex_lock(&server->lock);
	server->backlog = BACKLOG;
	server->port = PORT;
	pthread_cond_broadcast(&server->is_up);
	pthread_mutex_unlock(&server->lock);
}

static void connect_when_up(struct snag_self *self, void *state)
{
	struct server *server = state;
	(void)self;
	pthread_mutex_lock(&server->lock);
	while (server->port == 0)
		pthread_cond_wait(&server->is_up, &server->lock);
	connect_to(server);
	pthread_mutex_unlock(&server->lock);
}

static void check(struct snag_run *run, void *state)
{
	struct server *server = state;
	snag_outcome(run, server->refused ? "refused" : "connected");
}

static void release_server(void *state)
{
	struct server *server = state;
	pthread_cond_destroy(&server->is_up);
	pthread_mutex_destroy(&server->lock);
}

SNAG_SCENARIO(lifetime, sleep_as_sync) = {
	.summary = "sleeping until the other thread is surely ready",
	.refs = {"CWE-362: Race Condition"},
	.tags = "sleep start-up order",
	.practice = SNAG_LIFETIME,
	.lesson = "connect_after_sleep sleeps and then connects to the port "
		  "that start_silently sets. On an idle machine the server is "
		  "ready by then; on a loaded one, under a debugger, or in a "
		  "container with half a processor it is not, and the client "
		  "finds port 0. No length of sleep is right, and a longer one "
		  "only makes the failure rarer and everything slower. Nor "
		  "does a sleep order memory: even when the write came first, "
		  "nothing makes it visible, so this is a data race. Wait for "
		  "what is meant: a condition variable (or a semaphore, or a "
		  "join) both waits just long enough and orders the write "
		  "before the read.",
	.in_python = "time.sleep(0.1) after t.start(); use a "
		     "threading.Event: ready.set() in the server, "
		     "ready.wait() in the client.",
	.expect = SNAG_BROKEN,
	.state_size = sizeof(struct server),
	.setup = init_server,
	.roles = {{"server", start_silently, 1},
		  {"client", connect_after_sleep, 0}},
	.check = check,
	.teardown = release_server,
	.reports = {{.kind = SNAG_DATA_RACE,
		     .cause = "sleep-as-sync",
		     .grade = SNAG_REQUIRED,
		     .between = {"start_silently", "connect_to"},
		     .why = "only a sleep stands between write and read"},
		    {.kind = SNAG_DATA_RACE,
		     .grade = SNAG_ALLOWED,
		     .between = {"start_silently", "connect_to"},
		     .why = "the server was slower than the sleep"}},
	.outcomes = {{.when = "connected",
		      .grade = SNAG_ALLOWED,
		      .why = "the sleep was long enough this time"},
		     {.when = "refused",
		      .grade = SNAG_ALLOWED,
		      .why = "the server was slower than the sleep"}},
};

SNAG_SCENARIO(lifetime, condition_not_sleep) = {
	.summary = "waiting on a condition variable until the server is up",
	.repairs = "lifetime/sleep_as_sync",
	.refs = {"POSIX.1-2017 pthread_cond_wait"},
	.tags = "condition start-up order",
	.practice = SNAG_LIFETIME,
	.lesson = "The server sets the port under the lock and broadcasts; a "
		  "client waits, under the same lock, while the port is 0. If "
		  "the server was first, the client does not wait at all; if "
		  "not, pthread_cond_wait gives up the lock and sleeps in one "
		  "step, so that the broadcast cannot fall in between. The "
		  "loop is needed because a wait may end without a signal. The "
		  "lock orders the write before every read.",
	.in_python = "ready = threading.Event(): set() after the port is "
		     "known, wait() before it is used.",
	.expect = SNAG_CLEAN,
	.state_size = sizeof(struct server),
	.setup = init_server,
	.roles = {{"server", start_and_tell, 1},
		  {"client", connect_when_up, 0}},
	.check = check,
	.teardown = release_server,
	.outcomes = {{.when = "connected",
		      .grade = SNAG_REQUIRED,
		      .why = "the clients waited for the port itself"}},
};
