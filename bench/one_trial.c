/*
 * One trial as a shell loop would have it: a whole program that races once.
 * Two threads run the body of counter/lost_update, one unlocked increment
 * each.
 */
#include <pthread.h>
#include <stddef.h>

struct counter {
	unsigned value;
};

static struct counter counter;

__attribute__((noinline)) static void bump_unlocked(struct counter *c)
{
	c->value++;
}

static void *count_unlocked(void *state)
{
	bump_unlocked(state);
	return NULL;
}

int main(void)
{
	pthread_t threads[2];

	for (int i = 0; i < 2; i++)
		if (pthread_create(&threads[i], NULL, count_unlocked, &counter))
			return 3;
	for (int i = 0; i < 2; i++)
		pthread_join(threads[i], NULL);
	return 0;
}
