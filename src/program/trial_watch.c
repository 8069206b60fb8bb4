#include "program/trial_watch.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/proc.h"
#include "judge/own_frame.h"
#include "model/cause.h"
#include "read/stacks.h"

enum {
	LOOK_EVERY_MS = 100,
	IDLE_MS = 1000,     /* of not running at all, to be sure */
	SIGNAL_FACTOR = 10, /* of that, where a signal might come */
	MAX_PROCESSES = 1024,
	END_ROUNDS = 50,
	GRACE_ROUNDS = 10, /* for a symbolizer, say, to see that it is alone */
};

struct family {
	pid_t pids[MAX_PROCESSES]; /* the program itself first */
	size_t count;
};

static void family_of(const struct trial *t, struct family *f)
{
	f->pids[0] = t->pid;
	f->count = 1 + proc_tree(t->pid, f->pids + 1, MAX_PROCESSES - 1);
}

/* Changes whenever something of the family runs, begins or ends. */
static uint64_t mark_of(const struct family *f)
{
	uint64_t mark = f->count;

	for (size_t i = 0; i < f->count; i++) {
		struct proc_sample s;

		memset(&s, 0, sizeof(s));
		if (!proc_sample_take(f->pids[i], &s))
			continue;
		if (s.sleeping < s.threads)
			return 0;
		mark = mark * 1000003 + (uint64_t)f->pids[i];
		mark = mark * 1000003 + s.cpu_ns;
		mark = mark * 1000003 + s.switches;
	}
	return mark ? mark : 1;
}

static bool waits_for_child(pid_t pid)
{
	struct proc_thread thread;

	return proc_thread_read(pid, pid, &thread) && thread.is_readable &&
	       (thread.syscall == SYS_wait4 || thread.syscall == SYS_waitid);
}

static bool is_deadlocked(const struct family *f, uint64_t idle_ms)
{
	bool is_any = false;

	for (size_t i = 0; i < f->count; i++) {
		if (proc_may_be_signalled(f->pids[i]) &&
		    idle_ms < IDLE_MS * SIGNAL_FACTOR)
			return false;
		if (proc_is_deadlocked(f->pids[i]) == DEADLOCK_YES)
			is_any = true;
		else if (!waits_for_child(f->pids[i]))
			return false;
	}
	return is_any;
}

/* The threads of the first process that does not only wait for another. */
static void take_stacks(struct trial *t, const struct family *f,
			const char *outcome, struct symbols *symbols)
{
	struct thread_stack *threads = NULL;
	size_t count = 0, at = 0;
	struct err err = {0};

	t->stacks = arena_alloc(&t->arena, sizeof(*t->stacks));
	t->stacks->kind = kind_by_outcome(outcome);
	while (at + 1 < f->count && waits_for_child(f->pids[at]))
		at++;
	if (!stacks_dump(f->pids[at], symbols, &t->arena, &threads, &count,
			 &err)) {
		t->stacks->is_incomplete = true;
		t->stacks->missing = arena_dup(&t->arena, err.text);
	}
	stacks_as_sides(&t->arena, t->stacks, threads, count);
	own_frame_keep_sides(t->stacks);
}

enum trial_end trial_watch(struct trial *t, uint64_t timeout_ms,
			   struct symbols *symbols)
{
	uint64_t now_ms = clock_ms(), mark;
	struct family family;

	if (timeout_ms && now_ms - t->started_ms >= timeout_ms) {
		family_of(t, &family);
		take_stacks(t, &family, "@hang", symbols);
		return TRIAL_TIMED_OUT;
	}
	if (now_ms < t->looked_ms + LOOK_EVERY_MS)
		return TRIAL_ENDED;
	t->looked_ms = now_ms;
	family_of(t, &family);
	mark = mark_of(&family);
	if (!mark || mark != t->idle_mark) {
		t->idle_mark = mark;
		t->idle_since_ms = now_ms;
		return TRIAL_ENDED;
	}
	if (now_ms - t->idle_since_ms < IDLE_MS ||
	    !is_deadlocked(&family, now_ms - t->idle_since_ms))
		return TRIAL_ENDED;
	take_stacks(t, &family, "@deadlock", symbols);
	return TRIAL_DEADLOCKED;
}

void trial_kill(const struct trial *t)
{
	struct family family;

	family_of(t, &family);
	kill(-t->pid, SIGKILL);
	for (size_t i = 0; i < family.count; i++)
		kill(family.pids[i], SIGKILL);
}

/* Orphans become our children (we are a subreaper); those of this run are in
 * its group, or carry its number: others may be running beside it. */
static bool is_of(const struct trial *t, pid_t pid)
{
	return getpgid(pid) == t->pid || proc_has_variable(pid, t->mark);
}

static size_t orphans(const struct trial *t, pid_t *pids, size_t max)
{
	pid_t all[MAX_PROCESSES];
	size_t n = proc_tree(getpid(), all, MAX_PROCESSES), count = 0;

	for (size_t i = 0; i < n && count < max; i++)
		if (is_of(t, all[i]))
			pids[count++] = all[i];
	return count;
}

bool trial_end_rest(const struct trial *t)
{
	const struct timespec pause = {.tv_nsec = 10 * 1000 * 1000};
	pid_t pids[MAX_PROCESSES];
	bool is_any = false;

	for (int round = 0; round < END_ROUNDS; round++) {
		size_t n = orphans(t, pids, MAX_PROCESSES);

		if (!n)
			break;
		is_any = round >= GRACE_ROUNDS;
		for (size_t i = 0; is_any && i < n; i++)
			kill(pids[i], SIGKILL);
		for (size_t i = 0; i < n; i++)
			if (proc_parent(pids[i]) == getpid())
				waitpid(pids[i], NULL, is_any ? 0 : WNOHANG);
		nanosleep(&pause, NULL);
	}
	return is_any;
}
