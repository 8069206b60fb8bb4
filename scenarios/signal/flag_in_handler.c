/*
 * A signal handler sets a flag that other threads poll.
 *
 * Broken: the flag is volatile sig_atomic_t, which is made for the thread that
 * the handler interrupts, not for others.  Right: a lock-free atomic.
 */
#include <signal.h>
#include <snag/scenario.h>
#include <stdatomic.h>
#include <stdlib.h>

struct program {
	struct sigaction before;
	volatile sig_atomic_t reload_plain;
	atomic_int reload_atomic;
};

static struct program *running; /* a handler gets no argument of ours */

static void on_signal_plain(int number)
{
	running->reload_plain = number;
}

static void on_signal_atomic(int number)
{
	atomic_store_explicit(&running->reload_atomic, number,
			      memory_order_relaxed);
}

static bool install(struct program *program, void (*handler)(int))
{
	struct sigaction action = {.sa_handler = handler};
	sigemptyset(&action.sa_mask);
	running = program;
	if (sigaction(SIGUSR1, &action, &program->before))
		abort();
	return true;
}

static bool install_plain(struct snag_run *run, void *state)
{
	(void)run;
	return install(state, on_signal_plain);
}

static bool install_atomic(struct snag_run *run, void *state)
{
	(void)run;
	return install(state, on_signal_atomic);
}

static void receive(struct snag_self *self, void *state)
{
	(void)state;
	snag_point(self);
	raise(SIGUSR1);
}

static void poll_plain(struct snag_self *self, void *state)
{
	struct program *program = state;
	while (!program->reload_plain)
		snag_point(self);
}

static void poll_atomic(struct snag_self *self, void *state)
{
	struct program *program = state;
	while (!atomic_load_explicit(&program->reload_atomic,
				     memory_order_relaxed))
		snag_point(self);
}

static void check(struct snag_run *run, void *state)
{
	(void)state;
	snag_outcome(run, "reloaded");
}

static void restore_handler(void *state)
{
	struct program *program = state;
	sigaction(SIGUSR1, &program->before, NULL);
}

SNAG_SCENARIO(signal, flag_in_handler) = {
	.summary = "volatile sig_atomic_t set in a handler, polled by threads",
	.refs = {"C11 5.1.2.3", "C11 7.14.1.1",
		 "SEI CERT C SIG31-C: Do not access shared objects in signal "
		 "handlers",
		 "CWE-364: Signal Handler Race Condition"},
	.tags = "signal handler flag volatile",
	.practice = SNAG_ATOMICS,
	.lesson = "The handler on_signal_plain sets a volatile sig_atomic_t, "
		  "as textbooks for a single thread say. That type promises "
		  "that a handler and the thread which it interrupts see whole "
		  "values. It promises nothing to other threads, and the "
		  "kernel delivers a signal for the process to any thread that "
		  "does not block it. poll_plain in another thread therefore "
		  "races with the handler; volatile is neither atomic nor an "
		  "order. The repair is an atomic type: C11 permits lock-free "
		  "atomics in signal handlers (ATOMIC_INT_LOCK_FREE is 2 "
		  "here), and they are for threads as well.",
	.in_python = "A Python handler runs in the main thread, between "
		     "bytecodes: setting an attribute that threads poll is "
		     "enough.",
	.expect = SNAG_BROKEN,
	.state_size = sizeof(struct program),
	.setup = install_plain,
	.roles = {{"receiver", receive, 1}, {"poller", poll_plain, 0}},
	.check = check,
	.teardown = restore_handler,
	.reports = {{.kind = SNAG_DATA_RACE,
		     .cause = "signal-handler",
		     .grade = SNAG_REQUIRED,
		     .between = {"on_signal_plain", "poll_plain"},
		     .why = "handler and other threads share a plain flag"}},
	.outcomes = {{.when = "reloaded",
		      .grade = SNAG_ALLOWED,
		      .why = "volatile keeps the read in the loop"}},
};

SNAG_SCENARIO(signal, atomic_flag_in_handler) = {
	.summary = "lock-free atomic set in a handler, polled by threads",
	.repairs = "signal/flag_in_handler",
	.refs = {"C11 7.14.1.1"},
	.tags = "signal handler flag atomics",
	.practice = SNAG_ATOMICS,
	.lesson = "An atomic_int is lock-free on x86-64 and aarch64, so the "
		  "handler may store to it, and any thread may load it: "
		  "whoever the signal meets, the flag is no data race. Relaxed "
		  "order is enough for a flag that carries no data; a handler "
		  "that also wrote data would need a release store, and an "
		  "acquire load on the other side.",
	.in_python = "threading.Event is set from ordinary code; in a "
		     "handler set an attribute.",
	.expect = SNAG_CLEAN,
	.state_size = sizeof(struct program),
	.setup = install_atomic,
	.roles = {{"receiver", receive, 1}, {"poller", poll_atomic, 0}},
	.check = check,
	.teardown = restore_handler,
	.outcomes = {{.when = "reloaded",
		      .grade = SNAG_REQUIRED,
		      .why = "every poller saw the flag"}},
};
