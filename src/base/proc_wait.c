/* What the threads of a process wait for: the other half of proc.h. */
#include <dirent.h>
#include <fcntl.h>
#include <linux/futex.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/proc.h"

enum { FILE_TEXT = 512, NO_CALL = -1 };

#ifndef FUTEX_LOCK_PI2
#define FUTEX_LOCK_PI2 13
#endif
/* Newer than the headers of the oldest system we build on. */
enum { CALL_FUTEX_WAITV = 449, CALL_FUTEX_WAIT = 455 };

/* A file of one thread, relative to its process's "task" directory. */
static bool read_file(int task, const char *tid, const char *name,
		      char text[FILE_TEXT])
{
	char path[64];
	ssize_t len;
	int fd;

	snprintf(path, sizeof(path), "%.16s/%s", tid, name);
	fd = openat(task, path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return false;
	len = read(fd, text, FILE_TEXT - 1);
	close(fd);
	if (len <= 0)
		return false;
	text[len] = '\0';
	return true;
}

static bool futex_is_unlimited(long number, const unsigned long long arg[6])
{
	if (number == CALL_FUTEX_WAITV)
		return arg[3] == 0;
	if (number == CALL_FUTEX_WAIT)
		return arg[4] == 0;
	if (number != SYS_futex || arg[3] != 0)
		return false;
	switch ((int)arg[1] & FUTEX_CMD_MASK) {
	case FUTEX_WAIT:
	case FUTEX_WAIT_BITSET:
	case FUTEX_WAIT_REQUEUE_PI:
	case FUTEX_LOCK_PI:
	case FUTEX_LOCK_PI2:
		return true;
	default:
		return false;
	}
}

/* "running", "-1 SP PC", or "NUMBER ARG*6 SP PC". */
static void read_syscall(int task, const char *tid, struct proc_thread *thread)
{
	unsigned long long arg[6];
	char text[FILE_TEXT];
	long number;

	thread->syscall = NO_CALL;
	thread->is_readable = read_file(task, tid, "syscall", text);
	if (!thread->is_readable ||
	    sscanf(text, "%ld %llx %llx %llx %llx %llx %llx", &number, &arg[0],
		   &arg[1], &arg[2], &arg[3], &arg[4], &arg[5]) != 7)
		return;
	thread->syscall = number;
	thread->is_unlimited = futex_is_unlimited(number, arg);
}

/* "TID (comm) STATE ...": the name may hold spaces and brackets. */
static bool read_thread(int task, const char *tid, struct proc_thread *thread)
{
	char text[FILE_TEXT], *begin, *end;

	*thread = (struct proc_thread){.syscall = NO_CALL};
	if (!read_file(task, tid, "stat", text))
		return false;
	begin = strchr(text, '(');
	end = strrchr(text, ')');
	if (!begin || !end || end < begin || end[1] != ' ' || !end[2])
		return false;
	thread->state = end[2];
	snprintf(thread->name, sizeof(thread->name), "%.*s",
		 (int)(end - begin - 1), begin + 1);
	read_syscall(task, tid, thread);
	return true;
}

static int open_task(pid_t pid)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/task", (int)pid);
	return open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

bool proc_thread_read(pid_t pid, pid_t tid, struct proc_thread *thread)
{
	char name[16];
	int task = open_task(pid);
	bool is_there;

	if (task < 0)
		return false;
	snprintf(name, sizeof(name), "%d", (int)tid);
	is_there = read_thread(task, name, thread);
	close(task);
	return is_there;
}

typedef void visit_fn(int task, const char *tid,
		      const struct proc_thread *thread, void *context);

/* Every thread that has not ended.  false: the process is gone. */
static bool visit_threads(pid_t pid, visit_fn *visit, void *context)
{
	struct proc_thread thread;
	const struct dirent *entry;
	int task = open_task(pid);
	DIR *dir = task < 0 ? NULL : fdopendir(task);

	if (!dir) {
		if (task >= 0)
			close(task);
		return false;
	}
	while ((entry = readdir(dir)))
		if (entry->d_name[0] != '.' &&
		    read_thread(task, entry->d_name, &thread) &&
		    thread.state != 'Z' && thread.state != 'X')
			visit(task, entry->d_name, &thread, context);
	closedir(dir);
	return true;
}

static bool is_background(const struct proc_thread *thread)
{
	return thread->state == 'S' && thread->syscall == SYS_nanosleep;
}

struct deadlock_count {
	unsigned unlimited, in_futex, background, other;
};

static void count_waits(int task, const char *tid,
			const struct proc_thread *thread, void *context)
{
	struct deadlock_count *count = context;
	char text[FILE_TEXT];

	if (is_background(thread))
		count->background++;
	else if (thread->state != 'S')
		count->other++;
	else if (thread->is_unlimited)
		count->unlimited++;
	else if (!thread->is_readable && read_file(task, tid, "wchan", text) &&
		 strncmp(text, "futex", 5) == 0)
		count->in_futex++;
	else
		count->other++;
}

enum deadlock proc_is_deadlocked(pid_t pid)
{
	struct deadlock_count count = {0};

	if (!visit_threads(pid, count_waits, &count) || count.other ||
	    count.background > 1 || count.unlimited + count.in_futex == 0)
		return DEADLOCK_NO;
	return count.in_futex ? DEADLOCK_LIKELY : DEADLOCK_YES;
}

struct sampling {
	struct proc_sample all, background;
};

static void add_sample(int task, const char *tid,
		       const struct proc_thread *thread, void *context)
{
	struct sampling *sampling = context;
	struct proc_sample *sample =
		is_background(thread) ? &sampling->background : &sampling->all;
	unsigned long long ns = 0, runs = 0;
	char text[FILE_TEXT];

	if (read_file(task, tid, "schedstat", text) &&
	    sscanf(text, "%llu %*u %llu", &ns, &runs) == 2) {
		sample->cpu_ns += ns;
		sample->switches += runs;
	}
	sample->threads++;
	sample->sleeping += thread->state == 'S' || thread->state == 'T' ||
			    thread->state == 't';
}

bool proc_sample_take(pid_t pid, struct proc_sample *sample)
{
	struct sampling sampling = {0};
	const struct proc_sample *more = &sampling.background;

	if (!visit_threads(pid, add_sample, &sampling))
		return false;
	*sample = sampling.all;
	if (more->threads > 1) {
		sample->cpu_ns += more->cpu_ns;
		sample->switches += more->switches;
		sample->threads += more->threads;
		sample->sleeping += more->sleeping;
	}
	return sample->threads + more->threads > 0;
}

/* Calls that may wait long; whatever else a thread is in is no answer to the
 * question what it waits for. */
static const struct {
	long number;
	const char *name;
} waiting_calls[] = {
	{SYS_futex, "futex"},
	{CALL_FUTEX_WAITV, "futex_waitv"},
	{CALL_FUTEX_WAIT, "futex_wait"},
	{SYS_nanosleep, "nanosleep"},
	{SYS_clock_nanosleep, "clock_nanosleep"},
	{SYS_read, "read"},
	{SYS_readv, "readv"},
	{SYS_pread64, "pread"},
	{SYS_write, "write"},
	{SYS_writev, "writev"},
	{SYS_ppoll, "ppoll"},
	{SYS_pselect6, "pselect"},
	{SYS_epoll_pwait, "epoll_pwait"},
	{SYS_accept, "accept"},
	{SYS_accept4, "accept4"},
	{SYS_connect, "connect"},
	{SYS_recvfrom, "recvfrom"},
	{SYS_recvmsg, "recvmsg"},
	{SYS_sendto, "sendto"},
	{SYS_sendmsg, "sendmsg"},
	{SYS_wait4, "wait4"},
	{SYS_waitid, "waitid"},
	{SYS_rt_sigsuspend, "sigsuspend"},
	{SYS_rt_sigtimedwait, "sigtimedwait"},
	{SYS_flock, "flock"},
	{SYS_fcntl, "fcntl"},
	{SYS_fsync, "fsync"},
	{SYS_openat, "openat"},
	{SYS_semtimedop, "semtimedop"},
	{SYS_msgrcv, "msgrcv"},
	{SYS_msgsnd, "msgsnd"},
	{SYS_io_getevents, "io_getevents"},
#ifdef SYS_poll
	{SYS_poll, "poll"},
	{SYS_select, "select"},
	{SYS_epoll_wait, "epoll_wait"},
	{SYS_pause, "pause"},
	{SYS_open, "open"},
#endif
};

const char *proc_syscall_name(long number)
{
	for (size_t i = 0; i < sizeof(waiting_calls) / sizeof(*waiting_calls);
	     i++)
		if (waiting_calls[i].number == number)
			return waiting_calls[i].name;
	return NULL;
}
