/*
 * A signal handler whose write fails, and so changes errno, between a call of
 * the interrupted code and its look at errno.
 *
 * Broken: the handler leaves its own errno behind.  Right: it saves errno
 * first and puts it back last.
 */
#include <errno.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <snag/scenario.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <unistd.h>

struct worker {
	pthread_t thread;
	sem_t signalled;
};

struct office {
	struct sigaction before;
	struct worker *workers;
	unsigned count;
	sem_t ready; /* posted once by each worker */
	atomic_uint spoiled;
};

static _Thread_local sem_t *signalled;
static const int closed_log = -1;

static void on_signal_spoiling(int number)
{
	char digit = (char)('0' + number % 10);
	if (write(closed_log, &digit, 1) < 0)
		sem_post(signalled); /* the log is gone: that is all right */
}

static void on_signal_saving(int number)
{
	int saved_errno = errno;
	on_signal_spoiling(number);
	errno = saved_errno;
}

static bool install(struct snag_run *run, struct office *office,
		    void (*handler)(int))
{
	struct sigaction action = {.sa_handler = handler};
	sigemptyset(&action.sa_mask);
	office->count = snag_role_threads(run, 0);
	office->workers = calloc(office->count, sizeof(*office->workers));
	if (!office->workers || sigaction(SIGUSR1, &action, &office->before))
		abort();
	for (unsigned i = 0; i < office->count; i++)
		sem_init(&office->workers[i].signalled, 0, 0);
	sem_init(&office->ready, 0, 0);
	return true;
}

static bool install_spoiling(struct snag_run *run, void *state)
{
	return install(run, state, on_signal_spoiling);
}

static bool install_saving(struct snag_run *run, void *state)
{
	return install(run, state, on_signal_saving);
}

static void work(struct snag_self *self, void *state)
{
	struct office *office = state;
	struct worker *me = &office->workers[snag_index(self)];
	me->thread = pthread_self();
	signalled = &me->signalled;
	sem_post(&office->ready);
	do
		errno = 0;
	while (sem_wait(&me->signalled)); /* interrupted: wait again */
	if (errno)
		atomic_fetch_add_explicit(&office->spoiled, 1,
					  memory_order_relaxed);
}

static void interrupt(struct snag_self *self, void *state)
{
	struct office *office = state;
	(void)self;
	for (unsigned i = 0; i < office->count; i++) {
		while (sem_wait(&office->ready))
			; /* interrupted by a signal */
	}
	for (unsigned i = 0; i < office->count; i++)
		pthread_kill(office->workers[i].thread, SIGUSR1);
}

static void check(struct snag_run *run, void *state)
{
	struct office *office = state;
	snag_outcome(run, office->spoiled ? "spoiled" : "kept");
}

static void restore_handler(void *state)
{
	struct office *office = state;
	sigaction(SIGUSR1, &office->before, NULL);
	for (unsigned i = 0; i < office->count; i++)
		sem_destroy(&office->workers[i].signalled);
	sem_destroy(&office->ready);
	free(office->workers);
}

SNAG_SCENARIO(signal, errno_in_handler) = {
	.summary = "signal handler that leaves another errno behind",
	.refs = {"POSIX.1-2017 2.4.3 Signal Actions",
		 "CWE-364: Signal Handler Race Condition"},
	.tags = "signal handler errno",
	.practice = SNAG_LIFETIME,
	.lesson = "errno belongs to a thread, and so to a handler that "
		  "interrupts it as well. on_signal_spoiling calls write, "
		  "which fails here and sets errno to EBADF. When the signal "
		  "falls between a call of the interrupted code and its test "
		  "of errno, that code sees an error that it never had: an "
		  "EINTR or EAGAIN that it would have retried becomes "
		  "something fatal, once in a million times. Being "
		  "async-signal-safe does not mean that a function leaves "
		  "errno alone. The repair stores errno on entry and restores "
		  "it on exit.",
	.in_python = "CPython's own C handler saves and restores errno; "
		     "Python handlers run later, between bytecodes.",
	.expect = SNAG_BROKEN,
	.state_size = sizeof(struct office),
	.setup = install_spoiling,
	.roles = {{"worker", work, 0}, {"interrupter", interrupt, 1}},
	.check = check,
	.teardown = restore_handler,
	.reports = {{.kind = SNAG_SIGNAL_ERRNO,
		     .cause = "signal-handler",
		     .grade = SNAG_REQUIRED,
		     .between = {"on_signal_spoiling", NULL},
		     .why = "the failing write sets errno",
		     /* A handler runs between the calls of its thread. */
		     .engines = SNAG_STRESS}},
	.outcomes = {{.when = "kept",
		      .grade = SNAG_ALLOWED,
		      .why = "ThreadSanitizer itself restores errno"},
		     {.when = "spoiled",
		      .grade = SNAG_ALLOWED,
		      .why = "the worker saw the handler's errno"}},
};

SNAG_SCENARIO(signal, errno_saved) = {
	.summary = "signal handler that saves and restores errno",
	.repairs = "signal/errno_in_handler",
	.refs = {"POSIX.1-2017 2.4.3 Signal Actions"},
	.tags = "signal handler errno",
	.practice = SNAG_LIFETIME,
	.lesson = "on_signal_saving copies errno before it does anything else "
		  "and puts it back as its last act, so that the interrupted "
		  "code cannot tell that it was interrupted. Every handler "
		  "that calls anything at all should begin and end like this.",
	.in_python = "CPython's own C handler does the same.",
	.expect = SNAG_CLEAN,
	.state_size = sizeof(struct office),
	.setup = install_saving,
	.roles = {{"worker", work, 0}, {"interrupter", interrupt, 1}},
	.check = check,
	.teardown = restore_handler,
	.outcomes = {{.when = "kept",
		      .grade = SNAG_REQUIRED,
		      .why = "errno is put back"}},
};
