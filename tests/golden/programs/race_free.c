/* A block is freed, another reallocated, while a thread still used them. */
#include <stdlib.h>

#include "turns.h"

static void *use(void *arg)
{
	long **blocks = arg;

	*blocks[0] = 1;
	*blocks[1] = 2;
	turn_done();
	return NULL;
}

int main(void)
{
	long *blocks[2] = {malloc(8), malloc(8)};
	pthread_t thread;

	pthread_create(&thread, NULL, use, blocks);
	turn_wait(1);
	free(blocks[0]);
	free(realloc(blocks[1], 4096));
	pthread_join(thread, NULL);
}
