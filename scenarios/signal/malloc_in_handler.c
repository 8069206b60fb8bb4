/*
 * A signal handler that records the signal in a list.
 *
 * Broken: it calls malloc, which may be in the middle of its work in the very
 * thread that the signal interrupts.  Right: the handler writes one byte to a
 * pipe, and ordinary code reads the pipe and does the rest.
 */
#include <errno.h>
#include <signal.h>
#include <snag/scenario.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <unistd.h>

struct event {
	int number;
	struct event *next;
};

struct daemon {
	struct sigaction before;
	int pipe[2];
	atomic_uint recorded;
};

static _Thread_local struct event *events;
static int wake_fd; /* set before the threads run */

static void record_event(int number)
{
	struct event *event = malloc(sizeof(*event));
	if (!event)
		abort();
	event->number = number;
	event->next = events;
	events = event;
}

static void on_signal_malloc(int number)
{
	record_event(number);
}

static void on_signal_pipe(int number)
{
	int saved_errno = errno;
	unsigned char byte = (unsigned char)number;
	if (write(wake_fd, &byte, 1) != 1)
		abort();
	errno = saved_errno;
}

static void install(struct daemon *daemon, void (*handler)(int))
{
	struct sigaction action = {.sa_handler = handler};
	sigemptyset(&action.sa_mask);
	if (sigaction(SIGUSR1, &action, &daemon->before))
		abort();
}

static bool install_malloc(struct snag_run *run, void *state)
{
	(void)run;
	install(state, on_signal_malloc);
	return true;
}

static bool install_pipe(struct snag_run *run, void *state)
{
	struct daemon *daemon = state;
	if (pipe(daemon->pipe)) {
		snag_skip(run, "no file descriptor left for a pipe");
		return false;
	}
	wake_fd = daemon->pipe[1];
	install(daemon, on_signal_pipe);
	return true;
}

static void drain_events(struct daemon *daemon)
{
	while (events) {
		struct event *event = events;
		events = event->next;
		free(event);
		atomic_fetch_add_explicit(&daemon->recorded, 1,
					  memory_order_relaxed);
	}
}

static void run_malloc(struct snag_self *self, void *state)
{
	(void)self;
	raise(SIGUSR1);
	drain_events(state);
}

static void run_pipe(struct snag_self *self, void *state)
{
	struct daemon *daemon = state;
	unsigned char byte;
	raise(SIGUSR1);
	snag_point(self);
	if (read(daemon->pipe[0], &byte, 1) == 1)
		record_event(byte);
	drain_events(daemon);
}

static void check(struct snag_run *run, void *state)
{
	struct daemon *daemon = state;
	bool all = daemon->recorded == snag_role_threads(run, 0);
	snag_outcome(run, all ? "recorded" : "missed");
}

static void restore_handler(void *state)
{
	struct daemon *daemon = state;
	sigaction(SIGUSR1, &daemon->before, NULL);
}

static void close_pipe(void *state)
{
	struct daemon *daemon = state;
	restore_handler(state);
	close(daemon->pipe[0]);
	close(daemon->pipe[1]);
}

SNAG_SCENARIO(signal, malloc_in_handler) = {
	.summary = "signal handler that calls malloc",
	.refs = {"POSIX.1-2017 2.4.3 Signal Actions",
		 "SEI CERT C SIG30-C: Call only asynchronous-safe functions "
		 "within signal handlers",
		 "CWE-479: Signal Handler Use of a Non-reentrant Function"},
	.tags = "signal handler malloc",
	.practice = SNAG_MESSAGE_PASSING,
	.lesson = "on_signal_malloc runs in whatever thread the signal meets, "
		  "between any two of its instructions. If that thread is "
		  "inside malloc, it holds the heap's lock, and its lists may "
		  "be half changed; the handler's malloc then waits for ever "
		  "for a lock that its own thread holds, or damages the heap. "
		  "Locks do not help, because handler and interrupted code are "
		  "the same thread. Only the functions that POSIX calls "
		  "async-signal-safe may be called: write, sem_post, kill, "
		  "_exit and some more; not malloc, free, printf or "
		  "pthread_mutex_lock. Here the signal is raised in a safe "
		  "place, and so nothing breaks; ThreadSanitizer reports the "
		  "call all the same. The repair leaves the work to ordinary "
		  "code.",
	.in_python = "A Python handler runs between bytecodes of the main "
		     "thread, so it may allocate; C handlers in extensions "
		     "may not.",
	.expect = SNAG_BROKEN,
	.state_size = sizeof(struct daemon),
	.setup = install_malloc,
	.roles = {{"daemon", run_malloc, 0}},
	.check = check,
	.teardown = restore_handler,
	.reports = {{.kind = SNAG_SIGNAL_UNSAFE,
		     .cause = "signal-handler",
		     .grade = SNAG_REQUIRED,
		     .between = {"record_event", NULL},
		     .why = "malloc is not async-signal-safe"}},
	.outcomes = {{.when = "recorded",
		      .grade = SNAG_ALLOWED,
		      .why = "the signal did not fall into malloc"}},
};

SNAG_SCENARIO(signal, self_pipe) = {
	.summary =
		"signal handler writes to a pipe; ordinary code does the work",
	.repairs = "signal/malloc_in_handler",
	.refs = {"POSIX.1-2017 2.4.3 Signal Actions",
		 "SEI CERT C SIG30-C: Call only asynchronous-safe functions "
		 "within signal handlers"},
	.tags = "signal handler pipe",
	.practice = SNAG_MESSAGE_PASSING,
	.lesson = "on_signal_pipe does one thing: it writes the signal's "
		  "number to a pipe, which write may do in a handler, and "
		  "restores errno. The loop reads the byte from the other end "
		  "and calls malloc where it is safe to do so. A program that "
		  "waits with poll adds the pipe to its set and so waits for "
		  "signals and files at once. A daemon also makes the writing "
		  "end non-blocking, since a full pipe would stop the handler; "
		  "on Linux, signalfd does the same without a handler.",
	.in_python = "signal.set_wakeup_fd is this pipe; asyncio uses it in "
		     "loop.add_signal_handler.",
	.expect = SNAG_CLEAN,
	.state_size = sizeof(struct daemon),
	.setup = install_pipe,
	.roles = {{"daemon", run_pipe, 0}},
	.check = check,
	.teardown = close_pipe,
	.outcomes = {{.when = "recorded",
		      .grade = SNAG_REQUIRED,
		      .why = "every byte is read and recorded"}},
};
