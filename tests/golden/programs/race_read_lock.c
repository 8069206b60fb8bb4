/* Written under a lock that is held for reading only. */
#include "turns.h"

static pthread_rwlock_t lock = PTHREAD_RWLOCK_INITIALIZER;
static long count;

static void *side(void *arg)
{
	turn_wait(1);
	pthread_rwlock_rdlock(&lock);
	count++;
	pthread_rwlock_unlock(&lock);
	return arg;
}

int main(void)
{
	pthread_t thread;

	pthread_create(&thread, NULL, side, NULL);
	pthread_rwlock_rdlock(&lock);
	count++;
	pthread_rwlock_unlock(&lock);
	turn_done();
	pthread_join(thread, NULL);
}
