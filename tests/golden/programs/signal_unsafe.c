/* malloc and free within a handler that interrupts the program. */
#include <signal.h>
#include <stdlib.h>
#include <sys/time.h>

static volatile int done;

static void handler(int signal)
{
	(void)signal;
	free(malloc(10));
	done = 1;
}

int main(void)
{
	struct sigaction action = {.sa_handler = handler};
	struct itimerval soon = {.it_value = {.tv_usec = 1000}};

	sigaction(SIGPROF, &action, NULL);
	setitimer(ITIMER_PROF, &soon, NULL);
	while (!done)
		;
}
