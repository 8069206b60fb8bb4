/*
 * One thread sells while another looks into the till.
 */
#include "till.h"

#include <pthread.h>
#include <stdio.h>

enum { SALES = 1000 };

static void *sell(void *till)
{
	for (int i = 0; i < SALES; i++)
		till_put(till, 250);
	return NULL;
}

static void *look(void *till)
{
	long most = 0;

	for (int i = 0; i < SALES; i++) {
		long sum = till_sum(till);

		most = sum > most ? sum : most;
	}
	printf("saw up to %ld cents\n", most);
	return NULL;
}

int main(void)
{
	struct till *till = till_new();
	pthread_t seller, owner;

	if (!till)
		return 1;
	pthread_create(&seller, NULL, sell, till);
	pthread_create(&owner, NULL, look, till);
	pthread_join(seller, NULL);
	pthread_join(owner, NULL);
	till_free(till);
	return 0;
}
