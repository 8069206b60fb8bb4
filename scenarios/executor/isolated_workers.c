/*
 * Share nothing: the workers are processes, made by fork(), and all they have
 * in common with their clients is a socket.  Requests and replies are copied
 * through the kernel, so that no datum is ever reachable from two of them.
 */
#include <errno.h>
#include <snag/scenario.h>
#include <sys/socket.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

enum { CLIENTS = 2, REQUESTS = 4, STEP = 100 };

struct request {
	uint32_t begin, end; /* empty: the worker ends */
};

struct reply {
	uint64_t sum;
};

enum result { NO_WORKER, EXACT, WRONG };

struct office {
	enum result results[CLIENTS];
};

static uint64_t sum_of_range(struct request request)
{
	uint64_t sum = 0;

	for (uint32_t i = request.begin; i < request.end; i++)
		sum += i;
	return sum;
}

/* The worker's whole life.  A child of a process with threads may only call
 * async-signal-safe functions: no malloc, no locks, no stdio. */
static void serve(int fd)
{
	struct request request;

	while (read(fd, &request, sizeof(request)) == sizeof(request) &&
	       request.begin < request.end) {
		struct reply reply = {sum_of_range(request)};

		if (write(fd, &reply, sizeof(reply)) != sizeof(reply))
			break;
	}
	_exit(0);
}

/* Start a worker; -1 when the system has no process or socket to spare. */
static pid_t start_worker(int *fd)
{
	int ends[2];
	pid_t pid;

	if (socketpair(AF_UNIX, SOCK_SEQPACKET, 0, ends) != 0)
		return -1;
	pid = fork();
	if (pid == 0) {
		close(ends[0]);
		serve(ends[1]);
	}
	close(ends[1]);
	if (pid < 0)
		close(ends[0]);
	else
		*fd = ends[0];
	return pid;
}

static void stop_worker(int fd, pid_t pid)
{
	struct request nothing = {0, 0};

	send(fd, &nothing, sizeof(nothing), MSG_NOSIGNAL);
	close(fd);
	while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
		continue;
}

static bool ask(int fd, struct request request, struct reply *reply)
{
	return send(fd, &request, sizeof(request), MSG_NOSIGNAL) ==
		       sizeof(request) &&
	       recv(fd, reply, sizeof(*reply), 0) == sizeof(*reply);
}

static void ask_own_worker(struct snag_self *self, void *state)
{
	struct office *office = state;
	enum result *result = &office->results[snag_index(self)];
	uint64_t total = 0;
	int fd;
	pid_t pid = start_worker(&fd);

	if (pid < 0)
		return;
	for (uint32_t i = 0; i < REQUESTS; i++) {
		struct request request = {i * STEP, (i + 1) * STEP};
		struct reply reply = {0};

		if (ask(fd, request, &reply))
			total += reply.sum;
	}
	stop_worker(fd, pid);
	*result = total == sum_of_range((struct request){0, REQUESTS * STEP})
			  ? EXACT
			  : WRONG;
}

static void check(struct snag_run *run, void *state)
{
	const struct office *office = state;
	const char *outcome = "exact";

	for (unsigned i = 0; i < CLIENTS; i++) {
		if (office->results[i] == WRONG)
			outcome = "wrong";
		else if (office->results[i] == NO_WORKER)
			outcome = "no-worker";
	}
	snag_outcome(run, "%s", outcome);
}

SNAG_SCENARIO(executor, isolated_workers) = {
	.summary = "workers are processes that share only a socket",
	.refs = {"Hoare, Communicating Sequential Processes, CACM 21(8), 1978",
		 "POSIX.1-2017 XSH fork"},
	.tags = "executor processes sockets share-nothing",
	.practice = SNAG_MESSAGE_PASSING,
	.lesson = "Each client forks a worker that has its own copy of all "
		  "memory, so a data race between them is impossible by "
		  "construction.  What they tell each other goes through a "
		  "socket and is copied, as whole messages because the socket "
		  "is of type SOCK_SEQPACKET; the reply is what says that the "
		  "work is done.  An empty request is the sentinel that ends "
		  "the worker, and waitpid is its join.  The price is the copy "
		  "and a trap: the child of a process with threads has only "
		  "the thread that called fork, and locks held by the others "
		  "stay locked in it, so until it ends or executes a program "
		  "it may call only async-signal-safe functions such as read, "
		  "write and _exit.",
	.in_python =
		"ProcessPoolExecutor with the forkserver or spawn start "
		"method (forkserver is the default on Linux since 3.14: plain "
		"fork in a threaded program is the trap above), or "
		"InterpreterPoolExecutor (3.14) inside one process.",
	.expect = SNAG_CLEAN,
	.state_size = sizeof(struct office),
	.roles = {{"client", ask_own_worker, CLIENTS}},
	.check = check,
	.outcomes =
		{
			{.when = "exact",
			 .grade = SNAG_ALLOWED,
			 .why = "every request got its own reply"},
			{.when = "no-worker",
			 .grade = SNAG_ALLOWED,
			 .why = "the system had no process or socket to spare"},
			{.when = "wrong",
			 .grade = SNAG_FORBIDDEN,
			 .why = "a worker would have to lose or mix up "
				"messages"},
		},
};
