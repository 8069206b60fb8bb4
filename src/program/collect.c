/*
 * One test of a suite, run as if nobody watched: program_collect.
 *
 * NAME.json is there before the test starts and says that it has not ended:
 * who is killed, by a time limit of the suite, say, leaves that, and its
 * reports in NAME.logs.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/inherited.h"
#include "base/proc.h"
#include "base/start.h"
#include "model/result_json.h"
#include "program/conclude.h"
#include "program/environment.h"
#include "program/harvest.h"
#include "program/prepare.h"
#include "program/program.h"
#include "program/tidy.h"
#include "read/report_files.h"

enum {
	NAME_TRIES = 100,
	NAME_MOST = 80,
	COPY_BYTES = 64 * 1024,
	GRACE_ROUNDS = 10,
};

struct collection {
	struct program program;
	struct trial trial;
	const char *json, *logs;
	bool has_rest; /* processes that outlived the test */
};

/* early: what came when there was no test to pass it on to. */
static volatile sig_atomic_t child, early;

/* What is sent to us is meant for the test.  A terminal sends to the whole
 * group: the test has it already. */
static void pass_on(int signal_number, siginfo_t *info, void *context)
{
	int before = errno;

	(void)context;
	if (child <= 0)
		early = signal_number;
	else if (info->si_code != SI_KERNEL)
		kill(child, signal_number);
	errno = before;
}

static void pass_signals_on(void)
{
	static const int signals[] = {SIGINT,  SIGTERM, SIGHUP,
				      SIGQUIT, SIGUSR1, SIGUSR2};
	struct sigaction action = {.sa_sigaction = pass_on,
				   .sa_flags = SA_RESTART | SA_SIGINFO},
			 before;

	for (size_t i = 0; i < sizeof(signals) / sizeof(signals[0]); i++)
		if (!sigaction(signals[i], NULL, &before) &&
		    before.sa_handler != SIG_IGN)
			sigaction(signals[i], &action, NULL);
}

static const char *plain_name(struct arena *arena, const char *path)
{
	const char *slash = strrchr(path, '/');
	char *name = arena_dup(arena, slash ? slash + 1 : path);

	for (char *at = name; *at; at++)
		if (!strchr("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVW"
			    "XYZ0123456789_-.",
			    *at))
			*at = '_';
	if (strlen(name) > NAME_MOST)
		name[NAME_MOST] = '\0';
	return name;
}

/* A name that nobody has: the folder of logs is what claims it. */
static bool claim_name(struct collection *c, struct err *err)
{
	struct arena *arena = &c->program.result->arena;
	const char *dir = c->program.options->collect_dir;
	const char *name = plain_name(arena, c->program.options->argv[0]);
	char *full;

	if (mkdir(dir, 0777) && errno != EEXIST)
		return err_errno(err, EXIT_TROUBLE, "cannot make folder '%s'",
				 dir);
	full = realpath(dir, NULL);
	if (!full || strpbrk(full, "\"'%")) {
		free(full);
		return err_set(err, EXIT_TROUBLE,
			       "folder '%s' of --collect cannot be used: its "
			       "path must be free of quotes and '%%'",
			       dir);
	}
	for (unsigned i = 0; i < NAME_TRIES; i++) {
		struct timespec now;

		clock_gettime(CLOCK_REALTIME, &now);
		c->json = arena_printf(arena, "%s/%s-%llx-%d", full, name,
				       (unsigned long long)now.tv_sec *
						       1000000000 +
					       (unsigned long long)now.tv_nsec,
				       (int)getpid());
		c->logs = arena_printf(arena, "%s.logs", c->json);
		c->json = arena_printf(arena, "%s.json", c->json);
		if (!mkdir(c->logs, 0777)) {
			free(full);
			return true;
		}
		if (errno != EEXIST)
			break;
	}
	free(full);
	return err_errno(err, EXIT_TROUBLE, "cannot make folder '%s'", c->logs);
}

static bool write_json(struct collection *c, struct err *err)
{
	return result_write(c->program.result, c->json, err);
}

static bool say_that_it_begins(struct collection *c, struct err *err)
{
	struct subject *s = program_subject(&c->program);

	s->verdict = VERDICT_ERROR;
	s->why = "it had not ended: it was killed with Snag, by a time limit "
		 "perhaps, or it still runs";
	c->program.result->verdict = VERDICT_ERROR;
	c->program.result->exit = EXIT_TROUBLE;
	if (!write_json(c, err))
		return false;
	s->verdict = VERDICT_NONE;
	s->why = NULL;
	c->program.result->verdict = VERDICT_NONE;
	return true;
}

static bool prepare_child(void *context)
{
	(void)context;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	inherited_give_back();
	return true;
}

/* What the test orphans is our child: dead, it is gone, as if we were not
 * there.  The test's own number stays its own until nothing more is passed on
 * to it. */
static bool wait_for(pid_t test, int *status, struct err *err)
{
	siginfo_t info = {0};

	*status = 0;
	for (;;) {
		if (waitid(P_ALL, 0, &info, WEXITED | WNOWAIT)) {
			if (errno == EINTR)
				continue;
			return err_errno(err, EXIT_TROUBLE,
					 "cannot wait for the test");
		}
		if (info.si_pid == test)
			child = 0;
		*status = 0;
		if (waitpid(info.si_pid, status, 0) < 0 && info.si_pid == test)
			return err_errno(err, EXIT_TROUBLE,
					 "cannot wait for the test");
		if (info.si_pid == test)
			return true;
	}
}

static bool run_once(struct collection *c, int *status, struct err *err)
{
	struct trial *t = &c->trial;
	struct start start = {.path = c->program.plan.path,
			      .argv = c->program.plan.argv,
			      .prepare = prepare_child,
			      .first_free_fd = STDERR_FILENO + 1,
			      .keeps_mask = true};

	start.environment = environment_of(&t->arena, &c->program.plan, t);
	t->started_ms = clock_ms();
	t->pid = start_program(&start, err);
	if (t->pid < 0)
		return false;
	child = t->pid;
	if (early)
		kill(child, early);
	early = 0;
	if (!wait_for(t->pid, status, err))
		return false;
	t->status = *status;
	trial_see_flags(t);
	return true;
}

/* Processes of it that go on: they may have something to report yet.  A
 * symbolizer only needs a moment to see that it is alone. */
static bool has_rest(void)
{
	const struct timespec pause = {.tv_nsec = 10 * 1000 * 1000};
	pid_t one;

	for (int i = 0; i < GRACE_ROUNDS; i++) {
		if (!proc_tree(getpid(), &one, 1))
			return false;
		nanosleep(&pause, NULL);
	}
	return true;
}

static void copy(int from, int to)
{
	static char chunk[COPY_BYTES];
	ssize_t n;

	while ((n = read(from, chunk, sizeof(chunk))) > 0)
		for (ssize_t done = 0, m; done < n; done += m) {
			m = write(to, chunk + done, (size_t)(n - done));
			if (m < 0)
				return;
		}
}

/* A file of reports to where it would have been without us. */
static void give_back(void *context, const char *name, int from)
{
	const struct collection *c = context;
	const char *users = c->program.user_log;
	struct arena arena = {0};
	const char *given = tsan_flags_get(&c->program.plan.flags, "log_path");
	int to = given && !strcmp(given, "stdout") ? STDOUT_FILENO
						   : STDERR_FILENO;

	if (from < 0)
		return;
	if (users)
		to = open(arena_printf(&arena, "%s%s", users,
				       name + strlen(REPORT_FILES_NAME)),
			  O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
	if (to >= 0)
		copy(from, to);
	if (users && to >= 0)
		close(to);
	arena_release(&arena);
}

/* Those that are read are gone; those that may grow stay, unread. */
static void take(struct collection *c)
{
	struct program *p = &c->program;
	struct trial *t = &c->trial;
	struct err ignored = {0};

	t->duration_ms = clock_ms() - t->started_ms;
	report_files_each(c->logs, give_back, c, &ignored);
	c->has_rest = has_rest();
	t->folder = c->has_rest ? NULL : c->logs;
	harvest(p, t);
	if (c->has_rest)
		subject_note(p->result, program_subject(p),
			     "processes of it went on when it had ended");
}

static bool run_number(struct collection *c, uint64_t number, int *status,
		       struct err *err)
{
	trial_init(&c->trial, number);
	c->trial.folder = c->logs;
	if (number > 1 && mkdir(c->logs, 0777))
		return err_errno(err, EXIT_TROUBLE, "cannot make folder '%s'",
				 c->logs);
	if (!environment_make_flag_file(&c->trial.arena, c->logs, err))
		return false;
	trial_watch_flags(&c->trial);
	if (!run_once(c, status, err))
		return false;
	take(c);
	if (!c->has_rest)
		tidy_folder(c->logs);
	return true;
}

/* false: it has not run at all. */
static bool run(struct collection *c, int *status, struct err *err)
{
	uint64_t runs = c->program.options->runs;

	for (uint64_t i = 1; i <= (runs ? runs : 1) && !c->has_rest; i++) {
		int one = 0;
		bool has_run = run_number(c, i, &one, err);

		c->trial.folder = NULL;
		trial_release(&c->trial);
		if (!has_run) {
			c->program.trouble = *err;
			return i > 1;
		}
		/* One bad end is what the suite must see. */
		if (i == 1 || !*status)
			*status = one;
	}
	return true;
}

bool program_collect(const struct program_options *options,
		     struct result *result, int *status, struct err *err)
{
	struct collection c = {.program = {.options = options,
					   .result = result,
					   .started_ms = clock_ms()}};
	struct program *p = &c.program;
	struct err unwritten = {0};
	bool is_run;

	*status = 0;
	if (!prepare_plan(p, err) || !claim_name(&c, err))
		return false;
	p->plan.folder = c.logs;
	prepare_subject(p);
	p->unite = unite_new(result);
	p->symbols = symbols_new();
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	pass_signals_on();
	is_run = say_that_it_begins(&c, err) && run(&c, status, err);
	if (is_run) {
		conclude(p);
		result->duration_ms = clock_ms() - p->started_ms;
		if (!write_json(&c, &unwritten))
			*err = unwritten;
	}
	symbols_free(p->symbols);
	unite_free(p->unite);
	return is_run;
}
