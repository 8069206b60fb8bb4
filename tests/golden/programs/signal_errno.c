/* A handler that changes errno. */
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <unistd.h>

static pthread_t main_thread;

static void handler(int signal, siginfo_t *info, void *context)
{
	(void)info;
	(void)context;
	errno = signal;
}

static void *send_signal(void *arg)
{
	usleep(50000); /* until the other sleeps */
	pthread_kill(main_thread, SIGPROF);
	return arg;
}

static void nap(void)
{
	usleep(500000);
}

int main(void)
{
	struct sigaction action = {.sa_sigaction = handler,
				   .sa_flags = SA_SIGINFO};
	pthread_t thread;

	main_thread = pthread_self();
	sigaction(SIGPROF, &action, NULL);
	pthread_create(&thread, NULL, send_signal, NULL);
	nap();
	pthread_join(thread, NULL);
}
