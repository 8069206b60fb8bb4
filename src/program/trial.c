#include "program/trial.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/start.h"
#include "program/environment.h"
#include "program/tidy.h"
#include "program/trial_watch.h"

enum { READ_BYTES = 64 * 1024, READS_A_LOOK = 64 };

struct ends {
	int out, err;
};

static bool prepare(void *context)
{
	const struct ends *ends = context;
	const struct rlimit none = {0, 0};
	int null = open("/dev/null", O_RDONLY | O_CLOEXEC);

	setpgid(0, 0);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	setrlimit(RLIMIT_CORE, &none);
	signal(SIGPIPE, SIG_DFL);
	return null >= 0 && dup2(null, STDIN_FILENO) >= 0 &&
	       dup2(ends->out, STDOUT_FILENO) >= 0 &&
	       dup2(ends->err, STDERR_FILENO) >= 0 &&
	       !close_range(STDERR_FILENO + 1, ~0U, CLOSE_RANGE_CLOEXEC);
}

static void close_fd(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

void trial_init(struct trial *t, uint64_t number)
{
	*t = (struct trial){.number = number,
			    .out_fd = -1,
			    .err_fd = -1,
			    .watch_fd = -1,
			    .pid_fd = -1};
}

static bool make_folder(struct trial *t, const struct trial_plan *plan,
			struct err *err)
{
	const char *tmp;

	t->folder = arena_printf(&t->arena, "%s/run-%llu", plan->folder,
				 (unsigned long long)t->number);
	tmp = arena_printf(&t->arena, "%s/tmp", t->folder);
	t->mark = arena_printf(&t->arena, "TMPDIR=%s", tmp);
	if (mkdir(t->folder, 0700) || mkdir(tmp, 0700))
		return err_errno(err, EXIT_TROUBLE, "cannot make folder '%s'",
				 tmp);
	return environment_make_flag_file(&t->arena, t->folder, err);
}

/* Where too many watches are open already, it is not known. */
void trial_watch_flags(struct trial *t)
{
	t->watch_fd = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
	t->is_watchable =
		t->watch_fd >= 0 &&
		inotify_add_watch(t->watch_fd,
				  environment_flag_file(&t->arena, t->folder),
				  IN_OPEN) >= 0;
}

static bool run(struct trial *t, const struct trial_plan *plan, int out[2],
		int error[2], struct err *err)
{
	struct ends ends = {out[1], error[1]};
	const struct start start = {
		.path = plan->path,
		.argv = plan->argv,
		.environment = environment_of(&t->arena, plan, t),
		.prepare = prepare,
		.context = &ends,
		.first_free_fd = STDERR_FILENO + 1,
	};

	t->pid = start_program(&start, err);
	if (t->pid < 0)
		return false;
	t->is_busy = true;
	t->pid_fd = (int)syscall(SYS_pidfd_open, t->pid, 0);
	t->started_ms = clock_ms();
	t->out_fd = out[0];
	t->err_fd = error[0];
	fcntl(t->out_fd, F_SETFL, O_NONBLOCK);
	fcntl(t->err_fd, F_SETFL, O_NONBLOCK);
	return true;
}

bool trial_start(struct trial *t, const struct trial_plan *plan,
		 uint64_t number, struct err *err)
{
	int out[2] = {-1, -1}, error[2] = {-1, -1};
	bool is_running = false;

	trial_init(t, number);
	if (!make_folder(t, plan, err)) {
		trial_release(t);
		return false;
	}
	trial_watch_flags(t);
	if (pipe2(out, O_CLOEXEC) || pipe2(error, O_CLOEXEC))
		err_errno(err, EXIT_TROUBLE, "cannot make a pipe");
	else
		is_running = run(t, plan, out, error, err);
	close_fd(&out[1]);
	close_fd(&error[1]);
	if (!is_running) {
		close_fd(&out[0]);
		close_fd(&error[0]);
		trial_release(t);
	}
	return is_running;
}

/* Not more than so much at a time: others print too. */
static void drain(int *fd, struct bounded *text)
{
	static char chunk[READ_BYTES];

	for (int i = 0; *fd >= 0 && i < READS_A_LOOK; i++) {
		ssize_t n = read(*fd, chunk, sizeof(chunk));

		if (n > 0)
			bounded_add(text, chunk, (size_t)n);
		else if (n < 0 && errno == EINTR)
			continue;
		else if (!n || errno != EAGAIN)
			close_fd(fd);
		else
			return;
	}
}

void trial_see_flags(struct trial *t)
{
	char events[4096]
		__attribute__((aligned(__alignof__(struct inotify_event))));

	if (t->watch_fd >= 0 && read(t->watch_fd, events, sizeof(events)) > 0)
		t->started_tsan = true;
}

/* Reaped; what is left of its group and descendants is ended, and what they
 * had still to say is read. */
static void end(struct trial *t)
{
	t->left_things = trial_end_rest(t);
	t->duration_ms = clock_ms() - t->started_ms;
	drain(&t->out_fd, &t->out);
	drain(&t->err_fd, &t->err);
	trial_see_flags(t);
	close_fd(&t->out_fd);
	close_fd(&t->err_fd);
	close_fd(&t->watch_fd);
	close_fd(&t->pid_fd);
	t->is_busy = false;
}

bool trial_look(struct trial *t, const struct trial_plan *plan,
		struct symbols *symbols)
{
	pid_t reaped;

	drain(&t->out_fd, &t->out);
	drain(&t->err_fd, &t->err);
	trial_see_flags(t);
	reaped = waitpid(t->pid, &t->status, WNOHANG);
	if (!reaped && !t->end) {
		t->end = trial_watch(t, plan->timeout_ms, symbols);
		if (t->end)
			trial_kill(t);
		return false;
	}
	if (!reaped)
		return false;
	end(t);
	return true;
}

void trial_cut_off(struct trial *t)
{
	if (!t->end)
		t->end = TRIAL_CUT_OFF;
	trial_kill(t);
}

void trial_release(struct trial *t)
{
	if (t->folder)
		tidy_folder(t->folder);
	close_fd(&t->out_fd);
	close_fd(&t->err_fd);
	close_fd(&t->watch_fd);
	close_fd(&t->pid_fd);
	bounded_release(&t->out);
	bounded_release(&t->err);
	arena_release(&t->arena);
	trial_init(t, 0);
}
