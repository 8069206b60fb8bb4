#include "base/start.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/personality.h>
#include <sys/wait.h>
#include <unistd.h>

static void keep_addresses_fixed(void)
{
	int now = personality(0xffffffff);

	/* Refused by some containers: then addresses vary, and all goes on. */
	if (now != -1)
		personality((unsigned long)now | ADDR_NO_RANDOMIZE);
}

static _Noreturn void become(const struct start *s, int failed_fd)
{
	sigset_t none;
	int reason;

	failed_fd = fcntl(failed_fd, F_DUPFD_CLOEXEC, s->first_free_fd);
	keep_addresses_fixed();
	if (s->prepare(s->context)) {
		sigemptyset(&none);
		if (!s->keeps_mask)
			sigprocmask(SIG_SETMASK, &none, NULL);
		if (s->environment)
			execve(s->path, s->argv, s->environment);
		else
			execv(s->path, s->argv);
	}
	reason = errno;
	(void)!write(failed_fd, &reason, sizeof(reason));
	_exit(127);
}

pid_t start_program(const struct start *start, struct err *err)
{
	int failed[2], reason = 0;
	ssize_t n;
	pid_t pid;

	if (pipe2(failed, O_CLOEXEC)) {
		err_errno(err, EXIT_TROUBLE, "cannot make a pipe");
		return -1;
	}
	pid = fork();
	if (!pid)
		become(start, failed[1]);
	close(failed[1]);
	if (pid < 0) {
		err_errno(err, EXIT_TROUBLE, "cannot start '%s'", start->path);
		close(failed[0]);
		return -1;
	}
	do
		n = read(failed[0], &reason, sizeof(reason));
	while (n < 0 && errno == EINTR);
	close(failed[0]);
	if (n != sizeof(reason))
		return pid;
	waitpid(pid, NULL, 0);
	errno = reason;
	err_errno(err, EXIT_TROUBLE, "cannot start '%s'", start->path);
	return -1;
}
