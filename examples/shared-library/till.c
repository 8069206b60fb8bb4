#include "till.h"

#include <pthread.h>
#include <stdlib.h>

struct till {
	pthread_mutex_t lock;
	long cents;
};

struct till *till_new(void)
{
	struct till *till = calloc(1, sizeof(*till));

	if (till)
		pthread_mutex_init(&till->lock, NULL);
	return till;
}

void till_free(struct till *till)
{
	pthread_mutex_destroy(&till->lock);
	free(till);
}

long till_put(struct till *till, long cents)
{
	long sum;

	pthread_mutex_lock(&till->lock);
	till->cents += cents;
	sum = till->cents;
	pthread_mutex_unlock(&till->lock);
	return sum;
}

/* The mistake: a reader needs the lock as much as a writer does. */
long till_sum(const struct till *till)
{
	return till->cents;
}
