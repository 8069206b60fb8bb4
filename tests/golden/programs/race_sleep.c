/* Ordered by sleeping only. */
#include <unistd.h>

#include "turns.h"

static int ready;

static void nap(void)
{
	usleep(20000);
}

static void *wait(void *arg)
{
	nap();
	return ready ? arg : NULL;
}

int main(void)
{
	pthread_t thread;

	pthread_create(&thread, NULL, wait, NULL);
	ready = 1;
	pthread_join(thread, NULL);
}
