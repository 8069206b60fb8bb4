/* Three mutexes in a ring, by three threads; with both stacks of an edge. */
#include "turns.h"

static pthread_mutex_t locks[3] = {PTHREAD_MUTEX_INITIALIZER,
				   PTHREAD_MUTEX_INITIALIZER,
				   PTHREAD_MUTEX_INITIALIZER};

const char *__tsan_default_options(void);
const char *__tsan_default_options(void)
{
	return "second_deadlock_stack=1";
}

static void *eat(void *arg)
{
	int i = (int)(long)arg;

	turn_wait(i);
	pthread_mutex_lock(&locks[i]);
	pthread_mutex_lock(&locks[(i + 1) % 3]);
	pthread_mutex_unlock(&locks[(i + 1) % 3]);
	pthread_mutex_unlock(&locks[i]);
	turn_done();
	return NULL;
}

int main(void)
{
	pthread_t threads[3];

	for (long i = 0; i < 3; i++)
		pthread_create(&threads[i], NULL, eat, (void *)i);
	for (int i = 0; i < 3; i++)
		pthread_join(threads[i], NULL);
}
