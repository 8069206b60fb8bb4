/*
 * A program with a main of its own, explored: each schedule in a child that is
 * forked before main runs, by the plain system call, so that every schedule
 * begins with the same memory.
 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "explore/engine.h"
#include "explore/replays.h"
#include "explore/world_part.h"
#include "internal.h"
#include "oracle/oracle.h"
#include "virtual/call.h"
#include "virtual/thread.h"

int __real_main(int argc, char **argv, char **envp);
int __wrap_main(int argc, char **argv, char **envp);

static struct {
	int argc;
	char **argv, **envp;
} arguments;

static bool is_explored; /* this process runs one schedule */

static void no_body(struct snag_self *self, void *state)
{
	(void)self;
	(void)state;
}

/* What the tool is told of it; expectations are not a program's. */
static const struct snag_scenario facts = {
	.summary = "a whole program",
	.lesson = "a whole program",
	.practice = SNAG_LOCKING,
	.expect = SNAG_CLEAN,
	.roles = {{"main", no_body, 1}},
};

static struct snag_entry entry = {
	.scenario = &facts, .family = "program", .is_instrumented = 1};

/* The last thing of all that a program does. */
__attribute__((destructor(101))) static void look_for_leaks(void)
{
	if (is_explored && world.is_active)
		virtual_report_leaked();
}

static _Noreturn void run_main(uint64_t number, uint64_t seed,
			       uint64_t in_batch)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	oracle_begin(seed);
	host_send_reports();
	explore_begin_iteration(number, seed, in_batch);
	is_explored = true;
	exit(__real_main(arguments.argc, arguments.argv, arguments.envp));
}

static void name_end(int status, char *name, size_t room)
{
	if (explore_shared->deadly_signal)
		snprintf(name, room, "%s",
			 explore_shared->deadly_signal == SIGABRT ? "@abort"
								  : "@crash");
	else if (WIFSIGNALED(status))
		snprintf(name, room, "%s",
			 WTERMSIG(status) == SIGABRT ? "@abort" : "@crash");
	else if (WEXITSTATUS(status))
		snprintf(name, room, "exit %d", WEXITSTATUS(status));
	else
		name[0] = '\0';
}

/* False when the child could not be made, or has left something to be read. */
static bool iterate(uint64_t number, uint64_t seed, uint64_t in_batch,
		    bool is_debugged)
{
	uint64_t before = snag_table->completed;
	char outcome[SNAG_OUTCOME_BYTES];
	int status = 0;
	pid_t pid;

	explore_shared->deadly_signal = 0;
	pid = is_debugged ? 0 : (pid_t)syscall(SYS_fork);

	if (pid < 0)
		return false;
	if (!pid)
		run_main(number, seed, in_batch);
	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return false;
	/* A deadlock, say, has been written down by the child: what stands in
	 * shared memory of it is to be read before the next one. */
	if (snag_table->completed > before)
		return !explore_shared->stuck_count;
	name_end(status, outcome, sizeof(outcome));
	explore_end_iteration(outcome, false);
	return true;
}

static void batch(const struct snag_batch_order *order)
{
	uint64_t deadline_ms = batch_now_ms() + order->limit_ms;
	const struct explore_order *explored = explore_open(order, true);
	bool are_many;

	if (!explored || explore_is_exhausted())
		return;
	are_many = replays_are_many(explored->is_replay);
	explore_warm_up();
	for (uint64_t i = 0; i < order->count; i++) {
		/* Several replays are of one iteration, under numbers of
		 * their own. */
		uint64_t counted = order->first + i;
		uint64_t number = are_many ? order->first : counted;

		__atomic_store_n(&snag_table->phase, SNAG_PHASE_BODIES,
				 __ATOMIC_RELEASE);
		batch_count_as(counted);
		if (are_many)
			replays_begin(i);
		if (!iterate(number, random_mix(order->seed, number), i,
			     order->flags & SNAG_EXPLORE_NO_FORK) ||
		    batch_now_ms() >= deadline_ms || explore_is_exhausted())
			return;
	}
}

int __wrap_main(int argc, char **argv, char **envp)
{
	const char *name = argv[0];

	if (!host_is_called())
		return __real_main(argc, argv, envp);
	for (const char *at = argv[0]; *at; at++)
		if (*at == '/')
			name = at + 1;
	arguments.argc = argc;
	arguments.argv = argv;
	arguments.envp = envp;
	entry.name = entry.file = name;
	registry_set_program(&entry);
	batch_of_program = batch;
	/* The program's children are not hosts. */
	unsetenv(SNAG_HOST_VARIABLE);
	return host_serve();
}
