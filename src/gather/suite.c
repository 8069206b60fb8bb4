/*
 * What ctest prints when it is asked for its tests.
 */
#include "gather/suite.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/start.h"

enum {
	CHUNK_BYTES = 64 * 1024,
	/* Programs may be asked for their tests meanwhile. */
	PATIENCE_MS = 10 * 60 * 1000,
	TEXT_MAX_BYTES = 256 * 1024 * 1024,
	ENV_NOT_FOUND = 127,
};

struct question {
	const char *folder;
	int out;
};

static bool prepare(void *context)
{
	const struct question *q = context;
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);

	setpgid(0, 0);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	signal(SIGPIPE, SIG_DFL);
	return null >= 0 && !chdir(q->folder) &&
	       dup2(null, STDIN_FILENO) >= 0 &&
	       dup2(q->out, STDOUT_FILENO) >= 0 &&
	       dup2(null, STDERR_FILENO) >= 0;
}

/* Until its end; false: it takes too long. */
static bool read_answer(int fd, struct buf *text)
{
	static char chunk[CHUNK_BYTES];
	uint64_t end_ms = clock_ms() + PATIENCE_MS;

	for (;;) {
		struct pollfd p = {.fd = fd, .events = POLLIN};
		uint64_t now_ms = clock_ms();
		ssize_t n;

		if (now_ms >= end_ms)
			return false;
		if (poll(&p, 1, (int)(end_ms - now_ms)) <= 0)
			continue;
		n = read(fd, chunk, sizeof(chunk));
		if (n > 0)
			buf_add(text, chunk, (size_t)n);
		else if (!n || errno != EINTR)
			return true;
	}
}

static bool check_end(int status, bool is_whole, const struct buf *text,
		      const char *folder, struct err *err)
{
	if (WIFEXITED(status) && WEXITSTATUS(status) == ENV_NOT_FOUND)
		return err_set(err, EXIT_TROUBLE,
			       "cannot ask ctest: it is not in PATH");
	if (!is_whole)
		return err_set(err, EXIT_TROUBLE,
			       "ctest takes more than %d minutes to say which "
			       "tests '%s' has",
			       PATIENCE_MS / 60000, folder);
	if (text->is_cut)
		return err_set(err, EXIT_TROUBLE,
			       "ctest says more than %d MiB about the tests of "
			       "'%s'",
			       TEXT_MAX_BYTES / 1024 / 1024, folder);
	if (!WIFEXITED(status) || WEXITSTATUS(status))
		return err_set(err, EXIT_TROUBLE,
			       "ctest cannot say which tests '%s' has: see "
			       "`ctest --show-only=json-v1` there",
			       folder);
	return true;
}

static bool ask(const char *folder, const char *configuration, struct buf *text,
		struct err *err)
{
	char *argv[] = {(char *)"env",
			(char *)"ctest",
			(char *)"--show-only=json-v1",
			configuration ? (char *)"-C" : NULL,
			(char *)configuration,
			NULL};
	struct question q = {.folder = folder};
	const struct start start = {.path = "/usr/bin/env",
				    .argv = argv,
				    .prepare = prepare,
				    .context = &q,
				    .first_free_fd = STDERR_FILENO + 1};
	int out[2], status = 0;
	bool is_whole;
	pid_t pid;

	if (pipe2(out, O_CLOEXEC))
		return err_errno(err, EXIT_TROUBLE, "cannot make a pipe");
	q.out = out[1];
	pid = start_program(&start, err);
	close(out[1]);
	if (pid < 0) {
		close(out[0]);
		return false;
	}
	is_whole = read_answer(out[0], text);
	close(out[0]);
	if (!is_whole)
		kill(-pid, SIGKILL);
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		continue;
	return check_end(status, is_whole, text, folder, err);
}

/* Asked for its tests, ctest replaces the log of its last run by an empty one:
 * people want to read that, and so do we. */
struct last_log {
	const char *path, *aside;
	bool is_aside, is_absent;
};

static struct last_log put_aside(struct arena *arena, const char *folder)
{
	struct last_log log;

	log.path = arena_printf(arena, "%s/Testing/Temporary/LastTest.log",
				folder);
	log.aside = arena_printf(arena, "%s.snag-%d", log.path, (int)getpid());
	log.is_aside = !link(log.path, log.aside);
	log.is_absent = !log.is_aside && errno == ENOENT;
	return log;
}

static void put_back(const struct last_log *log)
{
	if (log->is_aside)
		rename(log->aside, log->path);
	if (log->is_absent)
		unlink(log->path);
}

bool suite_read(struct suite *suite, const char *build_dir,
		const char *configuration, struct err *err)
{
	const char *file = arena_printf(&suite->arena, "%s/CTestTestfile.cmake",
					build_dir);
	struct last_log log;
	struct buf text;
	bool is_read;

	if (access(file, R_OK))
		return err_errno(err, EXIT_USAGE,
				 "'%s' is no build folder with tests: '%s'",
				 build_dir, file);
	buf_init(&text, TEXT_MAX_BYTES);
	log = put_aside(&suite->arena, build_dir);
	is_read = ask(build_dir, configuration, &text, err);
	put_back(&log);
	is_read = is_read && suite_take_json(suite, text.data, text.len, err);
	buf_release(&text);
	if (!is_read)
		return false;
	if (!suite->count)
		return err_set(err, EXIT_USAGE, "ctest knows no test in '%s'",
			       build_dir);
	suite_take_logs(suite, build_dir);
	return true;
}

void suite_release(struct suite *suite)
{
	arena_release(&suite->arena);
	*suite = (struct suite){0};
}
