/*
 * Reports whose stacks show interceptors, locks and the making of threads: two
 * threads race while they hold a lock each, and one unlocks what is not locked.
 */
#include <pthread.h>
#include <stdlib.h>

static pthread_mutex_t locks[2] = {PTHREAD_MUTEX_INITIALIZER,
				   PTHREAD_MUTEX_INITIALIZER};
static pthread_mutex_t free_one = PTHREAD_MUTEX_INITIALIZER;
static int *shared;

static void touch(pthread_mutex_t *lock)
{
	pthread_mutex_lock(lock);
	++*shared;
	pthread_mutex_unlock(lock);
}

static void *work(void *lock)
{
	for (int i = 0; i < 10; i++)
		touch(lock);
	return NULL;
}

int main(void)
{
	pthread_t threads[2];

	shared = calloc(1, sizeof(*shared));
	for (int i = 0; i < 2; i++)
		pthread_create(&threads[i], NULL, work, &locks[i]);
	for (int i = 0; i < 2; i++)
		pthread_join(threads[i], NULL);
	pthread_mutex_unlock(&free_one);
	free(shared);
	return 0;
}
