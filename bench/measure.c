/*
 * Runs a program and writes "SECONDS KIB" to a file: the time from exec to its
 * end, and the most memory that it held at once (VmHWM), its own alone.
 *
 * wait4's figure would include the children that it waited for, and reading
 * /proc now and then would miss what is used last.  So the program is traced,
 * and stops once: when it is about to end and its memory is still there.
 *
 * usage: measure FILE PROGRAM [ARG...]; ends with the program's status, or
 * with 125 when there is nothing to measure
 */
#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { NOTHING = 125 };

_Noreturn static void fail(const char *what)
{
	fprintf(stderr, "measure: %s: %s\n", what, strerror(errno));
	exit(NOTHING);
}

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* The child waits for a byte, so that it is traced before its exec. */
static pid_t start(char **argv)
{
	int gate[2];
	pid_t pid;
	char byte = 0;

	if (pipe(gate))
		fail("pipe");
	pid = fork();
	if (pid < 0)
		fail("fork");
	if (!pid) {
		close(gate[1]);
		if (read(gate[0], &byte, 1) == 1) {
			close(gate[0]);
			execvp(argv[0], argv);
			perror(argv[0]);
		}
		_exit(NOTHING);
	}
	close(gate[0]);
	if (ptrace(PTRACE_SEIZE, pid, 0,
		   PTRACE_O_TRACEEXIT | PTRACE_O_EXITKILL))
		fail("ptrace");
	if (write(gate[1], &byte, 1) != 1)
		fail("write");
	close(gate[1]);
	return pid;
}

static long peak_kib(pid_t pid)
{
	char name[64], line[256];
	long kib = -1;
	FILE *f;

	snprintf(name, sizeof(name), "/proc/%d/status", (int)pid);
	f = fopen(name, "re");
	if (!f)
		fail(name);
	while (fgets(line, sizeof(line), f))
		if (sscanf(line, "VmHWM: %ld kB", &kib) == 1)
			break;
	fclose(f);
	return kib;
}

/* Lets the program go on from a stop, with the signal if it is one. */
static void go_on(pid_t pid, int status)
{
	int signal = WSTOPSIG(status), event = status >> 16;

	if (event == PTRACE_EVENT_STOP && signal != SIGTRAP)
		ptrace(PTRACE_LISTEN, pid, 0, 0); /* stopped by job control */
	else
		ptrace(PTRACE_CONT, pid, 0, event ? 0 : signal);
}

static int watch(pid_t pid, long *kib)
{
	int status;

	for (;;) {
		if (waitpid(pid, &status, __WALL) < 0) {
			if (errno == EINTR)
				continue;
			fail("waitpid");
		}
		if (!WIFSTOPPED(status))
			return status;
		if (status >> 8 == (SIGTRAP | PTRACE_EVENT_EXIT << 8))
			*kib = peak_kib(pid);
		go_on(pid, status);
	}
}

int main(int argc, char **argv)
{
	double begin;
	long kib = -1;
	int status;
	FILE *f;

	if (argc < 3) {
		fprintf(stderr, "usage: %s FILE PROGRAM [ARG...]\n", argv[0]);
		return NOTHING;
	}
	begin = now();
	status = watch(start(argv + 2), &kib);
	f = fopen(argv[1], "we");
	if (!f)
		fail(argv[1]);
	fprintf(f, "%.4f %ld\n", now() - begin, kib);
	if (fclose(f))
		fail(argv[1]);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
