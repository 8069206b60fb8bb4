/*
 * Where the threads of a batch run when the host has a processor for each of
 * them: each on one of its own.  Left to itself the kernel likes to keep
 * threads that wake each other on one processor, and then their bodies run one
 * after another.
 *
 * What the program under test makes would inherit the place, so whoever makes
 * a thread or a process is let go first.
 */
#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "internal.h"

static cpu_set_t allowed;
static unsigned first;
static __thread bool is_placed;

bool place_init(unsigned first_processor)
{
	first = first_processor;
	if (sched_getaffinity(0, sizeof(allowed), &allowed))
		return false;
	return !pthread_atfork(place_let_go, NULL, NULL);
}

int place_thread(unsigned number)
{
	unsigned skipped = (first + number) % (unsigned)CPU_COUNT(&allowed);
	cpu_set_t one;
	int cpu = 0;

	while (!CPU_ISSET(cpu, &allowed) || skipped--)
		cpu++;
	CPU_ZERO(&one);
	CPU_SET(cpu, &one);
	is_placed = !syscall(SYS_sched_setaffinity, 0, sizeof(one), &one);
	return is_placed ? cpu : -1;
}

bool place_holds(void)
{
	return is_placed;
}

void place_let_go(void)
{
	int saved = errno;

	if (is_placed)
		syscall(SYS_sched_setaffinity, 0, sizeof(allowed), &allowed);
	is_placed = false;
	errno = saved;
}
