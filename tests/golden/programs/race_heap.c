/* A thread reads a heap block while its maker writes it; through inlining. */
#include <stdlib.h>

#include "turns.h"

struct item {
	long key, value;
};

static inline long value_of(const struct item *item)
{
	return item->value;
}

static void *read_it(void *arg)
{
	turn_wait(1);
	return (void *)value_of(arg);
}

int main(void)
{
	struct item *item = malloc(sizeof(*item));
	pthread_t thread;

	pthread_create(&thread, NULL, read_it, item);
	item->value = 7;
	turn_done();
	pthread_join(thread, NULL);
	free(item);
}
