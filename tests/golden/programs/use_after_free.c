/* A thread reads a block that another has freed. */
#include <stdlib.h>

#include "turns.h"

static void *use(void *arg)
{
	turn_wait(1);
	return (void *)*(long *)arg;
}

int main(void)
{
	long *p = malloc(sizeof(*p));
	pthread_t thread;

	*p = 0;
	pthread_create(&thread, NULL, use, p);
	free(p);
	turn_done();
	pthread_join(thread, NULL);
}
