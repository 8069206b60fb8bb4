/* Atomic in one thread, plain in the other; both orders. */
#include <stdatomic.h>

#include "turns.h"

static atomic_int a, b;

static void *go(void *arg)
{
	turn_wait(1);
	*(int *)&a = 1;
	atomic_store(&b, 2);
	return arg;
}

int main(void)
{
	pthread_t thread;

	pthread_create(&thread, NULL, go, NULL);
	atomic_fetch_add(&a, 1);
	int seen = *(int *)&b;
	turn_done();
	pthread_join(thread, NULL);
	return seen;
}
