/*
 * Four threads serve requests.  The balance has a lock; the statistics beside
 * it were thought not to need one, and lose requests: the known race.
 */
#include <pthread.h>
#include <stdio.h>

enum { THREADS = 4, REQUESTS = 1000 };

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static long balance;
static struct {
	long requests;
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
	stats.requests++; /* read, add, write: three steps, and no lock */
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
	       stats.requests, THREADS * REQUESTS);
#ifdef NEW_RACE
	printf("last: customer %d\n", last_customer);
#endif
	return 0;
}
