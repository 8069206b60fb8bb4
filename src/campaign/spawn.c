#include "campaign/spawn.h"

#include <fcntl.h>
#include <signal.h>
#include <snag/wire.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/start.h"

/*
 * symbolize=0: symbols are found by the tool, from raw addresses in a format
 * of our own; suppress_equal_stacks=1: the host is asked which stacks are equal
 * (harness/repeats.c), and every report counts; exitcode=0 and handle_*=0: a
 * batch's end is seen as it was.
 */
#define TSAN_OPTIONS                                                        \
	"symbolize=0:exitcode=0:atexit_sleep_ms=0:suppress_equal_stacks=1:" \
	"report_thread_leaks=1:report_mutex_bugs=1:report_signal_unsafe=1:" \
	"report_destroy_locked=1:report_atomic_races=1:"                    \
	"ignore_noninstrumented_modules=0:ignore_interceptors_accesses=0:"  \
	"force_seq_cst_atomics=0:"                                          \
	"halt_on_error=0:report_bugs=1:handle_segv=1:handle_abort=1:"       \
	"handle_sigbus=1:handle_sigfpe=1:handle_sigill=1:"                  \
	"second_deadlock_stack=1:color=never:print_suppressions=0:"         \
	"stack_trace_format=\"    #%n|%p|%m|%o|%q|%s|%l|%c|%f\""

const char *spawn_tsan_options(bool detect_deadlocks)
{
	return detect_deadlocks ? TSAN_OPTIONS ":detect_deadlocks=1"
				: TSAN_OPTIONS ":detect_deadlocks=0";
}

static bool set_environment(bool detect_deadlocks)
{
	const char *theirs = getenv("TSAN_OPTIONS");
	const char *ours = spawn_tsan_options(detect_deadlocks);
	char version[16];
	char *both;
	bool is_set;

	snprintf(version, sizeof(version), "%d", SNAG_WIRE_VERSION);
	if (asprintf(&both, "%s%s%s", theirs ? theirs : "",
		     theirs && *theirs ? ":" : "", ours) < 0)
		return false;
	is_set = !setenv("TSAN_OPTIONS", both, 1) &&
		 !setenv(SNAG_HOST_VARIABLE, version, 1);
	free(both);
	return is_set;
}

enum { PLACES = 7, PLACES_OF_OURS = 5 };

/* First out of the way, then into place: no number treads on another. */
static bool place_fds(const struct spawn_fds *fds)
{
	const int from[] = {fds->wire,
			    fds->shared,
			    fds->reports,
			    fds->explore,
			    fds->lasting,
			    fds->output,
			    open("/dev/null", O_RDONLY)};
	const int to[] = {SNAG_FD_WIRE,    SNAG_FD_SHARED,  SNAG_FD_REPORTS,
			  SNAG_FD_EXPLORE, SNAG_FD_LASTING, STDOUT_FILENO,
			  STDIN_FILENO};
	int high[PLACES];

	for (int i = 0; i < PLACES; i++) {
		high[i] = fcntl(from[i], F_DUPFD_CLOEXEC, SNAG_FD_LAST + 1);
		if (high[i] < 0)
			return false;
	}
	for (int i = 0; i < PLACES; i++)
		if (dup2(high[i], to[i]) < 0)
			return false;
	return dup2(STDOUT_FILENO, STDERR_FILENO) >= 0;
}

bool spawn_for_debugger(const struct spawn_fds *fds)
{
	const int from[] = {fds->wire, fds->shared, fds->reports, fds->explore,
			    fds->lasting};
	const int to[] = {SNAG_FD_WIRE, SNAG_FD_SHARED, SNAG_FD_REPORTS,
			  SNAG_FD_EXPLORE, SNAG_FD_LASTING};
	int high[PLACES_OF_OURS];

	for (int i = 0; i < PLACES_OF_OURS; i++) {
		high[i] = fcntl(from[i], F_DUPFD_CLOEXEC, SNAG_FD_LAST + 1);
		if (high[i] < 0)
			return false;
	}
	for (int i = 0; i < PLACES_OF_OURS; i++)
		if (dup2(high[i], to[i]) < 0)
			return false;
	return set_environment(true);
}

/* Whatever the caller had open is none of the host's business: it could write
 * there, and its own descriptors would have other numbers each time.  Where
 * that call is refused, it is as with any other program. */
static void drop_inherited_fds(void)
{
	close_range(STDERR_FILENO + 1, SNAG_FD_WIRE - 1, CLOSE_RANGE_CLOEXEC);
	close_range(SNAG_FD_LAST + 1, ~0U, CLOSE_RANGE_CLOEXEC);
}

struct host_start {
	const struct spawn_fds *fds;
	bool detect_deadlocks;
};

static bool prepare(void *context)
{
	const struct host_start *start = context;
	const struct rlimit none = {0, 0};

	setpgid(0, 0);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	setrlimit(RLIMIT_CORE, &none);
	if (!place_fds(start->fds) || !set_environment(start->detect_deadlocks))
		return false;
	drop_inherited_fds();
	return true;
}

pid_t spawn_host(const char *path, char *const *argv,
		 const struct spawn_fds *fds, bool detect_deadlocks,
		 struct err *err)
{
	char *const alone[] = {(char *)(uintptr_t)path, NULL};
	struct host_start context = {fds, detect_deadlocks};
	/* Out of the way of the numbers that a host is given. */
	const struct start start = {.path = path,
				    .argv = argv ? argv : alone,
				    .prepare = prepare,
				    .context = &context,
				    .first_free_fd = SNAG_FD_LAST + 1};

	return start_program(&start, err);
}
