/* A handler that changes errno. */
#include <errno.h>
#include <signal.h>

static void handler(int signal)
{
	errno = signal;
}

static void loop(void)
{
	raise(SIGUSR1);
}

int main(void)
{
	struct sigaction action = {.sa_handler = handler};

	sigaction(SIGUSR1, &action, NULL);
	loop();
}
