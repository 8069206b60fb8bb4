#include "read/stacks.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <elfutils/libdwfl.h>

#include "base/proc.h"
#include "base/text.h"

enum { STOP_EVENT = 128 /* PTRACE_EVENT_STOP, not in every header */ };

struct traced {
	pid_t tid;
	struct proc_thread before; /* as it was until it was stopped */
	bool is_seized, is_stopped;
	int stop_signal; /* to be handed on when it goes on; 0: none */
	Dwarf_Addr pcs[STACKS_FRAMES_MAX]; /* of the calls */
	size_t pc_count;
	bool is_lost;
};

struct dump {
	pid_t pid;
	Dwfl *dwfl;
	uint64_t deadline_ns;
	struct traced *threads;
	size_t count;
};

static uint64_t now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000000U + (uint64_t)now.tv_nsec;
}

static int compare_tids(const void *left, const void *right)
{
	const struct traced *a = left, *b = right;

	return a->tid < b->tid ? -1 : a->tid > b->tid;
}

static bool list_threads(struct dump *dump, struct err *err)
{
	char path[64];
	const struct dirent *entry;
	DIR *dir;

	snprintf(path, sizeof(path), "/proc/%d/task", (int)dump->pid);
	dir = opendir(path);
	if (!dir)
		return err_errno(err, EXIT_TROUBLE,
				 "cannot list the threads of process %d",
				 (int)dump->pid);
	while ((entry = readdir(dir)) && dump->count < STACKS_THREADS_MAX) {
		struct traced *thread = &dump->threads[dump->count];

		if (!isdigit((unsigned char)entry->d_name[0]))
			continue;
		thread->tid = (pid_t)strtol(entry->d_name, NULL, 10);
		if (proc_thread_read(dump->pid, thread->tid, &thread->before) &&
		    thread->before.state != 'Z' && thread->before.state != 'X')
			dump->count++;
	}
	closedir(dir);
	qsort(dump->threads, dump->count, sizeof(struct traced), compare_tids);
	return true;
}

/* All are asked to stop before any is waited for: one picture of them all. */
static bool stop_threads(struct dump *dump, struct err *err)
{
	size_t seized = 0;
	int reason = 0;

	for (size_t i = 0; i < dump->count; i++) {
		struct traced *thread = &dump->threads[i];

		if (thread->before.state == 'D')
			continue;
		if (ptrace(PTRACE_SEIZE, thread->tid, NULL, NULL) != 0) {
			reason = errno == ESRCH ? reason : errno;
			continue;
		}
		thread->is_seized = true;
		seized++;
		ptrace(PTRACE_INTERRUPT, thread->tid, NULL, NULL);
	}
	if (seized || !reason)
		return true;
	errno = reason;
	err_errno(err, EXIT_TROUBLE, "cannot trace process %d", (int)dump->pid);
	if (reason != EPERM)
		return false;
	return err_set(err, EXIT_TROUBLE,
		       "cannot trace process %d, so there are no stacks of its "
		       "threads: allow ptrace (sysctl "
		       "kernel.yama.ptrace_scope at most 1; in a container "
		       "--cap-add=SYS_PTRACE), and let no debugger hold it",
		       (int)dump->pid);
}

/* Stops only: the end of a process is left for its parent to collect. */
static bool is_stopped_now(struct traced *thread)
{
	siginfo_t info = {0};

	if (waitid(P_PID, (id_t)thread->tid, &info,
		   WSTOPPED | WNOHANG | __WALL) != 0 ||
	    info.si_pid != thread->tid)
		return false;
	/* Stopped by a signal on its way, not by us: it must not be lost. */
	if (info.si_status >> 8 != STOP_EVENT)
		thread->stop_signal = info.si_status & 0x7f;
	return true;
}

static void wait_for_stops(struct dump *dump)
{
	const struct timespec pause = {.tv_nsec = 100 * 1000};
	uint64_t give_up_ns = now_ns() + STACKS_TIME_MS * 1000000ULL / 4;

	for (bool is_waiting = true; is_waiting;) {
		is_waiting = false;
		for (size_t i = 0; i < dump->count; i++) {
			struct traced *thread = &dump->threads[i];

			if (!thread->is_seized || thread->is_stopped)
				continue;
			thread->is_stopped = is_stopped_now(thread);
			is_waiting = is_waiting || !thread->is_stopped;
		}
		if (now_ns() > give_up_ns)
			return;
		if (is_waiting)
			nanosleep(&pause, NULL);
	}
}

/* One that stops only now is let go on at once; one that never stops stays
 * traced until it ends or the caller does. */
static void release_threads(struct dump *dump)
{
	for (size_t i = 0; i < dump->count; i++) {
		struct traced *thread = &dump->threads[i];

		if (!thread->is_seized)
			continue;
		if (!thread->is_stopped)
			thread->is_stopped = is_stopped_now(thread);
		if (thread->is_stopped)
			ptrace(PTRACE_DETACH, thread->tid, NULL,
			       (void *)(intptr_t)thread->stop_signal);
	}
}

/* Unwinding needs no debug information; libdwfl's own search for it might ask
 * a server. */
static int no_debuginfo(Dwfl_Module *module, void **data, const char *name,
			Dwarf_Addr base, const char *file, const char *link,
			GElf_Word crc, char **found)
{
	(void)module, (void)data, (void)name, (void)base, (void)file;
	(void)link, (void)crc, (void)found;
	return -1;
}

static bool open_process(struct dump *dump, struct err *err)
{
	static const Dwfl_Callbacks callbacks = {
		.find_elf = dwfl_linux_proc_find_elf,
		.find_debuginfo = no_debuginfo,
	};
	int code;

	dump->dwfl = dwfl_begin(&callbacks);
	if (!dump->dwfl)
		return err_set(err, EXIT_TROUBLE, "cannot use libdwfl: %s",
			       dwfl_errmsg(-1));
	code = dwfl_linux_proc_report(dump->dwfl, dump->pid);
	if (code == 0 && dwfl_report_end(dump->dwfl, NULL, NULL) == 0)
		code = dwfl_linux_proc_attach(dump->dwfl, dump->pid, true);
	if (code == 0)
		return true;
	return err_set(err, EXIT_TROUBLE,
		       "cannot read the memory map of process %d: %s",
		       (int)dump->pid,
		       code > 0 ? strerror(code) : dwfl_errmsg(-1));
}

struct walking {
	const struct dump *dump;
	struct traced *thread;
};

static int add_pc(Dwfl_Frame *frame, void *context)
{
	struct walking *walking = context;
	struct traced *thread = walking->thread;
	Dwarf_Addr pc;
	bool is_activation;

	if (!dwfl_frame_pc(frame, &pc, &is_activation))
		return DWARF_CB_ABORT;
	if (thread->pc_count == STACKS_FRAMES_MAX ||
	    now_ns() > walking->dump->deadline_ns) {
		thread->is_lost = true;
		return DWARF_CB_ABORT;
	}
	thread->pcs[thread->pc_count++] = pc - (is_activation ? 0 : 1);
	return DWARF_CB_OK;
}

static void walk_stacks(struct dump *dump)
{
	for (size_t i = 0; i < dump->count; i++) {
		struct traced *thread = &dump->threads[i];
		struct walking walking = {dump, thread};

		if (thread->is_stopped && now_ns() < dump->deadline_ns)
			dwfl_getthread_frames(dump->dwfl, thread->tid, add_pc,
					      &walking);
		thread->is_lost = thread->is_lost || thread->pc_count == 0;
	}
}

static void add_frame(const struct dump *dump, struct symbols *symbols,
		      struct arena *arena, Dwarf_Addr pc, struct stack *stack)
{
	Dwfl_Module *module = dwfl_addrmodule(dump->dwfl, pc);
	const char *path = NULL;
	struct frame *frame;
	GElf_Addr bias;
	size_t count;

	if (module)
		path = dwfl_module_info(module, NULL, NULL, NULL, NULL, NULL,
					NULL, NULL);
	if (path)
		path = text_clean(arena, path, strlen(path), false);
	if (symbols && path && dwfl_module_getelf(module, &bias)) {
		count = symbols_resolve(symbols, arena, path, pc - bias, stack);
		for (size_t k = 1; k <= count; k++)
			stack->frames[stack->count - k].pc = pc;
		return;
	}
	frame = arena_push(arena, &stack->frames, &stack->count,
			   sizeof(*frame));
	frame->pc = pc;
	frame->module = path;
	if (path && dwfl_module_getelf(module, &bias)) {
		frame->offset = pc - bias;
		frame->has_offset = true;
	}
}

static void describe(const struct dump *dump, struct symbols *symbols,
		     struct arena *arena, struct thread_stack *out)
{
	for (size_t i = 0; i < dump->count; i++) {
		const struct traced *thread = &dump->threads[i];
		const struct proc_thread *before = &thread->before;
		struct stack *stack = &out[i].stack;

		out[i].tid = thread->tid;
		out[i].name = text_clean(arena, before->name,
					 strlen(before->name), false);
		out[i].state = before->state;
		out[i].waits_on = proc_syscall_name(before->syscall);
		stack->is_lost = thread->is_lost;
		for (size_t k = 0; k < thread->pc_count; k++)
			add_frame(dump, symbols, arena, thread->pcs[k], stack);
	}
}

/* From the first stop to the last release: as short as can be. */
static bool look(struct dump *dump, struct err *err)
{
	bool is_done = stop_threads(dump, err);

	if (is_done) {
		wait_for_stops(dump);
		is_done = open_process(dump, err);
	}
	if (is_done)
		walk_stacks(dump);
	release_threads(dump);
	return is_done;
}

bool stacks_dump(pid_t pid, struct symbols *symbols, struct arena *arena,
		 struct thread_stack **threads, size_t *count, struct err *err)
{
	struct dump dump = {
		.pid = pid,
		.deadline_ns = now_ns() + STACKS_TIME_MS * 1000000ULL,
	};
	bool is_done;

	if (pid == getpid())
		return err_set(err, EXIT_TROUBLE,
			       "a process cannot look at its own stacks");
	dump.threads = must_alloc(STACKS_THREADS_MAX * sizeof(struct traced));
	is_done = list_threads(&dump, err) && look(&dump, err);
	if (is_done) {
		*count = dump.count;
		*threads = arena_alloc(arena, dump.count * sizeof(**threads));
		describe(&dump, symbols, arena, *threads);
	}
	if (dump.dwfl)
		dwfl_end(dump.dwfl);
	free(dump.threads);
	return is_done;
}

void stacks_as_sides(struct arena *arena, struct report *report,
		     const struct thread_stack *threads, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct access *a =
			arena_push(arena, &report->accesses,
				   &report->access_count, sizeof(*a));

		a->op = OP_WAIT;
		a->thread = threads[i].name;
		a->stack = threads[i].stack;
	}
}
