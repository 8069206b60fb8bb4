/* A thread writes another's thread-local variable. */
#include "turns.h"

static __thread int mine;

static void *set(void *arg)
{
	turn_wait(1);
	*(int *)arg = 1;
	return NULL;
}

int main(void)
{
	pthread_t thread;

	pthread_create(&thread, NULL, set, &mine);
	mine = 2;
	turn_done();
	pthread_join(thread, NULL);
}
