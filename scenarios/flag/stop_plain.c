/*
 * Workers serve until somebody sets a flag.
 *
 * Broken: the flag is a plain bool, which the compiler may read once and keep
 * in a register.  Right: an atomic bool.
 */
#include <snag/scenario.h>
#include <stdatomic.h>

struct service {
	bool stop;
	atomic_bool stop_atomic;
	atomic_ulong served;
};

static void serve_one(struct snag_self *self, struct service *service)
{
	atomic_fetch_add_explicit(&service->served, 1, memory_order_relaxed);
	snag_point(self);
}

static void serve_until_stop(struct snag_self *self, void *state)
{
	struct service *service = state;
	while (!service->stop)
		serve_one(self, service);
}

static void request_stop(struct snag_self *self, void *state)
{
	struct service *service = state;
	snag_point(self);
	service->stop = true;
}

static void serve_until_atomic_stop(struct snag_self *self, void *state)
{
	struct service *service = state;
	while (!atomic_load_explicit(&service->stop_atomic,
				     memory_order_relaxed))
		serve_one(self, service);
}

static void request_atomic_stop(struct snag_self *self, void *state)
{
	struct service *service = state;
	snag_point(self);
	atomic_store_explicit(&service->stop_atomic, true,
			      memory_order_relaxed);
}

static void check(struct snag_run *run, void *state)
{
	(void)state;
	snag_outcome(run, "stopped");
}

SNAG_SCENARIO(flag, stop_plain) = {
	.summary = "plain bool tells the workers to stop",
	.refs = {"C11 5.1.2.4", "CWE-567: Unsynchronized Access to Shared "
				"Data in a Multithreaded Context"},
	.tags = "flag loop shutdown",
	.practice = SNAG_ATOMICS,
	.lesson = "serve_until_stop reads the flag in its loop condition while "
		  "request_stop writes it, with nothing between them: a data "
		  "race, and so undefined behaviour. The compiler may assume "
		  "that no other thread writes a plain variable. When it can "
		  "see all of the loop, and nothing in there could change the "
		  "flag, it reads the flag once and loops for ever; here the "
		  "call to a function it cannot see into prevents that, so the "
		  "code works until somebody inlines the call. volatile stops "
		  "that optimisation and still orders nothing. An atomic flag "
		  "is reread every time; relaxed order is enough when it "
		  "carries no data with it.",
	.in_python = "while not self.stop: works, since attribute reads are "
		     "atomic; a threading.Event can be waited for as well.",
	.expect = SNAG_BROKEN,
	.state_size = sizeof(struct service),
	.roles = {{"worker", serve_until_stop, 0},
		  {"stopper", request_stop, 1}},
	.check = check,
	.reports = {{.kind = SNAG_DATA_RACE,
		     .cause = "stop-flag",
		     .grade = SNAG_REQUIRED,
		     .between = {"serve_until_stop", "request_stop"},
		     .why = "the flag is read and written without any order"}},
	.outcomes = {{.when = "stopped",
		      .grade = SNAG_ALLOWED,
		      .why = "the compiler kept the read in the loop"}},
};

SNAG_SCENARIO(flag, stop_atomic) = {
	.summary = "atomic bool tells the workers to stop",
	.repairs = "flag/stop_plain",
	.refs = {"C11 7.17"},
	.tags = "flag loop shutdown atomics",
	.practice = SNAG_ATOMICS,
	.lesson = "The flag is an atomic_bool, so a read in one thread and a "
		  "write in another are no race, and the loop reads it anew "
		  "each time: the write becomes visible within a finite time. "
		  "Relaxed order is enough because the flag says nothing but "
		  "stop. If the workers were to read, after the loop, "
		  "something that the stopper wrote before, the store would "
		  "have to be a release and the load an acquire.",
	.in_python = "stop = threading.Event(): while not stop.is_set().",
	.expect = SNAG_CLEAN,
	.state_size = sizeof(struct service),
	.roles = {{"worker", serve_until_atomic_stop, 0},
		  {"stopper", request_atomic_stop, 1}},
	.check = check,
	.outcomes = {{.when = "stopped",
		      .grade = SNAG_REQUIRED,
		      .why = "every worker saw the flag"}},
};
