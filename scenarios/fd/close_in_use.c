/*
 * A log's descriptor is closed, and its number given to another file, while
 * others still write to that number.
 *
 * Broken: everybody has a copy of the number, and one of them closes it.
 * Right: one thread owns the descriptor; it writes what others hand over, and
 * closes it when nobody is left.
 */
#include <fcntl.h>
#include <pthread.h>
#include <snag/scenario.h>
#include <stdatomic.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

enum { LINES = 4 };

struct files {
	int log, secret; /* the log is /dev/null: only its number matters */
	atomic_uint lines, refused;
	pthread_mutex_t lock;
	pthread_cond_t changed;
	unsigned queued, writers; /* guarded by lock */
};

static bool open_log(struct snag_run *run, void *state)
{
	struct files *files = state;
	files->writers = snag_role_threads(run, 0);
	files->secret = -1;
	files->log = open("/dev/null", O_WRONLY | O_CLOEXEC);
	if (files->log < 0) {
		snag_skip(run, "cannot open /dev/null");
		return false;
	}
	pthread_mutex_init(&files->lock, NULL);
	pthread_cond_init(&files->changed, NULL);
	return true;
}

/* ---- everybody has the number ---- */

static void write_log(struct snag_self *self, void *state)
{
	struct files *files = state;
	int log = files->log;
	for (int i = 0; i < LINES; i++) {
		snag_point(self);
		if (write(log, "line\n", 5) < 0)
			atomic_fetch_add_explicit(&files->refused, 1,
						  memory_order_relaxed);
		atomic_fetch_add_explicit(&files->lines, 1,
					  memory_order_relaxed);
	}
}

static void rotate_log(struct snag_self *self, void *state)
{
	struct files *files = state;
	do
		snag_point(self);
	while (!atomic_load_explicit(&files->lines, memory_order_relaxed));
	close(files->log);
	files->secret = memfd_create("secret", MFD_CLOEXEC);
}

/* ---- one owner ---- */

static void queue_lines(struct snag_self *self, void *state)
{
	struct files *files = state;
	for (int i = 0; i < LINES; i++) {
		snag_point(self);
		pthread_mutex_lock(&files->lock);
		files->queued++;
		pthread_cond_signal(&files->changed);
		pthread_mutex_unlock(&files->lock);
	}
	pthread_mutex_lock(&files->lock);
	files->writers--;
	pthread_cond_signal(&files->changed);
	pthread_mutex_unlock(&files->lock);
}

/* Waits for lines; 0: all written, and nobody is left to write more. */
static unsigned take_lines(struct files *files)
{
	pthread_mutex_lock(&files->lock);
	while (!files->queued && files->writers)
		pthread_cond_wait(&files->changed, &files->lock);
	unsigned lines = files->queued;
	files->queued = 0;
	pthread_mutex_unlock(&files->lock);
	return lines;
}

static void own_log(struct snag_self *self, void *state)
{
	struct files *files = state;
	unsigned lines;
	(void)self;
	while ((lines = take_lines(files))) {
		for (unsigned i = 0; i < lines; i++) {
			if (write(files->log, "line\n", 5) < 0)
				atomic_fetch_add_explicit(&files->refused, 1,
							  memory_order_relaxed);
		}
	}
	close(files->log);
	files->secret = memfd_create("secret", MFD_CLOEXEC);
}

/* ---- */

static void check(struct snag_run *run, void *state)
{
	struct files *files = state;
	struct stat secret;
	if (files->secret >= 0 && !fstat(files->secret, &secret) &&
	    secret.st_size)
		snag_outcome(run, "wrong file");
	else
		snag_outcome(run, files->refused ? "refused" : "written");
}

static void close_files(void *state)
{
	struct files *files = state;
	if (files->secret >= 0)
		close(files->secret);
	pthread_cond_destroy(&files->changed);
	pthread_mutex_destroy(&files->lock);
}

SNAG_SCENARIO(fd, close_in_use) = {
	.summary = "descriptor closed, and its number used again, while in use",
	.refs = {"POSIX.1-2017 close",
		 "CWE-910: Use of Expired File Descriptor"},
	.tags = "fd lifetime close",
	.practice = SNAG_LIFETIME,
	.lesson = "write_log keeps the number of the log's descriptor while "
		  "rotate_log closes it. A write that follows may fail with "
		  "EBADF, which is the better case: the kernel gives out the "
		  "lowest free number, so the next file that anybody opens is "
		  "likely to get the log's old one, and the log's lines are "
		  "written into that file without any error. A descriptor is a "
		  "reference by number that nobody counts, and closing it is "
		  "like freeing memory. The repair gives it one owner, which "
		  "alone writes and closes, and only when no writer is left; "
		  "dup2 of the new file onto the old number replaces a log in "
		  "one step.",
	.in_python =
		"os.write(fd, ...) after another thread's os.close(fd) may "
		"hit another file; a shared file object that is closed "
		"raises ValueError.",
	.expect = SNAG_BROKEN,
	.state_size = sizeof(struct files),
	.setup = open_log,
	.roles = {{"writer", write_log, 0}, {"rotator", rotate_log, 1}},
	.check = check,
	.teardown = close_files,
	.reports = {{.kind = SNAG_DATA_RACE,
		     .cause = "fd-lifetime",
		     .grade = SNAG_REQUIRED,
		     .between = {"write_log", "rotate_log"},
		     .why = "the descriptor is closed while others write to "
			    "it"}},
	.outcomes = {{.when = "written",
		      .grade = SNAG_ALLOWED,
		      .why = "all lines came before the close"},
		     {.when = "refused",
		      .grade = SNAG_ALLOWED,
		      .why = "a write met the closed number: EBADF"},
		     {.when = "wrong file",
		      .grade = SNAG_ALLOWED,
		      .why = "the number belonged to another file by then"}},
};

SNAG_SCENARIO(fd, one_owner) = {
	.summary = "one thread owns the descriptor; others hand it their lines",
	.repairs = "fd/close_in_use",
	.refs = {"POSIX.1-2017 close"},
	.tags = "fd lifetime queue owner",
	.practice = SNAG_LIFETIME,
	.lesson = "Only own_log knows the descriptor. The others count their "
		  "lines in under a lock (a real log would queue their text), "
		  "and the owner writes them. Each writer signs off when it is "
		  "done; take_lines returns 0 only when nothing is queued and "
		  "nobody can queue any more, so the close comes after the "
		  "last write. No number is ever in the hands of a thread that "
		  "does not know whether it is still good.",
	.in_python = "logging.handlers.QueueHandler and QueueListener: one "
		     "listener thread owns the file.",
	.expect = SNAG_CLEAN,
	.state_size = sizeof(struct files),
	.setup = open_log,
	.roles = {{"writer", queue_lines, 0}, {"owner", own_log, 1}},
	.check = check,
	.teardown = close_files,
	.outcomes = {{.when = "written",
		      .grade = SNAG_REQUIRED,
		      .why = "the owner closes after the last line"}},
};
