/*
 * A session handler returns early on a malformed request and forgets that it
 * holds the session's lock; whoever closes the session destroys a locked
 * mutex.
 *
 * Broken: a return between lock and unlock.  Right: one way out, through the
 * unlock.
 */
#include <pthread.h>
#include <snag/scenario.h>
#include <stdlib.h>

struct session {
	pthread_mutex_t lock;
	unsigned length; /* of the request, as received */
	unsigned served; /* guarded by lock */
};

struct server {
	bool is_stuck;
};

enum { LONGEST_REQUEST = 100 };

static void *handle_early_return(void *arg)
{
	struct session *session = arg;
	pthread_mutex_lock(&session->lock);
	if (session->length > LONGEST_REQUEST)
		return NULL;
	session->served++;
	pthread_mutex_unlock(&session->lock);
	return NULL;
}

static void *handle_one_exit(void *arg)
{
	struct session *session = arg;
	pthread_mutex_lock(&session->lock);
	if (session->length <= LONGEST_REQUEST)
		session->served++;
	pthread_mutex_unlock(&session->lock);
	return NULL;
}

static int close_session(struct session *session)
{
	return pthread_mutex_destroy(&session->lock);
}

static void accept_one(struct snag_self *self, struct server *server,
		       void *(*handle)(void *))
{
	struct session session = {.lock = PTHREAD_MUTEX_INITIALIZER};
	pthread_t handler;
	session.length = snag_random(self, LONGEST_REQUEST * 5 / 4);
	if (pthread_create(&handler, NULL, handle, &session))
		abort();
	pthread_join(handler, NULL);
	server->is_stuck = close_session(&session) != 0;
}

static void accept_early_return(struct snag_self *self, void *state)
{
	accept_one(self, state, handle_early_return);
}

static void accept_one_exit(struct snag_self *self, void *state)
{
	accept_one(self, state, handle_one_exit);
}

static void check(struct snag_run *run, void *state)
{
	struct server *server = state;
	snag_outcome(run, server->is_stuck ? "refused" : "closed");
}

SNAG_SCENARIO(mutex, destroy_locked) = {
	.summary = "early return keeps the lock, which is then destroyed",
	.refs = {"POSIX.1-2017 pthread_mutex_destroy",
		 "SEI CERT C CON31-C: Do not destroy a mutex while it is "
		 "locked",
		 "CWE-667: Improper Locking"},
	.tags = "mutex error-path lifetime",
	.practice = SNAG_LOCKING,
	.lesson = "handle_early_return locks the session, finds the request "
		  "too long and returns: the lock stays locked and its holder "
		  "is gone. Any other user of the session would wait for ever. "
		  "Here the session is closed next, and destroying a locked "
		  "mutex is undefined; glibc answers EBUSY and most callers "
		  "never look. Paths that are taken seldom, such as this error "
		  "path, are the ones that tests miss. The repair has one "
		  "exit, so that every path passes the unlock; goto out, or "
		  "the cleanup attribute of GCC and clang, do the same in "
		  "longer functions.",
	.in_python = "with session.lock: releases on every way out, return "
		     "and exceptions included.",
	.expect = SNAG_BROKEN,
	.state_size = sizeof(struct server),
	.roles = {{"acceptor", accept_early_return, 1}},
	.check = check,
	.reports = {{.kind = SNAG_MUTEX_DESTROY_LOCKED,
		     .cause = "mutex-misuse",
		     .grade = SNAG_REQUIRED,
		     .between = {"close_session", "handle_early_return"},
		     .why = "the handler returned without unlocking"}},
	.outcomes = {{.when = "closed",
		      .grade = SNAG_ALLOWED,
		      .why = "no request was too long"},
		     {.when = "refused",
		      .grade = SNAG_ALLOWED,
		      .why = "pthread_mutex_destroy returned EBUSY"}},
};

SNAG_SCENARIO(mutex, unlock_on_every_path) = {
	.summary = "one exit: every path unlocks before the session closes",
	.repairs = "mutex/destroy_locked",
	.refs = {"SEI CERT C CON31-C: Do not destroy a mutex while it is "
		 "locked"},
	.tags = "mutex error-path lifetime",
	.practice = SNAG_LOCKING,
	.lesson = "handle_one_exit has a single way out, behind the unlock, so "
		  "an oversized request is skipped and the lock is free again. "
		  "The acceptor joins the handler before it closes the "
		  "session: after pthread_join nobody else can use the mutex, "
		  "which is the only moment at which it may be destroyed.",
	.in_python = "with session.lock: and thread.join() before the "
		     "session is dropped.",
	.expect = SNAG_CLEAN,
	.state_size = sizeof(struct server),
	.roles = {{"acceptor", accept_one_exit, 1}},
	.check = check,
	.outcomes = {{.when = "closed",
		      .grade = SNAG_REQUIRED,
		      .why = "every path unlocked"}},
};
