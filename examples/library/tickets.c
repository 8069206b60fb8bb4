#include "tickets.h"

#include <pthread.h>
#include <stdlib.h>

struct tickets {
	pthread_mutex_t lock;
	int left;
};

struct tickets *tickets_new(int count)
{
	struct tickets *tickets = malloc(sizeof(*tickets));

	if (!tickets)
		return NULL;
	pthread_mutex_init(&tickets->lock, NULL);
	tickets->left = count;
	return tickets;
}

void tickets_free(struct tickets *tickets)
{
	pthread_mutex_destroy(&tickets->lock);
	free(tickets);
}

int tickets_left(struct tickets *tickets)
{
	int left;

	pthread_mutex_lock(&tickets->lock);
	left = tickets->left;
	pthread_mutex_unlock(&tickets->lock);
	return left;
}

#ifdef FIXED
bool tickets_sell(struct tickets *tickets)
{
	bool is_sold;

	pthread_mutex_lock(&tickets->lock);
	is_sold = tickets->left > 0;
	if (is_sold)
		tickets->left--;
	pthread_mutex_unlock(&tickets->lock);
	return is_sold;
}
#else
/* The mistake: the lock is given away between the look and the sale. */
bool tickets_sell(struct tickets *tickets)
{
	if (tickets_left(tickets) == 0)
		return false;
	pthread_mutex_lock(&tickets->lock);
	tickets->left--;
	pthread_mutex_unlock(&tickets->lock);
	return true;
}
#endif
