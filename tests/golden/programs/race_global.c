/* Two threads write one global. */
#include "turns.h"

int total;

static void *add(void *arg)
{
	turn_wait(1);
	total++;
	return arg;
}

int main(void)
{
	pthread_t thread;

	pthread_create(&thread, NULL, add, NULL);
	total++;
	turn_done();
	pthread_join(thread, NULL);
}
