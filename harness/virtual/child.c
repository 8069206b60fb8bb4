/*
 * Waiting for child processes and for signals.
 */
#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "virtual/call.h"
#include "virtual/outside.h"

enum { NS_A_MS = 1000 * 1000, SET_BYTES = 8 /* of the kernel's sigset_t */ };

static void doze(int ms)
{
	const struct timespec t = {0, (long)ms * NS_A_MS};

	if (ms)
		syscall(SYS_nanosleep, &t, NULL);
}

struct child {
	idtype_t type;
	id_t id;
	int options;
};

/* Also true when there is no such child: the call says so. */
static bool has_changed(void *what, int ms)
{
	const struct child *c = what;
	siginfo_t info = {0};
	long result;

	doze(ms);
	result = syscall(SYS_waitid, c->type, c->id, &info,
			 c->options | WNOHANG | WNOWAIT, NULL);
	return result < 0 || info.si_pid;
}

static bool wait_child(struct child *c, void *pc)
{
	if (c->options & WNOHANG) {
		world_point_at(SNAG_EVENT_IO, NULL, pc);
		return true;
	}
	if (outside_wait(has_changed, c, pc, 0))
		return true;
	errno = EINTR;
	return false;
}

static bool wait_pid(pid_t pid, int options, void *pc)
{
	struct child c = {.type = pid == -1 ? P_ALL
				  : pid > 0 ? P_PID
					    : P_PGID,
			  .id = (id_t)(pid < 0 ? -pid : pid),
			  .options = WEXITED | (options & (WUNTRACED | WNOHANG |
							   WCONTINUED))};

	return wait_child(&c, pc);
}

#define WAIT_CALL(name, pid_wanted, with, parameters, arguments) \
	pid_t __interceptor_##name parameters;                   \
	pid_t virtual_##name parameters;                         \
	pid_t virtual_##name parameters                          \
	{                                                        \
		pid_t result = -1;                               \
                                                                 \
		ENTER();                                         \
		if (wait_pid(pid_wanted, with, CALLER))          \
			result = __interceptor_##name arguments; \
		LEAVE();                                         \
		return result;                                   \
	}

WAIT_CALL(waitpid, pid, options, (pid_t pid, int *status, int options),
	  (pid, status, options))
WAIT_CALL(wait, -1, 0, (int *status), (status))
WAIT_CALL(wait3, -1, options, (int *status, int options, struct rusage *usage),
	  (status, options, usage))
WAIT_CALL(wait4, pid, options,
	  (pid_t pid, int *status, int options, struct rusage *usage),
	  (pid, status, options, usage))

int __interceptor_waitid(idtype_t type, id_t id, siginfo_t *info, int options);
int virtual_waitid(idtype_t type, id_t id, siginfo_t *info, int options);

int virtual_waitid(idtype_t type, id_t id, siginfo_t *info, int options)
{
	struct child c = {type, id, options};
	int result = -1;

	ENTER();
	if (wait_child(&c, CALLER))
		result = __interceptor_waitid(type, id, info, options);
	LEAVE();
	return result;
}

/* Is one of the set pending?  It is left there. */
static bool is_pending(void *what, int ms)
{
	uint64_t pending = 0;

	doze(ms);
	syscall(SYS_rt_sigpending, &pending, SET_BYTES);
	return pending & *(const uint64_t *)what;
}

static bool wait_signal(const sigset_t *set, const struct timespec *time,
			void *pc)
{
	uint64_t wanted, deadline = 0;

	memcpy(&wanted, set, sizeof(wanted));
	world_uncontrolled(SNAG_SIGNALS);
	if (time)
		deadline = outside_deadline((int64_t)time->tv_sec * 1000 +
					    time->tv_nsec / NS_A_MS);
	return outside_wait(is_pending, &wanted, pc, deadline);
}

int __interceptor_sigwait(const sigset_t *set, int *signal);
int __interceptor_sigtimedwait(const sigset_t *set, siginfo_t *info,
			       const struct timespec *time);
int virtual_sigwait(const sigset_t *set, int *signal);
int virtual_sigwaitinfo(const sigset_t *set, siginfo_t *info);
int virtual_sigtimedwait(const sigset_t *set, siginfo_t *info,
			 const struct timespec *time);
int virtual_pause(void);
int virtual_sigsuspend(const sigset_t *mask);

static const struct timespec no_time;

int virtual_sigwait(const sigset_t *set, int *signal)
{
	int result = EINTR;

	ENTER();
	if (wait_signal(set, NULL, CALLER))
		result = __interceptor_sigwait(set, signal);
	LEAVE();
	return result;
}

int virtual_sigwaitinfo(const sigset_t *set, siginfo_t *info)
{
	int result = -1;

	ENTER();
	if (wait_signal(set, NULL, CALLER))
		result = __interceptor_sigtimedwait(set, info, &no_time);
	else
		errno = EINTR;
	LEAVE();
	return result;
}

int virtual_sigtimedwait(const sigset_t *set, siginfo_t *info,
			 const struct timespec *time)
{
	int result;

	ENTER();
	wait_signal(set, time, CALLER);
	result = __interceptor_sigtimedwait(set, info, &no_time);
	LEAVE();
	return result;
}

static bool never(void *what, int ms)
{
	(void)what;
	doze(ms);
	return false;
}

int virtual_pause(void)
{
	ENTER();
	world_uncontrolled(SNAG_SIGNALS);
	outside_wait(never, NULL, CALLER, 0);
	LEAVE();
	errno = EINTR;
	return -1;
}

/* The mask is the process's and stays, but for the time of the wait. */
int virtual_sigsuspend(const sigset_t *mask)
{
	uint64_t before;

	ENTER();
	world_uncontrolled(SNAG_SIGNALS);
	syscall(SYS_rt_sigprocmask, SIG_SETMASK, mask, &before, SET_BYTES);
	outside_wait(never, NULL, CALLER, 0);
	syscall(SYS_rt_sigprocmask, SIG_SETMASK, &before, NULL, SET_BYTES);
	LEAVE();
	errno = EINTR;
	return -1;
}
