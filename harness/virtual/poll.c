/*
 * Waiting for several descriptors, for children and for signals.
 */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/select.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "virtual/call.h"
#include "virtual/outside.h"

enum { NS_A_MS = 1000 * 1000 };

static int64_t ms_of(const struct timespec *t)
{
	return t ? (int64_t)t->tv_sec * 1000 +
			       (t->tv_nsec + NS_A_MS - 1) / NS_A_MS
		 : -1;
}

/* At the deadline of a call that waited the call itself says so. */
static bool wait_timed(outside_ready *is_ready, void *what, int64_t ms,
		       void *pc)
{
	uint64_t deadline = outside_deadline(ms);

	if (!ms) {
		world_point_at(SNAG_EVENT_IO, NULL, pc);
		return true;
	}
	if (outside_wait(is_ready, what, pc, deadline) ||
	    (deadline && world.now_ns >= deadline))
		return true;
	errno = EINTR;
	return false;
}

struct many {
	struct pollfd *fds;
	nfds_t count;
};

static bool is_any_ready(void *what, int ms)
{
	const struct many *m = what;
	struct timespec t = {0, (long)ms * NS_A_MS};

	return syscall(SYS_ppoll, m->fds, m->count, &t, NULL, 0) != 0;
}

int __interceptor_poll(struct pollfd *fds, nfds_t count, int ms);
int __interceptor_ppoll(struct pollfd *fds, nfds_t count,
			const struct timespec *time, const sigset_t *mask);
int virtual_poll(struct pollfd *fds, nfds_t count, int ms);
int virtual_ppoll(struct pollfd *fds, nfds_t count, const struct timespec *time,
		  const sigset_t *mask);

int virtual_poll(struct pollfd *fds, nfds_t count, int ms)
{
	struct many m = {fds, count};
	int result = -1;

	ENTER();
	if (wait_timed(is_any_ready, &m, ms, CALLER))
		result = __interceptor_poll(fds, count, 0);
	LEAVE();
	return result;
}

int virtual_ppoll(struct pollfd *fds, nfds_t count, const struct timespec *time,
		  const sigset_t *mask)
{
	static const struct timespec none;
	struct many m = {fds, count};
	int result = -1;

	ENTER();
	if (wait_timed(is_any_ready, &m, ms_of(time), CALLER))
		result = __interceptor_ppoll(fds, count, &none, mask);
	LEAVE();
	return result;
}

struct sets {
	int count;
	fd_set *sets[3];
};

static int select_now(int count, fd_set *const sets[3], int ms)
{
	struct timespec t = {0, (long)ms * NS_A_MS};

	return (int)syscall(SYS_pselect6, count, sets[0], sets[1], sets[2], &t,
			    NULL);
}

static bool is_set_ready(void *what, int ms)
{
	const struct sets *s = what;
	fd_set copies[3], *at[3];

	for (int i = 0; i < 3; i++) {
		at[i] = s->sets[i] ? &copies[i] : NULL;
		if (at[i])
			copies[i] = *s->sets[i];
	}
	return select_now(s->count, at, ms) != 0;
}

int virtual_select(int count, fd_set *in, fd_set *out, fd_set *other,
		   struct timeval *time);
int virtual_pselect(int count, fd_set *in, fd_set *out, fd_set *other,
		    const struct timespec *time, const sigset_t *mask);

static int wait_sets(const struct sets *s, int64_t ms, void *pc)
{
	int n;

	if (!wait_timed(is_set_ready, (void *)(uintptr_t)s, ms, pc))
		return -1;
	n = select_now(s->count, s->sets, 0);
	return n;
}

int virtual_select(int count, fd_set *in, fd_set *out, fd_set *other,
		   struct timeval *time)
{
	const struct sets s = {count, {in, out, other}};

	return wait_sets(&s,
			 time ? (int64_t)time->tv_sec * 1000 +
					 (time->tv_usec + 999) / 1000
			      : -1,
			 CALLER);
}

int virtual_pselect(int count, fd_set *in, fd_set *out, fd_set *other,
		    const struct timespec *time, const sigset_t *mask)
{
	const struct sets s = {count, {in, out, other}};

	(void)mask;
	return wait_sets(&s, ms_of(time), CALLER);
}

/* Asked as a descriptor: asking for events would use up edges. */
static bool is_epoll_ready(void *what, int ms)
{
	struct pollfd p = {.fd = *(const int *)what, .events = POLLIN};
	struct timespec t = {0, (long)ms * NS_A_MS};

	return syscall(SYS_ppoll, &p, 1, &t, NULL, 0) != 0;
}

int __interceptor_epoll_wait(int fd, struct epoll_event *to, int room, int ms);
int __interceptor_epoll_pwait(int fd, struct epoll_event *to, int room, int ms,
			      const sigset_t *mask);
int virtual_epoll_wait(int fd, struct epoll_event *to, int room, int ms);
int virtual_epoll_pwait(int fd, struct epoll_event *to, int room, int ms,
			const sigset_t *mask);

int virtual_epoll_wait(int fd, struct epoll_event *to, int room, int ms)
{
	int n = -1;

	ENTER();
	if (wait_timed(is_epoll_ready, &fd, ms, CALLER))
		n = __interceptor_epoll_wait(fd, to, room, 0);
	LEAVE();
	return n;
}

int virtual_epoll_pwait(int fd, struct epoll_event *to, int room, int ms,
			const sigset_t *mask)
{
	int n = -1;

	ENTER();
	if (wait_timed(is_epoll_ready, &fd, ms, CALLER))
		n = __interceptor_epoll_pwait(fd, to, room, 0, mask);
	LEAVE();
	return n;
}
