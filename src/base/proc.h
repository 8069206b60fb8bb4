/*
 * proc.h - what /proc says about other processes: who descends from whom, what
 * they use, and whether they sleep for ever.
 *
 * Every answer is a snapshot of something that moves: a process or thread that
 * vanishes while it is read counts as gone, never as an error.  Nothing here
 * blocks, stops or signals anybody, and nothing is allocated.
 */
#ifndef SNAG_BASE_PROC_H
#define SNAG_BASE_PROC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/*
 * The living descendants of root, root itself not among them, parents before
 * their children; zombies are left out with no loss: their children belong to
 * somebody else already.  Returns how many were written; max means that there
 * may be more.  A process that forks meanwhile may be missed: whoever ends a
 * whole tree asks again until nothing is left.
 */
size_t proc_tree(pid_t root, pid_t *pids, size_t max);

/* 0: it is gone. */
pid_t proc_parent(pid_t pid);
/* Does it handle any signal that is not an error of its own?  Then somebody
 * may wake it by one. */
bool proc_may_be_signalled(pid_t pid);
/* Was it started with "NAME=value"?  Where that may not be read: no. */
bool proc_has_variable(pid_t pid, const char *variable);

/* All threads of the process, those that ended too.  false: it is gone. */
bool proc_cpu_ns(pid_t pid, uint64_t *ns);
bool proc_cpu_ticks(pid_t pid, uint64_t *ticks); /* of sysconf(_SC_CLK_TCK) */
bool proc_rss_bytes(pid_t pid, uint64_t *bytes);

enum deadlock {
	DEADLOCK_NO = 0, /* also: gone, or nothing could be read          */
	DEADLOCK_LIKELY, /* every thread sleeps in a futex; whether for a
			    limited time may not be read                   */
	DEADLOCK_YES,    /* every thread sleeps in a futex without limit  */
};

/*
 * Of one moment: the caller asks again and compares two samples, for a thread
 * may have been woken and not have run yet.  ThreadSanitizer's background
 * thread, which sleeps and wakes for ever, is left out here and in samples.
 * It is known by its raw nanosleep (the C library's is clock_nanosleep); when
 * more than one thread sleeps so, none is left out.  What sleeps on a futex
 * in memory shared with another process may still be woken by that one.
 */
enum deadlock proc_is_deadlocked(pid_t pid);

/* Two equal samples some time apart: nothing ran in between. */
struct proc_sample {
	uint64_t cpu_ns;   /* of the threads that are left          */
	uint64_t switches; /* how often they were given a processor */
	unsigned threads;  /* that are left, zombies not counted    */
	unsigned sleeping; /* of these, in state S, or stopped       */
};

/* false: the process is gone. */
bool proc_sample_take(pid_t pid, struct proc_sample *sample);

/* One thread. */
struct proc_thread {
	char state;        /* 'R', 'S', 'D', 'T', 'Z', ...; 0: gone        */
	char name[16];     /* comm: whatever bytes the program gave        */
	long syscall;      /* it is in, by number; -1: none, or unreadable */
	bool is_unlimited; /* in a futex wait without a time limit         */
	bool is_readable;  /* the system call could be read                */
};

/* false: it is gone. */
bool proc_thread_read(pid_t pid, pid_t tid, struct proc_thread *thread);
/* "futex", "read", ... for calls that wait; NULL for any other. */
const char *proc_syscall_name(long number);

#endif
