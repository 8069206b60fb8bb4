/*
 * racy.c, repaired: the statistics are one atomic number.  Relaxed is enough,
 * since nothing else depends on when it changes.
 */
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>

enum { THREADS = 4, REQUESTS = 1000 };

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static long balance;
static struct {
	atomic_long requests;
} stats;

#ifdef NEW_RACE
static int last_customer;

static void remember(int customer)
{
	last_customer = customer;
}
#endif

static void count_request(void)
{
	atomic_fetch_add_explicit(&stats.requests, 1, memory_order_relaxed);
}

static void *serve(void *argument)
{
	int customer = *(const int *)argument;

	for (int i = 0; i < REQUESTS; i++) {
		pthread_mutex_lock(&lock);
		balance += customer;
		pthread_mutex_unlock(&lock);
		count_request();
#ifdef NEW_RACE
		remember(customer);
#endif
	}
	return NULL;
}

int main(void)
{
	pthread_t threads[THREADS];
	int customers[THREADS];

	for (int i = 0; i < THREADS; i++) {
		customers[i] = i + 1;
		pthread_create(&threads[i], NULL, serve, &customers[i]);
	}
	for (int i = 0; i < THREADS; i++)
		pthread_join(threads[i], NULL);
	printf("balance %ld, %ld of %d requests counted\n", balance,
	       atomic_load(&stats.requests), THREADS * REQUESTS);
#ifdef NEW_RACE
	printf("last: customer %d\n", last_customer);
#endif
	return 0;
}
