/*
 * Threads that the program under test made: an iteration is over when they
 * are, and a thread that nobody will join is reported by ThreadSanitizer only
 * at the end of the process, so such an iteration is the last of its batch.
 */
#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <sys/stat.h>
#include <unistd.h>

#include "internal.h"

enum { WAIT_STEP_US = 200, WAIT_STEPS = 5000 };

static unsigned created, settled; /* settled: joined or detached */
static unsigned own;              /* ours, and ThreadSanitizer's */
static bool is_ready;             /* the harness's threads all run */
static unsigned char is_counted;  /* 0: not yet, 1: being, 2: own is set */

/* From points.S, before the call goes on to ThreadSanitizer. */
void snag_note_create(pthread_t *thread, const pthread_attr_t *attr);
void snag_note_settled(void);

/* Each thread is a folder in /proc/self/task, and so a link to it. */
static unsigned count_threads(void)
{
	struct stat st;

	return stat("/proc/self/task", &st) ? 0 : (unsigned)st.st_nlink - 2;
}

/* Before the program's first thread: those that are there are not its.  Not
 * sooner, since most scenarios make no thread. */
static void count_own(void)
{
	unsigned char none = 0;

	if (__atomic_compare_exchange_n(&is_counted, &none, 1, false,
					__ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE)) {
		own = count_threads();
		__atomic_store_n(&is_counted, 2, __ATOMIC_RELEASE);
	}
	while (__atomic_load_n(&is_counted, __ATOMIC_ACQUIRE) != 2)
		sched_yield();
}

void snag_note_create(pthread_t *thread, const pthread_attr_t *attr)
{
	int state = PTHREAD_CREATE_JOINABLE;
	int saved = errno;

	(void)thread;
	if (is_ready)
		count_own();
	place_let_go();
	errno = saved;
	if (attr)
		pthread_attr_getdetachstate(attr, &state);
	__atomic_fetch_add(&created, 1, __ATOMIC_RELAXED);
	if (state == PTHREAD_CREATE_DETACHED)
		__atomic_fetch_add(&settled, 1, __ATOMIC_RELAXED);
}

void snag_note_settled(void)
{
	__atomic_fetch_add(&settled, 1, __ATOMIC_RELAXED);
}

void leak_begin(void)
{
	is_ready = true;
	created = settled = 0;
}

enum leak leak_end(void)
{
	if (!created)
		return LEAK_NONE;
	for (int i = 0; count_threads() > own; i++) {
		if (i == WAIT_STEPS)
			return LEAK_RUNNING;
		usleep(WAIT_STEP_US);
	}
	return settled < created ? LEAK_UNJOINED : LEAK_NONE;
}
