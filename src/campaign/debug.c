#include "campaign/debug.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "campaign/debug_script.h"
#include "campaign/rerun_part.h"
#include "campaign/spawn.h"

/* A file of gdb's Python, which is there as long as the descriptor. */
static int make_script(const char *batch, char *path, size_t room)
{
	int fd = memfd_create("snag.py", 0);

	if (fd < 0)
		return -1;
	dprintf(fd, "%s", debug_script);
	for (const char *at = batch; at && *at;) {
		size_t len = strcspn(at, ";");

		dprintf(fd, "gdb.execute(\"%.*s\")\n", (int)len, at);
		at += len + (at[len] == ';');
	}
	if (batch)
		dprintf(fd, "gdb.execute(\"quit\")\n");
	snprintf(path, room, "/proc/%d/fd/%d", (int)getpid(), fd);
	return fd;
}

/* gdb, what it is told, and the host with a program's words after it. */
static const char **gdb_words(const struct rerun *r, const char *command)
{
	const char *const first[] = {"gdb",
				     "-q",
				     "-nx",
				     "-ex",
				     command,
				     "--args",
				     r->options.host_path};
	const size_t n = sizeof(first) / sizeof(first[0]);
	char *const *argv = r->options.argv;
	size_t count = 0;
	const char **words;

	while (argv && argv[count])
		count++;
	words = must_alloc((n + count + 1) * sizeof(*words));
	memcpy(words, first, sizeof(first));
	for (size_t i = 1; i < count; i++)
		words[n + i - 1] = argv[i];
	words[n + (count ? count - 1 : 0)] = NULL;
	return words;
}

static _Noreturn void exec_gdb(const struct rerun *r, const char *script,
			       const struct spawn_fds *fds)
{
	char command[128];
	const char **words;

	snprintf(command, sizeof(command), "python exec(open('%s').read())",
		 script);
	words = gdb_words(r, command);
	if (spawn_for_debugger(fds))
		execvp("gdb", (char *const *)words);
	fprintf(stderr, "snag: cannot start gdb: %s\n", strerror(errno));
	_exit(127);
}

/* The order for what gdb runs: it says hello, and is told at once. */
static void serve(struct worker *w, const struct snag_batch_order *order,
		  pid_t gdb, int *status)
{
	bool is_ordered = false;

	while (waitpid(gdb, status, WNOHANG) == 0) {
		struct pollfd p = {.fd = w->channel.fd, .events = POLLIN};
		struct snag_payload payload;
		uint32_t type;

		poll(&p, 1, 100);
		if (is_ordered) {
			if (p.revents & POLLHUP)
				usleep(100 * 1000);
			continue;
		}
		if (channel_receive(&w->channel, &type, &payload) !=
			    RECEIVED_RECORD ||
		    type != SNAG_RECORD_HELLO)
			continue;
		is_ordered = worker_order(w, order);
	}
}

static bool start(struct rerun *r, const char *script,
		  const struct snag_batch_order *order, struct err *err)
{
	struct worker *w = rerun_worker(r);
	int wire[2], status = 0;
	struct spawn_fds fds;
	pid_t gdb;

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, wire))
		return err_errno(err, EXIT_TROUBLE, "cannot make a socket");
	fds = (struct spawn_fds){.wire = wire[1],
				 .shared = w->shared_fd,
				 .reports = w->reports_fd,
				 .explore = w->explore_fd,
				 .lasting = w->lasting_fd,
				 .output = -1};
	gdb = fork();
	if (!gdb)
		exec_gdb(r, script, &fds);
	close(wire[1]);
	if (gdb < 0) {
		close(wire[0]);
		return err_errno(err, EXIT_TROUBLE, "cannot start gdb");
	}
	channel_release(&w->channel);
	channel_init(&w->channel, wire[0]);
	signal(SIGINT, SIG_IGN); /* it is gdb's */
	signal(SIGPIPE, SIG_IGN);
	serve(w, order, gdb, &status);
	if (WIFEXITED(status) && WEXITSTATUS(status) == 127)
		return err_set(err, EXIT_TROUBLE,
			       "gdb could not be started (apt-get install "
			       "gdb)");
	return true;
}

bool debug_run(struct rerun *r, const struct schedule_turn *turns, size_t count,
	       uint64_t stop_at, const char *batch, struct err *err)
{
	struct snag_batch_order order = r->order;
	struct worker *w = rerun_worker(r);
	bool is_run;
	char path[64];
	int script;

	if (!rerun_prepare_host(r, err))
		return false;
	script = make_script(batch, path, sizeof(path));
	if (script < 0)
		return err_errno(err, EXIT_TROUBLE, "cannot make a file");
	w->explore->replay_schedules = 0;
	w->explore->replay_count = rerun_load(r, turns, count, 0);
	w->explore->stop_at = stop_at;
	order.flags |= SNAG_EXPLORE_NO_FORK;
	snprintf(order.strategy, sizeof(order.strategy), "replay");
	is_run = start(r, path, &order, err);
	w->explore->stop_at = 0;
	close(script);
	worker_stop(w);
	return is_run;
}
