/*
 * Reading, writing, accepting, connecting: once the descriptor can, the call is
 * ThreadSanitizer's, with the edges that it sees in descriptors.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include "virtual/call.h"
#include "virtual/outside.h"

enum { SURE_BYTES = 4096 }; /* fit when poll() says that some do */

static int flags_of(int fd)
{
	return (int)syscall(SYS_fcntl, fd, F_GETFL);
}

/* False: a signal handler ran. */
static bool get_ready(int fd, short events, void *pc)
{
	int flags = flags_of(fd);

	if (flags < 0 || flags & O_NONBLOCK) {
		world_point_at(SNAG_EVENT_IO, NULL, pc);
		return true;
	}
	if (outside_wait_fd(fd, events, pc))
		return true;
	errno = EINTR;
	return false;
}

/* int name(fd, arguments), when one of `events` is there. */
#define READY_CALL(type, name, events, parameters, arguments)    \
	type __interceptor_##name parameters;                    \
	type virtual_##name parameters;                          \
	type virtual_##name parameters                           \
	{                                                        \
		type result = -1;                                \
                                                                 \
		ENTER();                                         \
		if (get_ready(fd, events, CALLER))               \
			result = __interceptor_##name arguments; \
		LEAVE();                                         \
		return result;                                   \
	}

READY_CALL(ssize_t, read, POLLIN, (int fd, void *to, size_t bytes),
	   (fd, to, bytes))
READY_CALL(ssize_t, readv, POLLIN, (int fd, const struct iovec *to, int count),
	   (fd, to, count))
READY_CALL(ssize_t, recv, POLLIN, (int fd, void *to, size_t bytes, int flags),
	   (fd, to, bytes, flags))
READY_CALL(ssize_t, recvfrom, POLLIN,
	   (int fd, void *to, size_t bytes, int flags, struct sockaddr *from,
	    socklen_t *size),
	   (fd, to, bytes, flags, from, size))
READY_CALL(ssize_t, recvmsg, POLLIN, (int fd, struct msghdr *to, int flags),
	   (fd, to, flags))
READY_CALL(int, accept, POLLIN,
	   (int fd, struct sockaddr *from, socklen_t *size), (fd, from, size))
READY_CALL(int, accept4, POLLIN,
	   (int fd, struct sockaddr *from, socklen_t *size, int flags),
	   (fd, from, size, flags))
READY_CALL(ssize_t, writev, POLLOUT,
	   (int fd, const struct iovec *from, int count), (fd, from, count))
READY_CALL(ssize_t, sendmsg, POLLOUT,
	   (int fd, const struct msghdr *from, int flags), (fd, from, flags))

/* What is larger may fit in part only, and the call would wait for the rest:
 * it goes piece by piece. */
typedef ssize_t piece_writer(int fd, const void *from, size_t bytes,
			     const void *more);

static bool is_piecewise(int fd, size_t bytes)
{
	struct stat st;

	return bytes > SURE_BYTES && !(flags_of(fd) & O_NONBLOCK) &&
	       !syscall(SYS_fstat, fd, &st) &&
	       (S_ISFIFO(st.st_mode) || S_ISSOCK(st.st_mode));
}

static ssize_t write_piece(int fd, const char *from, size_t bytes,
			   piece_writer *write_some, const void *more, void *pc)
{
	int flags = flags_of(fd);
	ssize_t n;

	if (!get_ready(fd, POLLOUT, pc))
		return -1;
	syscall(SYS_fcntl, fd, F_SETFL, flags | O_NONBLOCK);
	n = write_some(fd, from, bytes, more);
	syscall(SYS_fcntl, fd, F_SETFL, flags);
	return n < 0 && errno == EAGAIN ? 0 : n;
}

static ssize_t write_all(int fd, const char *from, size_t bytes,
			 piece_writer *write_some, const void *more, void *pc)
{
	size_t done = 0;

	if (!is_piecewise(fd, bytes))
		return get_ready(fd, POLLOUT, pc)
			       ? write_some(fd, from, bytes, more)
			       : -1;
	while (done < bytes) {
		ssize_t n = write_piece(fd, from + done, bytes - done,
					write_some, more, pc);

		if (n < 0)
			return done ? (ssize_t)done : n;
		done += (size_t)n;
	}
	return (ssize_t)done;
}

ssize_t __interceptor_write(int fd, const void *from, size_t bytes);
ssize_t __interceptor_send(int fd, const void *from, size_t bytes, int flags);
ssize_t __interceptor_sendto(int fd, const void *from, size_t bytes, int flags,
			     const struct sockaddr *to, socklen_t size);
ssize_t virtual_write(int fd, const void *from, size_t bytes);
ssize_t virtual_send(int fd, const void *from, size_t bytes, int flags);
ssize_t virtual_sendto(int fd, const void *from, size_t bytes, int flags,
		       const struct sockaddr *to, socklen_t size);

static ssize_t write_some(int fd, const void *from, size_t bytes,
			  const void *more)
{
	(void)more;
	return __interceptor_write(fd, from, bytes);
}

static ssize_t send_some(int fd, const void *from, size_t bytes,
			 const void *flags)
{
	return __interceptor_send(fd, from, bytes, *(const int *)flags);
}

ssize_t virtual_write(int fd, const void *from, size_t bytes)
{
	ssize_t n;

	ENTER();
	n = write_all(fd, from, bytes, write_some, NULL, CALLER);
	LEAVE();
	return n;
}

ssize_t virtual_send(int fd, const void *from, size_t bytes, int flags)
{
	ssize_t n;

	ENTER();
	n = write_all(fd, from, bytes, send_some, &flags, CALLER);
	LEAVE();
	return n;
}

/* Datagrams go whole. */
ssize_t virtual_sendto(int fd, const void *from, size_t bytes, int flags,
		       const struct sockaddr *to, socklen_t size)
{
	ssize_t n = -1;

	ENTER();
	if (get_ready(fd, POLLOUT, CALLER))
		n = __interceptor_sendto(fd, from, bytes, flags, to, size);
	LEAVE();
	return n;
}

int __interceptor_connect(int fd, const struct sockaddr *to, socklen_t size);
int virtual_connect(int fd, const struct sockaddr *to, socklen_t size);

static int finish_connect(int fd, void *pc)
{
	int problem = 0;
	socklen_t size = sizeof(problem);

	if (!outside_wait_fd(fd, POLLOUT, pc)) {
		errno = EINTR;
		return -1;
	}
	syscall(SYS_getsockopt, fd, SOL_SOCKET, SO_ERROR, &problem, &size);
	if (problem)
		errno = problem;
	return problem ? -1 : 0;
}

int virtual_connect(int fd, const struct sockaddr *to, socklen_t size)
{
	int flags = flags_of(fd), result;
	bool is_waiting = flags >= 0 && !(flags & O_NONBLOCK);

	ENTER();
	world_point_at(SNAG_EVENT_IO, NULL, CALLER);
	if (is_waiting)
		syscall(SYS_fcntl, fd, F_SETFL, flags | O_NONBLOCK);
	result = __interceptor_connect(fd, to, size);
	if (is_waiting)
		syscall(SYS_fcntl, fd, F_SETFL, flags);
	if (is_waiting && result < 0 && errno == EINPROGRESS)
		result = finish_connect(fd, CALLER);
	/* A queue that is full: the real call waits for room. */
	else if (is_waiting && result < 0 && errno == EAGAIN)
		result = __interceptor_connect(fd, to, size);
	LEAVE();
	return result;
}
