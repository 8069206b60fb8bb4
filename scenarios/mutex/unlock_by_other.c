/*
 * A mutex used to mark a device as busy: the thread that starts a request
 * locks it, the thread that completes the request unlocks it.
 *
 * Broken: a mutex has an owner, and only the owner may unlock it.  Right: a
 * semaphore has none, so anybody may post it.
 */
#include <pthread.h>
#include <semaphore.h>
#include <snag/scenario.h>
#include <stdatomic.h>
#include <stdlib.h>

struct device {
	pthread_mutex_t busy;
	sem_t idle;
	int request, answer;
};

struct host {
	atomic_uint answered;
};

static void *start_by_mutex(void *arg)
{
	struct device *device = arg;
	pthread_mutex_lock(&device->busy);
	device->request = 21;
	return NULL;
}

static void complete_by_mutex(struct device *device)
{
	device->answer = 2 * device->request;
	pthread_mutex_unlock(&device->busy);
}

static void *start_by_semaphore(void *arg)
{
	struct device *device = arg;
	while (sem_wait(&device->idle))
		; /* interrupted by a signal */
	device->request = 21;
	return NULL;
}

static void complete_by_semaphore(struct device *device)
{
	device->answer = 2 * device->request;
	sem_post(&device->idle);
}

static void serve(struct host *host, void *(*start)(void *),
		  void (*complete)(struct device *))
{
	struct device device = {.busy = PTHREAD_MUTEX_INITIALIZER};
	pthread_t starter;
	sem_init(&device.idle, 0, 1);
	if (pthread_create(&starter, NULL, start, &device))
		abort();
	pthread_join(starter, NULL);
	complete(&device);
	if (device.answer == 42)
		atomic_fetch_add_explicit(&host->answered, 1,
					  memory_order_relaxed);
	sem_destroy(&device.idle);
	pthread_mutex_destroy(&device.busy);
}

static void serve_by_mutex(struct snag_self *self, void *state)
{
	(void)self;
	serve(state, start_by_mutex, complete_by_mutex);
}

static void serve_by_semaphore(struct snag_self *self, void *state)
{
	(void)self;
	serve(state, start_by_semaphore, complete_by_semaphore);
}

static void check(struct snag_run *run, void *state)
{
	struct host *host = state;
	bool all = host->answered == snag_role_threads(run, 0);
	snag_outcome(run, all ? "answered" : "wrong");
}

SNAG_SCENARIO(mutex, unlock_by_other) = {
	.summary = "mutex locked by one thread and unlocked by another",
	.refs = {"POSIX.1-2017 pthread_mutex_unlock",
		 "CWE-832: Unlock of a Resource that is not Locked"},
	.tags = "mutex semaphore handover",
	.practice = SNAG_LOCKING,
	.lesson = "start_by_mutex locks the device and its thread ends; "
		  "complete_by_mutex, in another thread, unlocks it. POSIX "
		  "leaves that undefined for a normal mutex: it belongs to "
		  "the thread that locked it. It happens to work in glibc, "
		  "fails with EPERM for an error-checking or robust mutex, "
		  "and takes away what a mutex is for, since a thread can no "
		  "longer rely on having locked something until it unlocks "
		  "it itself. What is wanted here is not exclusion but a "
		  "token that passes from thread to thread: a semaphore, "
		  "which has no owner.",
	.in_python = "threading.Lock may be released by any thread, so it is "
		     "a binary semaphore; RLock.release by a thread that "
		     "does not own it raises RuntimeError.",
	.expect = SNAG_BROKEN,
	.state_size = sizeof(struct host),
	.roles = {{"completer", serve_by_mutex, 0}},
	.check = check,
	.reports = {{.kind = SNAG_MUTEX_BAD_UNLOCK,
		     .cause = "mutex-misuse",
		     .grade = SNAG_REQUIRED,
		     .between = {"complete_by_mutex", NULL},
		     .why = "the thread that unlocks is not the one that "
			    "locked"}},
	.outcomes = {{.when = "answered",
		      .grade = SNAG_ALLOWED,
		      .why = "glibc does not check a normal mutex's owner"}},
};

SNAG_SCENARIO(mutex, semaphore_handover) = {
	.summary = "semaphore taken by one thread and posted by another",
	.repairs = "mutex/unlock_by_other",
	.refs = {"POSIX.1-2017 sem_post"},
	.tags = "semaphore handover",
	.practice = SNAG_LOCKING,
	.lesson = "The device's idle token is a semaphore with the value "
		  "one. start_by_semaphore takes it, complete_by_semaphore "
		  "puts it back, and it does not matter which threads they "
		  "run in. sem_post happens-before the sem_wait that takes "
		  "what it put there, so the next request sees all that this "
		  "one wrote. Use a mutex where one thread locks, works and "
		  "unlocks; use a semaphore where one thread waits for what "
		  "another one does.",
	.in_python = "threading.Semaphore(1): acquire in one thread, release "
		     "in another.",
	.expect = SNAG_CLEAN,
	.state_size = sizeof(struct host),
	.roles = {{"completer", serve_by_semaphore, 0}},
	.check = check,
	.outcomes = {{.when = "answered",
		      .grade = SNAG_REQUIRED,
		      .why = "the token passed from thread to thread"}},
};
