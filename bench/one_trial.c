/*
 * One trial as a shell loop would have it: a whole program that races once.
 * Two threads run the body of counter/lost_update, one unlocked increment
 * each; with any argument, each of a counter of its own.
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

int main(int argc, char **argv)
{
	static struct counter own[2];
	pthread_t threads[2];

	(void)argv;
	for (int i = 0; i < 2; i++)
		if (pthread_create(&threads[i], NULL, count_unlocked,
				   argc > 1 ? &own[i] : &counter))
			return 3;
	for (int i = 0; i < 2; i++)
		pthread_join(threads[i], NULL);
	return 0;
}
