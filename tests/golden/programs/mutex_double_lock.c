/* A lock that ThreadSanitizer was told of is taken by two threads at once. */
#include <pthread.h>

void AnnotateRWLockAcquired(const char *file, int line, void *lock,
			    long is_write);

static long lock;

static void *take(void *arg)
{
	AnnotateRWLockAcquired(__FILE__, __LINE__, &lock, 1);
	return arg;
}

int main(void)
{
	pthread_t thread;

	take(NULL);
	pthread_create(&thread, NULL, take, NULL);
	pthread_join(thread, NULL);
}
