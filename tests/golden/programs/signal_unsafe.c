/* malloc and free within a handler that interrupts the program. */
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

static void handler(int signal)
{
	(void)signal;
	void *volatile p = malloc(10);

	free(p);
}

int main(void)
{
	struct sigaction action = {.sa_handler = handler};

	sigaction(SIGPROF, &action, NULL);
	kill(getpid(), SIGPROF);
	usleep(200000);
}
