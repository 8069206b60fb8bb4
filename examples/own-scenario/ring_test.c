/*
 * A test as one would write it without Snag: two threads, and a sum that must
 * come out right.  ThreadSanitizer ends it with a status of 66 if they race.
 */
#include "ring.h"

#include <pthread.h>
#include <sched.h>
#include <stdio.h>

enum { ITEMS = 10000 };

static struct ring ring;

static void *produce(void *unused)
{
	(void)unused;
	for (int i = 1; i <= ITEMS; i++)
		while (!ring_push(&ring, i))
			sched_yield();
	return NULL;
}

int main(void)
{
	pthread_t producer;
	long sum = 0;
	int value;

	pthread_create(&producer, NULL, produce, NULL);
	for (int i = 1; i <= ITEMS; i++) {
		while (!ring_pop(&ring, &value))
			sched_yield();
		sum += value;
	}
	pthread_join(producer, NULL);
	printf("sum %ld\n", sum);
	return sum == (long)ITEMS * (ITEMS + 1) / 2 ? 0 : 1;
}
