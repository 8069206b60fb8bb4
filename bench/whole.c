/*
 * A whole program for explore, and its limit: main makes two threads that run
 * the body of increments.h, each on a counter of its own, and joins them.
 *
 * With SECONDS it is the limit itself: the same process forks, by the plain
 * system call, a child for each run of the same main, on real threads, and
 * waits for its end; nothing is written down.  Prints "N schedules" and
 * "S seconds" of processor time.
 *
 * usage: whole [SECONDS]
 */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "increments.h"
#include "spent.h"

static struct increments state;

static void *thread_main(void *counter)
{
	increments_body(counter);
	return NULL;
}

static int run(void)
{
	pthread_t threads[COUNTERS];

	for (int i = 0; i < COUNTERS; i++)
		if (pthread_create(&threads[i], NULL, thread_main,
				   (void *)(size_t)&state.counters[i]))
			return 3;
	for (int i = 0; i < COUNTERS; i++)
		pthread_join(threads[i], NULL);
	return 0;
}

static int run_in_forks(double seconds)
{
	double begin = spent_seconds(), took;
	unsigned long schedules = 0;

	do {
		int status;
		long pid = syscall(SYS_fork);

		if (!pid)
			exit(run());
		if (pid < 0 || waitpid((pid_t)pid, &status, 0) != pid || status)
			return 3;
		schedules++;
		took = spent_seconds() - begin;
	} while (took < seconds);
	printf("%lu schedules\n%.3f seconds\n", schedules, took);
	return 0;
}

int main(int argc, char **argv)
{
	return argc > 1 ? run_in_forks(atof(argv[1])) : run();
}
