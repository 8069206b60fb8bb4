/*
 * Two counters want to sell the last ticket.
 */
#include "tickets.h"

#include <pthread.h>
#include <stdio.h>

static void *sell(void *tickets)
{
	tickets_sell(tickets);
	return NULL;
}

int main(void)
{
	struct tickets *tickets = tickets_new(1);
	pthread_t counters[2];
	int left;

	if (!tickets)
		return 2;
	for (int i = 0; i < 2; i++)
		if (pthread_create(&counters[i], NULL, sell, tickets))
			return 2;
	for (int i = 0; i < 2; i++)
		pthread_join(counters[i], NULL);
	left = tickets_left(tickets);
	tickets_free(tickets);
	printf("%d tickets left\n", left);
	return left == 0 ? 0 : 1;
}
