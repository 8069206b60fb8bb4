/*
 * A race that the order of two critical sections hides: as long as the writer's
 * comes first, its write is before the reader's read.  The reader sleeps to
 * make it so, and ThreadSanitizer is silent.  The writer's own lock orders
 * nothing; it is where noise strikes.
 */
#include <pthread.h>
#include <stdatomic.h>
#include <unistd.h>

int data, count;
static pthread_mutex_t shared = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t private = PTHREAD_MUTEX_INITIALIZER;
static atomic_int ready;

static void meet(void)
{
	atomic_fetch_add_explicit(&ready, 1, memory_order_relaxed);
	while (atomic_load_explicit(&ready, memory_order_relaxed) < 2)
		;
}

static void *writer(void *result)
{
	meet();
	for (int i = 0; i < 48; i++) {
		pthread_mutex_lock(&private);
		pthread_mutex_unlock(&private);
	}
	data = 1;
	pthread_mutex_lock(&shared);
	count++;
	pthread_mutex_unlock(&shared);
	return result;
}

static void *reader(void *result)
{
	int seen;

	meet();
	usleep(4000);
	pthread_mutex_lock(&shared);
	seen = count;
	pthread_mutex_unlock(&shared);
	return data == seen ? result : &data;
}

int main(void)
{
	pthread_t threads[2];

	pthread_create(&threads[0], NULL, writer, NULL);
	pthread_create(&threads[1], NULL, reader, NULL);
	pthread_join(threads[0], NULL);
	pthread_join(threads[1], NULL);
	return 0;
}
