/* A thread writes its creator's local variable. */
#include "turns.h"

static void *set(void *arg)
{
	turn_wait(1);
	*(char *)arg = 1;
	return NULL;
}

int main(void)
{
	char done = 0;
	pthread_t thread;

	pthread_create(&thread, NULL, set, &done);
	done = 2;
	turn_done();
	pthread_join(thread, NULL);
	return done == 3;
}
