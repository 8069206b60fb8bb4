/* Named threads, one made by the other and ended before the race. */
#include "turns.h"

int data;
static pthread_t inner;

static void *first(void *arg)
{
	data = 1;
	turn_done();
	return arg;
}

static void *second(void *arg)
{
	pthread_create(&inner, NULL, first, NULL);
	pthread_setname_np(inner, "first 'half'");
	turn_wait(2);
	data = 2;
	return arg;
}

int main(void)
{
	pthread_t thread;

	pthread_create(&thread, NULL, second, NULL);
	pthread_setname_np(thread, "second");
	turn_wait(1);
	for (volatile int i = 0; i < 20000000; i++)
		;
	turn_done();
	pthread_join(thread, NULL);
	pthread_join(inner, NULL);
}
